// What records keep of people: enough to talk the same conversation again, not who they are.
//
// Promise   The person of the conversation becomes a pseudonym made of the conversation's number alone, so it is the
//           same in every record of it and cannot be turned back. In any text, wherever it stands:
//           - the person's number (also its end of 7 digits or more) -> its first two digits, zeros, the conversation;
//             the business-scoped id likewise; the profile name, and each of its words of 3 letters or more -> PersonN
//           - other runs of 7 digits or more, with single spaces or hyphens inside: all but the first digit -> 0,
//             but for dates and for times within 400 days of the turn
//           - e-mail addresses -> someone@example.com; message ids (wamid.…) -> a hash of theirs
//           - the secrets that it was given -> [secret]
//           In JSON also numbers of 7 digits or more, places to one decimal (11 km), and the names in shared contacts.
//           Redacting twice gives the same as once. Nothing else is recognised: a street or another person's name in
//           free text stays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"

namespace parley {

struct RecordedPerson {
    std::string wa_id, user_id, name;  // each may be empty
    std::string parent_user_id = {};   // becomes the same as user_id
};

class Redactor {
  public:
    using Json = nlohmann::ordered_json;

    // Secrets shorter than 6 characters are ignored. `about`: the time of the turn.
    Redactor(RecordedPerson person, std::int64_t conversation, WallTime about,
             std::vector<std::string> secrets = {});

    const RecordedPerson& pseudonym() const noexcept { return pseudonym_; }

    std::string text(std::string_view plain) const;
    Json json(const Json& plain) const;
    // JSON text stays JSON text; what does not parse is redacted as text.
    std::string document(std::string_view plain) const;
    // Also the values of query parameters that are named like a key.
    std::string url(std::string_view plain) const;

  private:
    struct Token {
        std::string from, to;
        bool is_word = false;  // counts as a whole word only, in either case
    };
    struct Match {
        std::size_t size = 0;  // 0: none
        std::string to;
    };
    void add_tokens(const std::vector<std::string>& secrets);
    Match token_at(std::string_view text, std::size_t at) const;
    Match digits_at(std::string_view text, std::size_t at) const;
    std::string masked(std::string_view run, const std::string& digits) const;
    bool is_time(std::string_view digits) const;
    Json number(const Json& plain) const;

    const RecordedPerson person_;
    RecordedPerson pseudonym_;
    const std::int64_t about_ms_;
    std::vector<Token> tokens_;
};

}  // namespace parley

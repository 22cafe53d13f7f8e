// The wording: one text an intent (and aspect) and language, quick replies, and how facts are put into texts.
//
// A text is made of lines. A line may begin with conditions, all of which must hold: [key], [!key],
// [key=true], [!key=true]; inside a line, [key|words] is kept only when the fact exists. {key} stands for a
// fact. A line that names a missing fact is left out, and MISSING is said once instead.
//
// Promise   A loaded content has every reply in every language, names only conditions it can read, and
//           renders without a placeholder left.
// Threads   Const objects are shared freely.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replies/facts.hpp"
#include "understanding/labels.hpp"

namespace edge {

class Content {
  public:
    // The four files, by name: english.yaml, hindi.yaml, hinglish.yaml, next.yaml.
    using Files = std::map<std::string, std::string, std::less<>>;

    static constexpr std::array<std::string_view, 4> file_names{"english.yaml", "hindi.yaml", "hinglish.yaml",
                                                                "next.yaml"};

    // `origin` is put before file names in errors. All mistakes are in `error`, a line each.
    static std::optional<Content> parse(const Files& files, const std::string& origin, std::string& error);

    // The names in the texts that are no fact, a line each with file and key; empty when all are.
    std::string unknown_facts(const Facts& facts) const;

    bool has(Language language, std::string_view key) const;

    // The text of `key` with facts and the person's name; a missing fact is noted in `missing`.
    std::string render(Language language, std::string_view key, const Facts& facts, std::string_view name,
                       bool& missing) const;

    // The quick replies after an answer to `intent`.
    const std::vector<Intent>& next(Intent intent) const { return next_[index_of(intent)]; }

    // What stands on the button of an intent.
    std::string title(Language language, Intent intent) const;

    // The intent whose button carries exactly this title, with the languages in which it does.
    struct Tap {
        Intent intent = Intent::unclear;
        std::array<bool, language_count> languages{};
    };
    std::optional<Tap> tapped(std::string_view title) const;

    // All keys of a language, for checks.
    std::vector<std::string> keys(Language language) const;

  private:
    std::array<std::map<std::string, std::string, std::less<>>, language_count> texts_;
    std::array<std::vector<Intent>, intent_count> next_;
};

}  // namespace edge

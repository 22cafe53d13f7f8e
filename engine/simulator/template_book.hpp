// The message templates of the pretended business accounts.
//
// Threads   None of its own; the caller serialises.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "simulator/field_check.hpp"
#include "simulator/graph_call.hpp"

namespace parley::sim {

class TemplateBook {
  public:
    static constexpr std::size_t max_templates = 250;  // of one account

    // GET, POST and DELETE /{waba_id}/message_templates. A new one is PENDING until `review` has passed.
    GraphReply answer(const GraphCall& call, WallTime now, Millis review);

    // Why a message of type template cannot be sent. An account that never had a template takes any.
    Complaint check(const std::string& waba_id, const Json& body, WallTime now) const;

    void clear();

  private:
    struct Entry {
        std::uint64_t id = 0;
        std::string waba_id;
        Json content;  // name, language, category, components …
        WallTime approved{};
    };
    GraphReply list(const GraphCall& call, WallTime now) const;
    GraphReply create(const GraphCall& call, WallTime approved);
    GraphReply remove(const GraphCall& call);

    std::vector<Entry> entries_;      // by id
    std::set<std::string> accounts_;  // that ever had a template
    std::uint64_t last_id_ = 700'000'000'000'000;
};

}  // namespace parley::sim

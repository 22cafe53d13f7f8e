// What the calls about conversations and messages need of a running engine; the wiring fills it.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/account_registry.hpp"
#include "core/message_history.hpp"
#include "core/person_eraser.hpp"
#include "core/refused_posts.hpp"

namespace parley {

// What is known of an error of Graph.
struct ErrorMeaning {
    std::string meaning;  // of the code, for people; empty: not known
    std::string remedy;   // what a person can do; empty: nothing
};

// What a person's erasure took out of the engine.
struct ErasedPerson {
    Erased stored;
    std::uint64_t records = 0;        // turns of records for `parley replay`
    std::uint64_t keys = 0;           // of parley.kv/1
    std::size_t refused = 0;          // webhooks that were turned away and named them
    std::vector<std::string> naming;  // keys that are not theirs, and whose values name them: those stay
};

struct HistoryView {
    const Clock& clock;
    const AccountRegistry& accounts;
    MessageHistory& history;
    const RefusedPosts& refused;
    // Takes out what a person said and was told; blocks. conflict: something of theirs is not over.
    std::function<Result<ErasedPerson>(const ConversationRow& person)> erase;
    std::function<Result<WebhookItem>(const ItemRow& item)> read_item;  // its raw JSON
    std::function<std::string(const std::string& payload)> text_of;     // of an outbound message, for people
    std::function<ErrorMeaning(std::int32_t code)> explain;
    std::function<std::string(const PhoneNumberId& channel)>
        trouble_of;  // why nothing is sent now; empty: it is
};

}  // namespace parley

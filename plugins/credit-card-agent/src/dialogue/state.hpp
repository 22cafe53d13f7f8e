// What a conversation remembers: labels only, never a word or a number of the user.
//
// Promise   from_json() accepts anything: what it cannot read is as if it had never been said. Fields of
//           later versions are ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "understanding/labels.hpp"

namespace edge {

// How far on the way to a card; a conversation keeps the furthest.
enum class Stage { opened, exploring, considering, link_sent, applied };

std::string_view name_of(Stage stage);

enum class Offer { none, apply, human, block, overview };

struct ConversationState {
    std::optional<Language> language;  // of the user's last message that had one
    std::optional<Intent> topic;       // the last question or incident
    std::string aspect;                // of the topic: "emi", "late" …
    Offer offer = Offer::none;
    int unclear = 0;  // in a row
    bool opted_out = false;
    Stage stage = Stage::opened;
    int turns = 0;
    bool reminded = false;  // once in a conversation is enough

    static ConversationState from_json(std::string_view json);
    std::string to_json() const;
};

}  // namespace edge

// Port: takes out of the store what a person said and was told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/ids.hpp"

namespace parley {

// What was erased, or has been so far.
struct Erased {
    std::uint64_t items = 0;     // messages, statuses and events that came, with their turns
    std::uint64_t messages = 0;  // that left
    std::uint64_t letters = 0;   // dead ones
    std::uint64_t followups = 0;
    std::vector<std::string> media;  // hashes of the files that the items name, 64 hexadecimal digits
    bool is_done = false;            // else ask again for the rest
};

class PersonEraser {
  public:
    virtual ~PersonEraser() = default;

    // Erases up to `limit` rows of a conversation, of those merged into it too, the newest first; with the last of them
    // its document, its follow-ups and the names that point to it. Only hashes of message ids stay, against repeated
    // deliveries. conflict: a turn or a send of theirs is not over. The completion runs on the store's writer thread.
    virtual void erase_some(ConversationId conversation, std::size_t limit,
                            Completion<Result<Erased>> done) = 0;
};

}  // namespace parley

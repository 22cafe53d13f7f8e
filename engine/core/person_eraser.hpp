// Port: takes out of the store what a person said and was told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/ids.hpp"
#include "core/person_names.hpp"

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

// What agents keep by parley.kv/1 in one deployment.
struct KeyErasure {
    DeploymentId deployment;
    PersonNames person;
    std::string after;  // `next` of the slice before
};

struct ErasedKeys {
    std::uint64_t erased = 0;         // keys that belonged to the person
    std::vector<std::string> naming;  // keys of others whose values name the person; they stay
    std::string next;
    bool is_done = false;  // else ask again, after `next`
};

class PersonEraser {
  public:
    virtual ~PersonEraser() = default;

    // What else the person of a conversation is found by. conflict: a turn or a send of theirs is not over.
    virtual void find_names(ConversationId conversation, Completion<Result<PersonNames>> done) = 0;

    // Erases a slice of the keys that belong to the person (see is_key_of), and tells which of the others name them in their
    // values: those may hold what is others', too.
    virtual void erase_keys(KeyErasure call, Completion<Result<ErasedKeys>> done) = 0;

    // Erases up to `limit` rows of a conversation, of those merged into it too, the newest first; with the last of them
    // its document, its follow-ups and the names that point to it. Only hashes of message ids stay, against repeated
    // deliveries. conflict: a turn or a send of theirs is not over. The completion runs on the store's writer thread.
    virtual void erase_some(ConversationId conversation, std::size_t limit,
                            Completion<Result<Erased>> done) = 0;
};

}  // namespace parley

// Port: what the agents of a deployment keep under keys of their own, in the store of the engine.
//
// Promise   As MessageStore: what a completion has reported as done survives a crash; what one call did is seen by every
//           later call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/ids.hpp"

namespace parley {

struct KeyValueCall {
    enum class Kind { get, put, remove, list };
    Kind kind = Kind::get;
    DeploymentId deployment;
    std::string key;    // of list: what the keys begin with
    std::string value;  // of put
    std::string after;  // of list: the keys after this one
    std::optional<std::uint64_t>
        expected;           // of put and remove: only if the key has this version; 0: only if it is not there
    std::size_t limit = 0;  // of list: at most so many keys
};

struct KeyValueAnswer {
    bool is_done = true;        // of put and remove: false, because the key has another version
    std::uint64_t version = 0;  // that the key has now; 0: it is not there
    std::string value;          // of get; of put and remove what is there when nothing was done
    std::vector<std::string> keys;
    bool has_more = false;
};

// Of one deployment. A version number never comes twice.
struct KeyValueLimits {
    std::uint64_t keys = 10'000;
    std::uint64_t bytes = 64U << 20;  // of keys and values
};

class KeyValueStore {
  public:
    virtual ~KeyValueStore() = default;
    // Any thread; returns at once, `done` runs on the store's own thread and must not block. busy: too much waits for
    // the disk. invalid_input: the deployment's bounds are reached. unavailable: the disk refuses.
    virtual void key_value(KeyValueCall call, Completion<Result<KeyValueAnswer>> done) = 0;
};

}  // namespace parley

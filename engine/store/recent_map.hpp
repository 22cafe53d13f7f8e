// A bounded memory of recent pairs in front of a table: a new pair simply takes the place of an older one
// whose key falls into the same slot. A miss means "ask the table", so forgetting is always right.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

template <class Value>
class RecentMap {
  public:
    explicit RecentMap(std::size_t slots) : slots_(slots) {}

    const Value* find(std::string_view key) const {
        const Slot& slot = slots_[index(key)];
        return slot.used && slot.key == key ? &slot.value : nullptr;
    }
    void put(std::string_view key, Value value) {
        Slot& slot = slots_[index(key)];
        slot.used = true;
        slot.key.assign(key);
        slot.value = std::move(value);
    }
    void clear() {
        for (Slot& slot : slots_) slot = {};
    }

  private:
    struct Slot {
        bool used = false;
        std::string key;
        Value value{};
    };
    std::size_t index(std::string_view key) const {
        return std::hash<std::string_view>{}(key) % slots_.size();
    }

    std::vector<Slot> slots_;
};

}  // namespace parley

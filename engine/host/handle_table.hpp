// Numbers that name a slot once: each has a generation, so a number whose slot was freed stays unknown, also
// after the slot is used again. 40 bits of generation and 24 of index; at 20,000 uses a second a slot needs
// 20 months to wrap.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace parley {

// Not thread-safe. Handles are never 0.
template <class T>
class HandleTable {
  public:
    static constexpr std::size_t capacity = 1U << 24;

    // 0 when `capacity` slots are in use.
    std::uint64_t insert(T value) {
        if (free_.empty()) {
            if (slots_.size() == capacity) return 0;
            slots_.emplace_back();
            free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
        }
        const std::uint32_t index = free_.back();
        free_.pop_back();
        slots_[index].value.emplace(std::move(value));
        ++used_;
        return slots_[index].generation << index_bits | index;
    }

    // Null when the handle is stale or was never given. Valid until the next insert.
    T* find(std::uint64_t handle) {
        const std::uint64_t index = handle & (capacity - 1);
        if (index >= slots_.size() || slots_[index].generation != handle >> index_bits) return nullptr;
        return slots_[index].value ? &*slots_[index].value : nullptr;
    }

    std::optional<T> take(std::uint64_t handle) {
        T* value = find(handle);
        if (value == nullptr) return std::nullopt;
        Slot& slot = slots_[handle & (capacity - 1)];
        std::optional<T> taken(std::move(*value));
        slot.value.reset();
        slot.generation = slot.generation + 1 < generations ? slot.generation + 1 : 1;
        free_.push_back(static_cast<std::uint32_t>(handle & (capacity - 1)));
        --used_;
        return taken;
    }

    // Calls visit(handle, value) for each slot in use.
    template <class F>
    void for_each(F&& visit) {
        for (std::size_t i = 0; i < slots_.size(); ++i)
            if (slots_[i].value) visit(slots_[i].generation << index_bits | i, *slots_[i].value);
    }

    std::size_t size() const noexcept { return used_; }

  private:
    static constexpr unsigned index_bits = 24;
    static constexpr std::uint64_t generations = 1ULL << 40;

    struct Slot {
        std::uint64_t generation = 1;
        std::optional<T> value;
    };

    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::size_t used_ = 0;
};

}  // namespace parley

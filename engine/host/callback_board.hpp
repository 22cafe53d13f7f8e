// Memory that the engine and one worker share: which turns the agent's callbacks are working on right now, so that
// the engine knows whose turn a worker died in, or is stuck in.
//
// The worker writes, the engine reads numbers and believes none: a handle it does not know means nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "host/frame_socket.hpp"

namespace parley {

class CallbackBoard {
  public:
    static constexpr std::size_t slots = 128;        // threads that call the agent at once
    static constexpr std::uint64_t no_turn = ~0ULL;  // a callback that belongs to no turn
    static constexpr std::size_t no_slot = slots;    // they are all taken: that callback goes unseen

    struct Running {
        std::size_t slot = 0;
        std::uint64_t turn = 0;   // or no_turn
        std::uint64_t count = 0;  // callbacks begun in this slot
        bool has_crashed = false;
    };

    static Result<CallbackBoard> create();                // engine
    static Result<CallbackBoard> attach(OwnedFd memory);  // worker
    CallbackBoard(CallbackBoard&& other) noexcept
        : memory_(std::move(other.memory_)), shared_(std::exchange(other.shared_, nullptr)) {}
    CallbackBoard& operator=(CallbackBoard&&) = delete;
    ~CallbackBoard();

    const OwnedFd& memory() const noexcept { return memory_; }

    std::size_t enter(std::uint64_t turn) noexcept;  // the slot
    void leave(std::size_t slot) noexcept;
    void note_crash(std::size_t slot) noexcept;  // async-signal-safe

    std::vector<Running> running() const;

  private:
    struct Slot {
        std::atomic<std::uint64_t> turn;  // 0: free
        std::atomic<std::uint64_t> count;
        std::atomic<std::uint64_t> has_crashed;
    };
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

    CallbackBoard(OwnedFd memory, Slot* shared) : memory_(std::move(memory)), shared_(shared) {}
    static Result<CallbackBoard> map(OwnedFd memory);

    OwnedFd memory_;
    Slot* shared_ = nullptr;
};

}  // namespace parley

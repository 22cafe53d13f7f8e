// The turns one agent instance holds, behind the numbers it knows them by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/turn.hpp"
#include "host/handle_table.hpp"

namespace parley {

// Thread-safe.
class TurnTable {
  public:
    using Handle = std::uint64_t;
    enum class State {
        open,
        revoked,  // taken away, and the agent has not been told yet: using it is no mistake of the agent
        unknown,  // finished, cancelled, or never given
    };
    struct Found {
        State state = State::unknown;
        TurnPtr turn;          // open only
        std::size_t lane = 0;  // open only
    };
    struct Revoked {
        Handle handle = 0;
        std::size_t lane = 0;
    };
    struct Closed {
        TurnPtr turn;
        bool was_delivered = false;
    };

    Handle open(TurnPtr turn, std::size_t lane);  // 0: 16 million turns are open
    TurnPtr deliver(Handle handle);  // the agent is about to see it; null when it was taken away already
    Found find(Handle handle);
    Found finish(Handle handle);                      // find, and close it when it is open
    std::optional<Revoked> revoke(const Turn* turn);  // none when the agent had finished it
    std::vector<Revoked> revoke_all();
    Closed close(Handle handle);  // the agent has been told
    std::size_t size() const;     // open and revoked ones

  private:
    struct Entry {
        TurnPtr turn;
        std::size_t lane = 0;
        bool is_delivered = false;
        bool is_revoked = false;
    };
    static Found describe(const Entry* entry);

    mutable std::mutex mutex_;
    HandleTable<Entry> entries_;
};

}  // namespace parley

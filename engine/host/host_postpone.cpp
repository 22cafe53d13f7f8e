#include "host/host_postpone.hpp"

#include "host/host_services.hpp"

namespace parley {
namespace {

parley_status postpone(void* ctx, parley_turn turn, std::uint32_t ms) {
    try {
        parley_status status = PARLEY_STALE;
        const TurnPtr open = static_cast<HostServices*>(ctx)->open_turn(turn, status);
        if (!open) return status;
        switch (open->postpone(Millis{ms})) {
            case Staged::ok:
                return PARLEY_OK;
            case Staged::stale:
                return PARLEY_STALE;
            default:
                return PARLEY_LIMIT;
        }
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

const parley_postpone host_postpone_table{sizeof(parley_postpone), postpone};

}  // namespace parley

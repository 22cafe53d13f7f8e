#include "host/host_timer.hpp"

#include <new>

#include "host/host_services.hpp"

namespace parley {
namespace {

parley_status start_timer(HostServices& host, parley_turn turn, std::uint32_t ms, parley_op* op) {
    if (op == nullptr) return PARLEY_INVALID;
    parley_status status = PARLEY_STALE;
    OperationOwner owner;
    const TurnPtr open = host.open_turn(turn, status, &owner);
    if (!open) return status;
    if (!open->is_open()) return PARLEY_STALE;

    const std::shared_ptr<Operations> operations = host.operations();
    const parley_op id = operations->open(owner);
    if (id == 0) return PARLEY_LIMIT;
    *op = id;
    TimerQueue& timers = host.ports().timers;
    const auto due = host.ports().clock.mono() + Millis{ms};
    const auto timer = timers.add(due, [weak = std::weak_ptr(operations), id] {
        if (const auto alive = weak.lock()) alive->complete(id, {});
    });
    operations->set_abort(id, [&timers, timer] { timers.cancel(timer); });

    // The turn may have ended between the look at it and the operation's registration.
    if (host.turns().find(turn).state != TurnTable::State::open && host.withdraw(id)) {
        timers.cancel(timer);
        return PARLEY_STALE;
    }
    return PARLEY_OK;
}

parley_status start(void* ctx, parley_turn turn, std::uint32_t ms, parley_op* op) {
    try {
        return start_timer(*static_cast<HostServices*>(ctx), turn, ms, op);
    } catch (...) {
        return PARLEY_INTERNAL;
    }
}

}  // namespace

const parley_timer host_timer_table{sizeof(parley_timer), start, cancel_operation};

}  // namespace parley

#include "host/operations.hpp"

namespace parley {

parley_op Operations::open(const OperationOwner& owner) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= limit_) return 0;
    return entries_.insert(Entry{owner, false, nullptr});
}

void Operations::set_abort(parley_op op, UniqueFunction<void()> abort) {
    {
        const std::lock_guard lock(mutex_);
        Entry* entry = entries_.find(op);
        if (entry != nullptr && !entry->is_decided) {
            entry->abort = std::move(abort);
            return;
        }
    }
    abort();
}

bool Operations::complete(parley_op op, OperationResult result) {
    OperationOwner owner;
    UniqueFunction<void()> unused;
    {
        const std::lock_guard lock(mutex_);
        Entry* entry = entries_.find(op);
        if (entry == nullptr || entry->is_decided) return false;
        entry->is_decided = true;
        unused = std::move(entry->abort);
        owner = entry->owner;
    }
    deliver_(op, owner, std::move(result));
    return true;
}

bool Operations::withdraw(parley_op op) {
    const std::lock_guard lock(mutex_);
    Entry* entry = entries_.find(op);
    if (entry == nullptr || entry->is_decided) return false;
    entries_.take(op);
    return true;
}

void Operations::cancel_pending(parley_op op, OperationOwner owner, UniqueFunction<void()> abort) {
    if (abort) abort();
    deliver_(op, owner, {PARLEY_CANCELLED, 0, {}, "cancelled"});
}

parley_status Operations::cancel(parley_op op) {
    OperationOwner owner;
    UniqueFunction<void()> abort;
    {
        const std::lock_guard lock(mutex_);
        Entry* entry = entries_.find(op);
        if (entry == nullptr) return PARLEY_STALE;
        if (entry->is_decided) return PARLEY_OK;
        entry->is_decided = true;
        abort = std::move(entry->abort);
        owner = entry->owner;
    }
    cancel_pending(op, owner, std::move(abort));
    return PARLEY_OK;
}

void Operations::cancel_turn(parley_turn turn) {
    struct Pending {
        parley_op op;
        OperationOwner owner;
        UniqueFunction<void()> abort;
    };
    std::vector<Pending> pending;
    {
        const std::lock_guard lock(mutex_);
        if (entries_.size() == 0) return;
        entries_.for_each([&](parley_op op, Entry& entry) {
            if (entry.owner.turn != turn || entry.is_decided) return;
            entry.is_decided = true;
            pending.push_back({op, entry.owner, std::move(entry.abort)});
        });
    }
    for (Pending& each : pending) cancel_pending(each.op, each.owner, std::move(each.abort));
}

void Operations::closed(parley_op op) {
    const std::lock_guard lock(mutex_);
    entries_.take(op);
}

std::size_t Operations::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

}  // namespace parley

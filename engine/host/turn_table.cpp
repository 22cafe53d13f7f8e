#include "host/turn_table.hpp"

namespace parley {

TurnTable::Found TurnTable::describe(const Entry* entry) {
    if (entry == nullptr) return {};
    if (entry->is_revoked) return {State::revoked, nullptr, 0};
    return {State::open, entry->turn, entry->lane};
}

TurnTable::Handle TurnTable::open(TurnPtr turn, std::size_t lane) {
    const std::lock_guard lock(mutex_);
    return entries_.insert({std::move(turn), lane});
}

TurnPtr TurnTable::deliver(Handle handle) {
    const std::lock_guard lock(mutex_);
    Entry* entry = entries_.find(handle);
    if (entry == nullptr || entry->is_revoked) return nullptr;
    entry->is_delivered = true;
    return entry->turn;
}

TurnTable::Found TurnTable::find(Handle handle) {
    const std::lock_guard lock(mutex_);
    return describe(entries_.find(handle));
}

TurnTable::Found TurnTable::finish(Handle handle) {
    const std::lock_guard lock(mutex_);
    Found found = describe(entries_.find(handle));
    if (found.state == State::open) entries_.take(handle);
    return found;
}

std::optional<TurnTable::Revoked> TurnTable::revoke(const Turn* turn) {
    std::optional<Revoked> revoked;
    const std::lock_guard lock(mutex_);
    entries_.for_each([&](Handle handle, Entry& entry) {
        if (entry.turn.get() != turn || entry.is_revoked) return;
        entry.is_revoked = true;
        revoked = Revoked{handle, entry.lane};
    });
    return revoked;
}

std::vector<TurnTable::Revoked> TurnTable::revoke_all() {
    std::vector<Revoked> revoked;
    const std::lock_guard lock(mutex_);
    entries_.for_each([&](Handle handle, Entry& entry) {
        if (!std::exchange(entry.is_revoked, true)) revoked.push_back({handle, entry.lane});
    });
    return revoked;
}

TurnTable::Closed TurnTable::close(Handle handle) {
    const std::lock_guard lock(mutex_);
    auto entry = entries_.take(handle);
    if (!entry) return {};
    return {std::move(entry->turn), entry->is_delivered};
}

std::size_t TurnTable::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

}  // namespace parley

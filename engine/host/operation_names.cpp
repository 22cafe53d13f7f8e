#include "host/operation_names.hpp"

namespace parley {

void OperationNames::begin_call() {
    const std::lock_guard lock(mutex_);
    is_calling_ = true;
}

std::optional<OperationResult> OperationNames::end_call(parley_op op, parley_turn turn, parley_op workers) {
    std::optional<OperationResult> result;
    const std::lock_guard lock(mutex_);
    is_calling_ = false;
    if (const auto early = early_.find(op); early != early_.end())
        result = std::move(early->second);
    else if (op != 0)
        named_[op] = {workers, turn};
    early_.clear();
    return result;
}

std::optional<parley_op> OperationNames::completed(parley_op op, const OperationResult& result) {
    const std::lock_guard lock(mutex_);
    const auto found = named_.find(op);
    if (found == named_.end()) {
        if (is_calling_) early_[op] = result;
        return std::nullopt;
    }
    const parley_op workers = found->second.workers;
    named_.erase(found);
    return workers;
}

parley_op OperationNames::of(parley_op workers) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [op, named] : named_)
        if (named.workers == workers) return op;
    return 0;
}

void OperationNames::drop_turn(parley_turn turn) {
    const std::lock_guard lock(mutex_);
    std::erase_if(named_, [&](const auto& entry) { return entry.second.turn == turn; });
}

void OperationNames::clear() {
    const std::lock_guard lock(mutex_);
    named_.clear();
}

}  // namespace parley

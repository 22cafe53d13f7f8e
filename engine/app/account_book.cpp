#include "app/account_book.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace parley {

Result<std::size_t> AccountBook::seal_again() {
    auto all = store_.accounts();
    if (!all) return all.error();
    std::size_t changed = 0;
    for (StoredAccount& account : *all) {
        bool is_current = true;
        for (auto& [field, envelope] : account.sealed) {
            if (keys_.is_current(envelope)) continue;
            const auto text = open(account, field);
            if (!text) continue;
            envelope = keys_.seal(text->reveal(), sealing_place(account.id, field), random_);
            is_current = false;
        }
        if (is_current) continue;
        if (auto stored = store_.put_account(std::move(account)); !stored) return stored.error();
        ++changed;
    }
    return changed;
}

Result<> AccountBook::add_to(Config& config) {
    const auto all = store_.accounts();
    if (!all) return all.error();
    const auto problems = add_accounts(config, *all, keys_);
    if (!problems) return problems.error();
    for (const AccountProblem& one : *problems) {
        log_error("account set aside", {{"account", one.id.str()}, {"reason", one.why}});
        set_problem(one.id, one.why);
    }
    return {};
}

AccountResult<StoredAccount> AccountBook::row(const DeploymentId& id) {
    auto all = store_.accounts();
    if (!all) return AccountFailure(all.error());
    for (StoredAccount& one : *all)
        if (one.id == id) return std::move(one);
    return AccountFailure(Errc::not_found, "there is no account " + id.str());
}

AccountResult<StoredAccount> AccountBook::put(StoredAccount account) {
    account.changed_at = clock_.wall();
    if (account.version == 0) account.created_at = account.changed_at;
    auto stored = store_.put_account(std::move(account));
    if (!stored) return AccountFailure(stored.error());
    return std::move(*stored);
}

Result<> AccountBook::remove(const DeploymentId& id) {
    set_problem(id, {});
    return store_.remove_account(id);
}

void AccountBook::seal(StoredAccount& account, std::string_view field, const Secret& text) {
    account.sealed.erase(std::string(field));
    if (!text.empty())
        account.sealed.emplace(field, keys_.seal(text.reveal(), sealing_place(account.id, field), random_));
}

void AccountBook::set_problem(const DeploymentId& id, std::string why) {
    const std::lock_guard lock(mutex_);
    if (why.empty())
        problems_.erase(id);
    else
        problems_.insert_or_assign(id, std::move(why));
}

AccountView AccountBook::view(const StoredAccount& account) const {
    AccountView view;
    view.id = account.id;
    view.state = account.state;
    view.channel = account.channel;
    view.waba_id = account.waba_id;
    view.agent = account.agent;
    view.details_json = account.details_json;
    view.created_at = account.created_at;
    view.changed_at = account.changed_at;
    view.version = account.version;
    const std::lock_guard lock(mutex_);
    const auto problem = problems_.find(account.id);
    if (problem != problems_.end()) view.problem = problem->second;
    return view;
}

}  // namespace parley

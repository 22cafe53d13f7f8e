#include "store/account_table.hpp"

namespace parley {

Result<> AccountTable::open(sqlite::Database& db) {
    if (!db.prepare(all_,
                    "SELECT id, version, state, channel, waba_id, agent, details, created_at, changed_at"
                    " FROM account ORDER BY id") ||
        !db.prepare(secrets_, "SELECT field, envelope FROM account_secret WHERE account=?1") ||
        !db.prepare(version_, "SELECT version FROM account WHERE id=?1") ||
        !db.prepare(owner_, "SELECT id FROM account WHERE channel=?1 AND id<>?2") ||
        !db.prepare(put_,
                    "INSERT INTO account VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT DO UPDATE SET"
                    " version=?2, state=?3, channel=?4, waba_id=?5, agent=?6, details=?7, changed_at=?9") ||
        !db.prepare(remove_, "DELETE FROM account WHERE id=?1") ||
        !db.prepare(put_secret_, "INSERT INTO account_secret VALUES (?1,?2,?3)") ||
        !db.prepare(remove_secrets_, "DELETE FROM account_secret WHERE account=?1") ||
        !db.prepare(calls_,
                    "SELECT at FROM account_call WHERE number=?1 AND kind=?2 AND at>?3 ORDER BY at") ||
        !db.prepare(add_call_, "INSERT INTO account_call VALUES (?1,?2,?3)") ||
        !db.prepare(drop_calls_, "DELETE FROM account_call WHERE number=?1 AND kind=?2 AND at<=?3"))
        return db.error();
    return {};
}

Result<std::vector<StoredAccount>> AccountTable::all() {
    std::vector<StoredAccount> accounts;
    all_.start();
    while (all_.next()) {
        StoredAccount one;
        one.id = DeploymentId(std::string(all_.text(0)));
        one.version = static_cast<std::uint64_t>(all_.integer(1));
        const std::int64_t state = all_.integer(2);
        if (state < 0 || state > static_cast<std::int64_t>(AccountState::deleted)) {
            all_.reset();
            return Error(Errc::corrupt, "the account " + one.id.str() + " has an unknown state");
        }
        one.state = static_cast<AccountState>(state);
        one.channel = PhoneNumberId(std::string(all_.text(3)));
        one.waba_id = all_.text(4);
        one.agent = all_.text(5);
        one.details_json = all_.text(6);
        one.created_at = from_unix_ms(all_.integer(7));
        one.changed_at = from_unix_ms(all_.integer(8));
        accounts.push_back(std::move(one));
    }
    for (StoredAccount& one : accounts) {
        secrets_.start(one.id.str());
        while (secrets_.next()) one.sealed.emplace(secrets_.text(0), secrets_.text(1));
    }
    return accounts;
}

Result<> AccountTable::check(const StoredAccount& account) {
    version_.start(account.id.str());
    const std::uint64_t known = version_.next() ? static_cast<std::uint64_t>(version_.integer(0)) : 0;
    version_.reset();
    if (account.version == 0 && known != 0)
        return Error(Errc::conflict, "there is an account " + account.id.str() + " already");
    if (account.version != known)
        return Error(Errc::conflict, "the account " + account.id.str() + " was changed meanwhile");
    if (account.channel.empty()) return {};
    owner_.start(account.channel.str(), account.id.str());
    const std::string owner(owner_.next() ? owner_.text(0) : std::string_view{});
    owner_.reset();
    if (owner.empty()) return {};
    return Error(Errc::conflict,
                 "the phone_number_id " + account.channel.str() + " belongs to the account " + owner);
}

Result<StoredAccount> AccountTable::put(StoredAccount account) {
    if (auto checked = check(account); !checked) return checked.error();
    ++account.version;
    put_.run(account.id.str(), account.version, account.state, account.channel.str(), account.waba_id,
             account.agent, account.details_json, unix_ms(account.created_at), unix_ms(account.changed_at));
    put_secrets(account);
    return account;
}

void AccountTable::put_secrets(const StoredAccount& account) {
    remove_secrets_.run(account.id.str());
    for (const auto& [field, envelope] : account.sealed) put_secret_.run(account.id.str(), field, envelope);
}

void AccountTable::remove(const DeploymentId& id) {
    remove_.run(id.str());
    remove_secrets_.run(id.str());
}

CallAllowance AccountTable::count_call(const std::string& number, const CallBudget& budget, WallTime now) {
    const WallTime gone = now - budget.within;
    drop_calls_.run(number, budget.kind, unix_ms(gone));
    std::vector<WallTime> made;
    calls_.start(number, budget.kind, unix_ms(gone));
    while (calls_.next()) made.push_back(from_unix_ms(calls_.integer(0)));
    CallAllowance allowance;
    allowance.is_allowed = made.size() < budget.calls;
    if (allowance.is_allowed) {
        add_call_.run(number, budget.kind, unix_ms(now));
        made.push_back(now);
    }
    allowance.left = static_cast<unsigned>(budget.calls - made.size());
    // Once the oldest of the last `calls` is outside, there is room for one more.
    if (allowance.left == 0 && budget.calls > 0)
        allowance.next = made[made.size() - budget.calls] + budget.within;
    return allowance;
}

}  // namespace parley

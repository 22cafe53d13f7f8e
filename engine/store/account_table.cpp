#include "store/account_table.hpp"

#include <nlohmann/json.hpp>

namespace parley {
namespace {

using Json = nlohmann::json;

Json to_json(const std::vector<WallTime>& times) {
    Json list = Json::array();
    for (const WallTime at : times) list.push_back(unix_ms(at));
    return list;
}
Json to_json(const std::optional<WallTime>& time) {
    return time ? Json(unix_ms(*time)) : Json();
}

std::vector<WallTime> times(const Json& json, const char* name) {
    std::vector<WallTime> read;
    const auto list = json.find(name);
    if (list == json.end() || !list->is_array()) return read;
    for (const Json& one : *list)
        if (one.is_number_integer()) read.push_back(from_unix_ms(one.get<std::int64_t>()));
    return read;
}
std::optional<WallTime> time(const Json& json, const char* name) {
    const auto one = json.find(name);
    if (one == json.end() || !one->is_number_integer()) return std::nullopt;
    return from_unix_ms(one->get<std::int64_t>());
}

}  // namespace

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
        !db.prepare(history_, "SELECT history FROM setup_history WHERE number=?1") ||
        !db.prepare(put_history_,
                    "INSERT INTO setup_history VALUES (?1,?2) ON CONFLICT DO UPDATE SET history=?2"))
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

Result<SetupHistory> AccountTable::history(const PhoneNumberId& number) {
    history_.start(number.str());
    const std::string text(history_.next() ? history_.text(0) : std::string_view{});
    history_.reset();
    if (text.empty()) return SetupHistory{};
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return Error(Errc::corrupt, "the counted calls of " + number.str());
    return SetupHistory{times(json, "registrations"),      times(json, "code_requests"),
                        times(json, "code_tries"),         time(json, "registrations_blocked_until"),
                        time(json, "codes_blocked_until"), time(json, "pins_blocked_until")};
}

void AccountTable::put_history(const PhoneNumberId& number, const SetupHistory& history) {
    const std::string text =
        Json{{"registrations", to_json(history.registrations)},
             {"code_requests", to_json(history.code_requests)},
             {"code_tries", to_json(history.code_tries)},
             {"registrations_blocked_until", to_json(history.registrations_blocked_until)},
             {"codes_blocked_until", to_json(history.codes_blocked_until)},
             {"pins_blocked_until", to_json(history.pins_blocked_until)}}
            .dump();
    put_history_.run(number.str(), text);
}

}  // namespace parley

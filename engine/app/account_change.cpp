// An account that runs is changed: what does not work is taken back whole.
#include "admin/account_patch.hpp"
#include "admin/account_request.hpp"
#include "app/account_desk.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

bool is_verified(AccountState state) {
    return state == AccountState::active || state == AccountState::paused;
}

AccountFailure outdated(const StoredAccount& row) {
    AccountFailure failure(Errc::conflict, "the account " + row.id.str() + " was changed meanwhile");
    failure.remedy = "Read it again: its ETag is " + etag_of(row.version) + " now.";
    failure.is_outdated = true;
    return failure;
}

}  // namespace

AccountResult<AccountView> AccountDesk::change(const DeploymentId& id, const std::string& patch,
                                               const std::string& if_match) {
    const auto row = own_row(id);
    if (!row) return row.error();
    if (!is_match(if_match, row->version)) return outdated(*row);
    const auto request = ports_.book.open(*row, account_field::request);
    if (!request) return AccountFailure(request.error());
    auto changed = read_change(
        {id, row->channel, row->waba_id, is_verified(row->state), std::string(request->reveal())}, patch);
    if (!changed) return changed.error();
    if (request->equals(changed->account.request_json)) return ports_.book.view(*row);
    const Config config = ports_.running();
    if (auto missing = find_missing(config, changed->account); !missing.empty())
        return refused(std::move(missing));
    StoredAccount next = *row;
    describe(next, changed->account);
    if (const auto wrong = check_token(*row, next, config)) return *wrong;
    auto done = exchange(*row, std::move(next), changed->profile, config);
    if (done) log_info("account changed", {{"account", id.str()}, {"fields", changed->fields}});
    return done;
}

// A token that cannot see the number would stop the account.
std::optional<AccountFailure> AccountDesk::check_token(const StoredAccount& row, const StoredAccount& next,
                                                       const Config& config) {
    const auto before = ports_.setup.token_of(row, config);
    const auto token = ports_.setup.token_of(next, config);
    if (!token) return token.error();
    if (row.channel.empty() || (before && before->equals(token->reveal()))) return std::nullopt;
    const auto seen = ports_.setup.facts(row.channel, *token);
    if (seen) return std::nullopt;
    AccountFailure failure = seen.error();
    if (failure.kind == Errc::unavailable || failure.kind == Errc::busy) return failure;
    failure.kind = Errc::invalid_input;
    failure.fields.push_back({"access_token", "does not open the number: " + failure.message});
    return failure;
}

AccountResult<AccountView> AccountDesk::exchange(StoredAccount row, StoredAccount next,
                                                 const BusinessProfile& profile, const Config& config) {
    const auto token = ports_.setup.token_of(next, config);
    if (!token) return token.error();
    const auto stored = ports_.book.put(std::move(next));
    if (!stored) return stored.error();
    std::optional<AccountFailure> failure;
    if (const auto applied = apply(row.id); !applied)
        failure = applied.error();
    else
        failure = ports_.setup.write_profile(*stored, profile, *token);
    if (!failure) return ports_.book.view(*stored);
    row.version = stored->version;
    const DeploymentId id = row.id;
    if (const auto back = ports_.book.put(std::move(row)); !back)
        failure->message += "; and what it was could not be stored again: " + back.error().message;
    else
        (void)apply(id);
    return *failure;
}

}  // namespace parley

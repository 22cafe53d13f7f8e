#include "app/account_desk.hpp"

#include <algorithm>

#include "admin/account_request.hpp"
#include "app/config_table.hpp"

namespace parley {
namespace {

const DeploymentConfig* of_file(const Config& config, const DeploymentId& id) {
    for (const DeploymentConfig& one : config.deployments)
        if (!one.is_account && one.deployment.id == id) return &one;
    return nullptr;
}

AccountView view_of(const DeploymentConfig& one) {
    AccountView view;
    view.id = one.deployment.id;
    view.is_from_file = true;
    view.channel = one.deployment.channel;
    view.waba_id = one.deployment.waba_id;
    view.agent = one.deployment.agent;
    return view;
}

AccountFailure of_the_file(const DeploymentId& id) {
    return {Errc::conflict, id.str() + " is a deployment of the configuration file; change it there"};
}

}  // namespace

AccountResult<AccountDirectory::Created> AccountDesk::create(NewAccount order) {
    const Config config = ports_.running();
    if (of_file(config, order.id) != nullptr) return of_the_file(order.id);
    if (const auto known = ports_.book.row(order.id)) return again(*known, order);
    if (order.waba_id.empty()) order.waba_id = config.whatsapp.waba_id;
    if (auto missing = find_missing(config, order); !missing.empty()) return refused(std::move(missing));
    for (const DeploymentConfig& one : config.deployments)
        if (!order.channel.empty() && one.deployment.channel == order.channel)
            return AccountFailure(Errc::conflict,
                                  "phone_number_id: the number belongs to " +
                                      std::string(one.is_account ? "the account " : "the deployment ") +
                                      one.deployment.id.str());
    if (!ports_.book.has_key()) {
        AccountFailure failure(
            Errc::conflict,
            "accounts created by the API need accounts.key: it seals their tokens in the store");
        failure.remedy =
            "Make one with `openssl rand -base64 32`, write accounts: { key: ${ACCOUNTS_KEY} }, and start "
            "again.";
        return failure;
    }
    auto row = open_row(order);
    if (!row) return row.error();
    return settle(std::move(*row), order, config, true);
}

AccountResult<AccountDirectory::Created> AccountDesk::again(const StoredAccount& known,
                                                            const NewAccount& order) {
    if (known.state == AccountState::deleted)
        return AccountFailure(Errc::conflict, "the account " + order.id.str() + " is being deleted");
    const auto request = ports_.book.open(known, account_field::request);
    if (!request) return AccountFailure(request.error());
    if (!request->equals(order.request_json))
        return AccountFailure(
            Errc::conflict, "there is an account " + order.id.str() + " already, created by another request");
    if (known.state != AccountState::pending_verification) return Created{ports_.book.view(known), false};
    return settle(known, order, ports_.running(), false);  // where it stopped
}

std::vector<FieldMistake> AccountDesk::find_missing(const Config& config, const NewAccount& order) {
    std::vector<FieldMistake> missing;
    if (order.access_token.empty() && config.whatsapp.access_token.empty())
        missing.push_back(
            {"access_token", "is missing: write it, or set whatsapp.access_token for all accounts"});
    if (order.channel.empty() && order.waba_id.empty())
        missing.push_back({"waba_id",
                           "is missing: the number is added to this WhatsApp Business Account; or write "
                           "the phone_number_id that it has already"});
    const bool has_secret =
        std::any_of(config.whatsapp.apps.begin(), config.whatsapp.apps.end(), [&](const AppConfig& app) {
            return app.id == config.whatsapp.default_app.id && !app.app_secrets.empty();
        });
    if (order.app_secret.empty() && !has_secret && !config.whatsapp.allow_unsigned)
        missing.push_back(
            {"app_secret", "is missing: write it, or set whatsapp.app_secret for all accounts"});
    for (FieldMistake& one : ports_.check(config, order)) missing.push_back(std::move(one));
    return missing;
}

AccountResult<StoredAccount> AccountDesk::open_row(const NewAccount& order) {
    StoredAccount row;
    row.id = order.id;
    row.state = AccountState::pending_verification;
    row.channel = order.channel;
    row.waba_id = order.waba_id;
    describe(row, order);
    return ports_.book.put(std::move(row));
}

// A PIN that was made up stays.
void AccountDesk::describe(StoredAccount& row, const NewAccount& order) {
    row.agent = order.agent;
    row.details_json = order.details_json;
    AccountBook& book = ports_.book;
    book.seal(row, account_field::access_token, order.access_token);
    book.seal(row, account_field::app_secret, order.app_secret);
    if (!order.pin.empty()) book.seal(row, account_field::pin, order.pin);
    book.seal(row, account_field::config, Secret(order.config_json));
    book.seal(row, account_field::request, Secret(order.request_json));
}

AccountResult<bool> AccountDesk::apply(const DeploymentId& id) {
    ports_.book.set_problem(id, {});
    const ReloadReport report = ports_.reload(id);
    if (!report.refused.empty()) return AccountFailure(Errc::conflict, report.refused);
    if (report.errors.empty()) return true;
    AccountFailure failure(Errc::invalid_input, "");
    for (const auto& one : report.errors) {
        failure.message += (failure.message.empty() ? "" : "; ") + one.message;
        failure.fields.push_back({std::string(last_part(one.key)), one.message});
    }
    return failure;
}

AccountFailure AccountDesk::taken_back(const DeploymentId& id, AccountFailure why) {
    if (const auto gone = ports_.book.remove(id); !gone)
        why.message += "; and its row could not be taken back: " + gone.error().message();
    else
        (void)ports_.reload(id);
    return why;
}

// Anything that Meta or the agent refuses takes a new account back; what may work later leaves it pending, and the same
// request goes on from there.
AccountResult<AccountDirectory::Created> AccountDesk::settle(StoredAccount row, const NewAccount& order,
                                                             const Config& config, bool is_new) {
    const DeploymentId id = row.id;
    const auto refuse = [&](const AccountFailure& why) -> AccountResult<Created> {
        if (is_new) return taken_back(id, why);
        ports_.book.set_problem(id, why.message);
        return why;
    };
    if (row.channel.empty()) {
        auto numbered = ports_.setup.find_or_add(std::move(row), order, config);
        if (!numbered) return refuse(numbered.error());
        row = std::move(*numbered);
    }
    if (auto applied = apply(id); !applied) return refuse(applied.error());
    auto done = ports_.setup.bring_up(std::move(row), order, config);
    if (!done) return refuse(done.error());
    if (done->state == AccountState::active)
        if (auto applied = apply(id); !applied) return refuse(applied.error());
    return Created{ports_.book.view(*done), is_new};
}

AccountResult<std::vector<AccountView>> AccountDesk::all() {
    std::vector<AccountView> views;
    const Config config = ports_.running();
    for (const DeploymentConfig& one : config.deployments)
        if (!one.is_account) views.push_back(view_of(one));
    const auto rows = ports_.book.rows();
    if (!rows) return AccountFailure(rows.error());
    for (const StoredAccount& row : *rows) views.push_back(ports_.book.view(row));
    std::sort(views.begin(), views.end(),
              [](const AccountView& a, const AccountView& b) { return a.id < b.id; });
    return views;
}

AccountResult<AccountView> AccountDesk::find(const DeploymentId& id) {
    const Config config = ports_.running();
    if (const DeploymentConfig* one = of_file(config, id)) return view_of(*one);
    const auto row = ports_.book.row(id);
    if (!row) return row.error();
    return ports_.book.view(*row);
}

AccountResult<StoredAccount> AccountDesk::own_row(const DeploymentId& id) {
    if (of_file(ports_.running(), id) != nullptr) return of_the_file(id);
    auto row = ports_.book.row(id);
    if (row && row->state == AccountState::deleted)
        return AccountFailure(Errc::conflict, "the account " + id.str() + " is being deleted");
    return row;
}

AccountResult<AccountView> AccountDesk::request_code(const DeploymentId& id, CodeMethod method,
                                                     const std::string& language) {
    auto row = own_row(id);
    if (!row) return row.error();
    auto asked = ports_.setup.request_code(std::move(*row), method, language, ports_.running());
    if (!asked) return asked.error();
    return ports_.book.view(*asked);
}

AccountResult<AccountView> AccountDesk::verify(const DeploymentId& id, const Secret& code) {
    auto row = own_row(id);
    if (!row) return row.error();
    auto verified = ports_.setup.verify(std::move(*row), code, ports_.running());
    if (!verified) return verified.error();
    if (auto applied = apply(id); !applied) return applied.error();
    return ports_.book.view(*verified);
}

AccountResult<AccountView> AccountDesk::pause(const DeploymentId& id, bool is_paused) {
    auto row = own_row(id);
    if (!row) return row.error();
    const AccountState from = is_paused ? AccountState::active : AccountState::paused;
    const AccountState to = is_paused ? AccountState::paused : AccountState::active;
    if (row->state == to) return ports_.book.view(*row);
    if (row->state != from)
        return AccountFailure(Errc::conflict, "the account " + id.str() + " is " + to_string(row->state));
    row->state = to;
    auto stored = ports_.book.put(std::move(*row));
    if (!stored) return stored.error();
    if (auto applied = apply(id); !applied) return applied.error();
    return ports_.book.view(*stored);
}

void AccountDesk::remove(const DeploymentId& id, bool deregister,
                         Completion<AccountResult<RemovedAccount>> done) {
    auto row = own_row(id);
    if (!row) return done(row.error());
    row->state = AccountState::deleted;
    auto stored = ports_.book.put(std::move(*row));
    if (!stored) return done(stored.error());
    if (auto applied = apply(id); !applied) return done(applied.error());
    ports_.begin_removal(id, stored->channel, deregister, std::move(done));
}

void AccountDesk::resume_removals() {
    const auto rows = ports_.book.rows();
    if (!rows) return;
    for (const StoredAccount& row : *rows)
        if (row.state == AccountState::deleted) ports_.begin_removal(row.id, row.channel, false, {});
}

AccountResult<NumberFacts> AccountDesk::ask_meta(const DeploymentId& id) {
    const Config config = ports_.running();
    for (const DeploymentConfig& one : config.deployments)
        if (one.deployment.id == id)
            return ports_.setup.facts(one.deployment.channel, one.deployment.access_token);
    return AccountFailure(Errc::conflict, "the account " + id.str() + " has no number yet");
}

}  // namespace parley

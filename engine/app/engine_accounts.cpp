// The accounts created by the API: how they come into the engine, and what the API needs of it.
#include <algorithm>

#include "app/engine_parts.hpp"
#include "app/stored_message.hpp"
#include "base/log.hpp"
#include "host/config_paths.hpp"
#include "host/config_schema.hpp"
#include "host/plugin_finder.hpp"
#include "whatsapp/graph_error.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

// "/quick_replies/0" -> "config.quick_replies.0"
std::string field_of(std::string pointer) {
    std::replace(pointer.begin(), pointer.end(), '/', '.');
    return "config" + pointer;
}

std::vector<FieldMistake> find_mistakes(const Config& config, const std::filesystem::path& executable,
                                        const NewAccount& order) {
    const auto info = find_plugin(agent_search_path(config, executable), order.agent);
    if (!info) return {{"agent", info.error().message()}};
    if (!info->problem.empty()) return {{"agent", info->problem}};
    const std::string& schema = info->manifest.config_schema;
    const auto wrong = find_setting_mistakes(schema, order.config_json);
    if (!wrong) return {{"config", wrong.error().message()}};
    std::vector<FieldMistake> mistakes;
    for (const SettingMistake& one : *wrong)
        mistakes.push_back(
            {field_of(one.pointer), one.what + (one.instead.empty() ? "" : "; " + one.instead)});
    const auto outside = find_paths_outside(schema, order.config_json, account_files(config));
    if (!outside) return {{"config", outside.error().message()}};
    for (const std::string& pointer : *outside)
        mistakes.push_back({field_of(pointer), config.accounts.files.empty()
                                                   ? "names a file, and accounts.files is not set"
                                                   : "names a file outside of accounts.files"});
    return mistakes;
}

std::string advice_on(std::int32_t code) {
    const GraphErrorRow* known = find_graph_error(code);
    if (known == nullptr) return {};
    return std::string(known->meaning) + ": " + std::string(remedy_of(known->error_class)) + ".";
}

}  // namespace

Result<> Engine::Parts::open_accounts() {
    if (uses_firestore(config)) {
        auto opened = FirestoreSide::open(config, {environment.clock, environment.random, metrics});
        if (!opened) return opened.error();
        firestore = std::move(*opened);
    }
    if (config.accounts.store == AccountsConfig::Store::firestore) account_store = &firestore->accounts();
    auto keys = SealingKeys::read(config.accounts.keys);
    if (!keys) return keys.error().within("accounts.key");
    account_book = std::make_unique<AccountBook>(std::move(*keys), *account_store, environment.clock,
                                                 environment.random);
    if (auto added = account_book->add_to(config); !added) return added.error();
    if (!account_book->has_key()) return {};
    const auto sealed = account_book->seal_again();
    if (!sealed) return sealed.error();
    if (*sealed > 0)
        log_info("accounts are sealed with the first of accounts.key now; the others can go",
                 {{"accounts", *sealed}});
    return {};
}

void Engine::Parts::make_accounts() {
    const auto running = [this] { return reloader->with_running([](const Config& now) { return now; }); };
    kept = std::make_unique<KeptDelivery>(
        config.store.retention,
        KeptDelivery::Ports{*records, *intake,
                            [this](OpenMessage open) { return to_queued(std::move(open), accounts, *store); },
                            *workers, environment.clock, timers});
    phone_setup = std::make_unique<GraphPhoneSetup>(graph_options(config), *account_calls);
    account_setup =
        std::make_unique<AccountSetup>(*account_book, *phone_setup, environment.clock, environment.random);
    account_removal = std::make_unique<AccountRemoval>(
        config.agents.drain_timeout,
        AccountRemoval::Ports{
            *store, *records, *pump, *account_turns, environment.clock, timers,
            [this, running](const DeploymentId& id) { return account_setup->deregister(id, running()); },
            [this](const DeploymentId& id) -> Result<> {
                if (auto gone = account_book->remove(id); !gone) return gone;
                const ReloadReport report = reload_accounts(id);
                if (report.errors.empty()) return {};
                return Error(Errc::fault, report.errors.front().message);
            }});
    account_desk = std::make_unique<AccountDesk>(
        AccountDesk::Ports{*account_book, *account_setup,
                           [this](const DeploymentId& id, const PhoneNumberId& channel, bool deregister,
                                  AccountRemoval::Done done) {
                               account_removal->start(id, channel, deregister, std::move(done));
                           },
                           running, [this](const DeploymentId& id) { return reload_accounts(id); },
                           [this](const Config& now, const NewAccount& order) {
                               return find_mistakes(now, environment.executable, order);
                           }});
}

void Engine::Parts::add_account_routes() {
    account_api = std::make_unique<AccountApi>(
        AccountApi::Ports{*account_desk, *records, *shown, *gate, *workers, *account_turns});
    account_api->add_routes(router);
    account_graph =
        std::make_unique<GraphOfAccounts>(graph_options(config), *account_calls, accounts, *account_desk);
    graph_pages =
        std::make_unique<GraphPages>(GraphPages::Ports{*account_graph, *gate, *workers, *account_turns});
    graph_pages->add_routes(router);
    send_api = std::make_unique<SendApi>(
        SendApi::Options{},
        SendApi::Ports{*account_desk, accounts, *store, *records, *pump, environment.clock,
                       environment.random, timers, *gate, *workers, &to_messages,
                       [](const std::string& native) { return !is_template(native); }, &advice_on});
    send_api->add_routes(router);
}

void Engine::Parts::go_on_with_accounts() {
    for (const DeploymentPtr& one : accounts.all())
        if (one->takes_messages) kept->look_for(one->channel, one->app);
    account_desk->resume_removals();
}

void Engine::Parts::set_aside(const DeploymentId& account, const std::string& why) {
    log_error("account set aside", {{"account", account.str()}, {"reason", why}});
    account_book->set_problem(account, why);
}

ReloadReport Engine::Parts::reload_accounts(const DeploymentId& asked) {
    if (!draining) return reloader->reload_accounts(asked);
    ReloadReport report;
    report.refused = "the engine is draining";
    return report;
}

}  // namespace parley

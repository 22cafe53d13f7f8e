#include "app/doctor/doctor.hpp"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "app/doctor/agent_check.hpp"
#include "app/doctor/app_check.hpp"
#include "app/doctor/configuration_check.hpp"
#include "app/doctor/graph_check.hpp"
#include "app/doctor/machine_check.hpp"
#include "app/doctor/number_check.hpp"
#include "app/doctor/secret_guard.hpp"
#include "whatsapp/graph_phone_setup.hpp"

namespace parley::doctor {
namespace {

constexpr std::chrono::minutes longest_at_meta{2};
constexpr std::size_t deployments_at_a_time = 4;

Config narrowed(Config config, const std::string& only) {
    if (only.empty()) return config;
    std::erase_if(config.deployments,
                  [&](const DeploymentConfig& one) { return one.deployment.id.str() != only; });
    const auto is_used = [&](const AppConfig& app) {
        return std::any_of(config.deployments.begin(), config.deployments.end(),
                           [&](const DeploymentConfig& one) { return one.deployment.app == app.id; });
    };
    std::erase_if(config.whatsapp.apps, [&](const AppConfig& app) { return !is_used(app); });
    return config;
}

void in_parallel(std::size_t count, const std::function<void(std::size_t)>& act) {
    std::atomic<std::size_t> next{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < std::min(count, deployments_at_a_time); ++i)
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < count; at = next++) act(at);
        });
    for (std::thread& thread : threads) thread.join();
}

class Examination {
  public:
    Examination(const LoadReport& report, const Questions& questions, const Ports& ports,
                const Listener& listener)
        : loaded_(report),
          config_(narrowed(report.config, questions.deployment)),
          questions_(questions),
          ports_(ports),
          listener_(listener),
          guard_(report.config) {}

    void run() {
        section("configuration", [this] { return configuration(); });
        if (!loaded_.errors.empty()) return;
        section("machine", [this] { return machine(); });
        section("agents", [this] { return examine_agents(config_, ports_.executable, ports_.inspect); });
        if (questions_.is_offline) {
            for (const char* name : {"engine", "meta", "webhook"})
                section(name, [] { return Report{skip("offline", "", "not asked for: --offline")}; });
            return;
        }
        http_ = ports_.make_http();
        section("engine", [this] { return engine(); });
        section("meta", [this] { return meta(); });
        section("webhook", [this] { return webhook(); });
    }

  private:
    void section(const std::string& name, const std::function<Report()>& examine_it) {
        listener_.began(name);
        Section done{name, examine_it()};
        guard_.clean(done.report);
        listener_.ended(done);
    }

    Report configuration() const {
        Report found = examine_configuration(loaded_);
        append(found, examine_permissions(loaded_.config));
        if (!loaded_.errors.empty())
            found.push_back(skip("rest", "", "nothing else was looked at: the file must be right first"));
        return found;
    }

    Report machine() const {
        Report found = examine_folders(config_);
        append(found, examine_disk(config_));
        append(found, examine_database(config_, ports_.clock));
        append(found, examine_open_files(config_));
        append(found, examine_own_certificate(config_, ports_.clock.wall()));
        return found;
    }

    Report engine() {
        engine_ = questions_.url.empty() ? engine_url(config_) : questions_.url;
        if (engine_.empty())
            return {skip("engine", "", "its address is not known",
                         "name it: --url https://NAME, as its certificate says, with its port")};
        EngineAnswer answer = examine_engine(engine_, config_, questions_.deployment, *http_);
        if (!answer.has_answered) engine_.clear();
        return std::move(answer.report);
    }

    Report meta() {
        GraphAnswer graph = examine_graph(config_.whatsapp, *http_, ports_.clock);
        has_meta_answered_ = graph.has_answered;
        if (!graph.has_answered) {
            graph.report.push_back(skip("token", "", "Meta is asked for nothing else before it answers"));
            return std::move(graph.report);
        }
        examine_numbers(graph.report);
        examine_apps(graph.report);
        return std::move(graph.report);
    }

    const AppConfig* app_of(const DeploymentConfig& one) const {
        for (const AppConfig& app : config_.whatsapp.apps)
            if (app.id == one.deployment.app) return &app;
        return nullptr;
    }

    GraphOptions graph_options() const { return {config_.whatsapp.graph_url, config_.whatsapp.api_version}; }

    void examine_numbers(Report& found) {
        GraphPhoneSetup setup(graph_options(), *http_);
        GraphWebhookSettings webhooks(graph_options(), *http_);
        const MetaPorts meta{setup, webhooks};
        const MonoTime end = ports_.clock.mono() + longest_at_meta;
        numbers_.resize(config_.deployments.size());
        in_parallel(numbers_.size(), [&](std::size_t i) {
            const DeploymentConfig& one = config_.deployments[i];
            if (ports_.clock.mono() < end)
                numbers_[i] = examine_number(one, app_of(one), meta, ports_.clock.wall());
            else
                numbers_[i].report = {skip("token", one.deployment.id.str(),
                                           "Meta answers too slowly for all",
                                           "ask for it alone: --deployment " + one.deployment.id.str())};
        });
        for (NumberAnswer& answer : numbers_) append(found, std::move(answer.report));
        if (numbers_.empty())
            found.push_back(skip("token", "", "the file has no deployment",
                                 "accounts created by the API: GET /api/bsp/account-health/NAME"));
    }

    void examine_apps(Report& found) {
        GraphWebhookSettings meta(graph_options(), *http_);
        for (const AppConfig& app : config_.whatsapp.apps) {
            AppAnswer answer = examine_app(app, id_of(app), config_.whatsapp, meta);
            append(found, std::move(answer.report));
            add_door(answer.callback_url, app);
        }
        for (std::size_t i = 0; i < numbers_.size(); ++i)
            if (const AppConfig* app = app_of(config_.deployments[i])) add_door(numbers_[i].url, *app);
    }

    // As a token of one of its numbers told it, when the file does not.
    std::string id_of(const AppConfig& app) const {
        if (!app.app_id.empty()) return app.app_id;
        for (std::size_t i = 0; i < numbers_.size(); ++i)
            if (config_.deployments[i].deployment.app == app.id && !numbers_[i].app_id.empty())
                return numbers_[i].app_id;
        return {};
    }

    void add_door(const std::string& url, const AppConfig& app) {
        const auto is_same = [&](const Door& door) { return door.url == url && door.app == &app; };
        if (url.empty() || std::any_of(doors_.begin(), doors_.end(), is_same)) return;
        const Secret& token =
            app.verify_token.empty() ? loaded_.config.whatsapp.default_app.verify_token : app.verify_token;
        // A stand-in for Meta posts to plain addresses, too.
        doors_.push_back({url, &app, token, config_.whatsapp.graph_url.starts_with("https://")});
    }

    Report webhook() {
        std::string base = config_.whatsapp.webhook_base_url;
        while (base.ends_with('/')) base.pop_back();
        const bool is_known = !doors_.empty() || !base.empty();
        for (const AppConfig& app : config_.whatsapp.apps) {
            if (!base.empty()) add_door(base + "/webhook", app);
            if (engine_.empty()) continue;
            add_door(engine_ + "/webhook", app);
            for (Door& door : doors_)
                if (door.url == engine_ + "/webhook" && questions_.url.empty()) door.is_public = false;
        }
        Report found;
        for (const Door& door : doors_)
            append(found, examine_door(door, {*http_, ports_.clock, ports_.random, ports_.certificate}));
        if (!is_known && !has_meta_answered_)
            found.push_back(skip("verification", "", "Meta must answer first: it knows the address"));
        else if (!is_known)
            found.push_back(skip("verification", "", "the address that Meta posts to is not known",
                                 "see the line of the app above, or write whatsapp.webhook_base_url"));
        return found;
    }

    const LoadReport& loaded_;
    const Config config_;
    const Questions& questions_;
    const Ports& ports_;
    const Listener& listener_;
    const SecretGuard guard_;
    std::unique_ptr<HttpClient> http_;
    std::string engine_;  // that answered
    bool has_meta_answered_ = false;
    std::vector<NumberAnswer> numbers_;
    std::vector<Door> doors_;
};

}  // namespace

void examine(const LoadReport& report, const Questions& questions, const Ports& ports,
             const Listener& listener) {
    Examination(report, questions, ports, listener).run();
}

}  // namespace parley::doctor

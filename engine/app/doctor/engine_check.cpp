#include "app/doctor/engine_check.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/diagnostic.hpp"
#include "app/doctor/asking.hpp"
#include "app/tls_setup.hpp"

namespace parley::doctor {
namespace {

using Json = nlohmann::json;

std::string text_in(const Json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
    return object[key].get<std::string>();
}

std::uint64_t number_in(const Json& object, const char* group, const char* key) {
    if (!object.is_object() || !object.contains(group)) return 0;
    const Json& inner = object[group];
    if (!inner.is_object() || !inner.contains(key) || !inner[key].is_number_unsigned()) return 0;
    return inner[key].get<std::uint64_t>();
}

class Examination {
  public:
    Examination(const std::string& url, const Config& config, const std::string& only, HttpClient& http)
        : url_(url), config_(config), only_(only), http_(http) {}

    EngineAnswer run() {
        if (!examine_health()) return std::move(answer_);
        examine_readiness();
        if (config_.admin.api_key.empty() && !config_.admin.allow_anonymous) {
            add(skip("backlog", url_, "not asked for: the configuration has no admin.api_key",
                     "write admin.api_key: ${API_KEY}"));
        } else if (examine_backlog()) {
            examine_deployments();
        }
        return std::move(answer_);
    }

  private:
    void add(Finding finding) { answer_.report.push_back(std::move(finding)); }

    HttpOutcome get(const char* path) {
        HttpCall call;
        call.url = url_ + path;
        call.timeout = longest_call;
        call.connect_timeout = longest_connect;
        if (!config_.admin.api_key.empty() && std::string_view(path).starts_with("/api/"))
            call.headers = {{"X-API-Key", std::string(config_.admin.api_key.reveal())}};
        return ask(http_, std::move(call));
    }

    bool examine_health() {
        const HttpOutcome outcome = get("/health");
        if (!outcome.reply) {
            add(fail("engine", url_, "no engine answers: " + outcome.failure.reason,
                     "start it: `parley serve --config " + config_.file + "`"));
            return false;
        }
        const Json body = Json::parse(outcome.reply->body, nullptr, false);
        const std::string version = text_in(body, "version");
        if (outcome.reply->status != 200 || version.empty()) {
            add(fail("engine", url_,
                     "another program answers there: HTTP " + std::to_string(outcome.reply->status) +
                         " to /health",
                     "stop it, choose another server.listen, or name the engine's address with --url"));
            return false;
        }
        answer_.has_answered = true;
        if (version != PARLEY_VERSION)
            add(warn("engine", url_,
                     "runs version " + printable(version) + ", this program is " PARLEY_VERSION,
                     "restart the engine, or call the other parley"));
        else
            add(pass("engine", url_, "runs, version " + version));
        return true;
    }

    void examine_readiness() {
        const HttpOutcome outcome = get("/ready");
        if (outcome.reply && outcome.reply->status == 200) return;
        const Json body = outcome.reply ? Json::parse(outcome.reply->body, nullptr, false) : Json();
        const std::string why = text_in(body, "detail");
        add(fail("ready", url_, "is not ready" + (why.empty() ? "" : ": " + printable(why)),
                 "look at its log; when the store cannot be written, at the disk"));
    }

    bool examine_backlog() {
        const HttpOutcome outcome = get("/api/status");
        if (!outcome.reply || outcome.reply->status != 200) {
            const bool is_key =
                outcome.reply && (outcome.reply->status == 401 || outcome.reply->status == 403);
            add(warn(
                "backlog", url_,
                outcome.reply ? "answers " + std::to_string(outcome.reply->status) + " to /api/status"
                              : outcome.failure.reason,
                is_key ? "the engine has another admin.api_key: reload it (SIGHUP)" : "look at its log"));
            return false;
        }
        const Json status = Json::parse(outcome.reply->body, nullptr, false);
        const auto backlog = [&](const char* key) { return number_in(status, "backlog", key); };
        const auto stored = [&](const char* key) { return number_in(status, "stored", key); };
        add(pass("backlog", url_,
                 counted(backlog("open"), "message") + " open, " + std::to_string(backlog("unsent")) +
                     " unsent, " + std::to_string(stored("messages")) + " ever stored"));
        judge_counts(backlog("held"), stored("unrouted"), stored("dead_letters"));
        return true;
    }

    void judge_counts(std::uint64_t held, std::uint64_t unrouted, std::uint64_t dead) {
        if (held > 0)
            add(warn("held", url_, counted(held, "message") + " held: nobody knows whether Meta took them",
                     "they settle by their status webhooks; see \"Held messages\" in docs/operating.md"));
        if (unrouted > 0)
            add(warn("unrouted", url_, counted(unrouted, "item") + " for numbers without a deployment",
                     "compare phone_number_id with Meta's; tests from the dashboard name a made-up number"));
        if (dead > 0)
            add(warn("dead-letters", url_, counted(dead, "message") + " given up",
                     "`parley dead-letters list` says why each"));
    }

    void examine_deployments() {
        const HttpOutcome outcome = get("/api/deployments");
        const Json list = outcome.reply ? Json::parse(outcome.reply->body, nullptr, false) : Json();
        if (!list.is_object() || !list.contains("data") || !list["data"].is_array()) return;
        const Json& running = list["data"];
        for (const DeploymentConfig& one : config_.deployments) {
            const std::string& name = one.deployment.id.str();
            const auto found = std::find_if(running.begin(), running.end(),
                                            [&](const Json& each) { return text_in(each, "id") == name; });
            if (found == running.end())
                add(warn("deployment", name, "is in the file, but the engine does not run it",
                         "reload the engine: SIGHUP, or POST /api/config/reload"));
        }
        for (const Json& one : running)
            if (only_.empty() || text_in(one, "id") == only_) judge_deployment(one);
    }

    void judge_deployment(const Json& one) {
        const std::string name = text_in(one, "id");
        bool is_well = true;
        if (const std::string why = text_in(one, "not_sending_because"); !why.empty()) {
            is_well = false;
            add(fail("deployment", name, "sends nothing: " + why, "do what the check of its token says"));
        }
        const Json agent = one.contains("agent") ? one["agent"] : Json();
        if (const std::string problem = text_in(agent, "problem"); !problem.empty()) {
            is_well = false;
            add(fail("deployment", name, "its agent does not run: " + problem,
                     "correct it, then reload the engine"));
        }
        if (agent.contains("health"))
            if (const std::string state = text_in(agent["health"], "state"); state != "ok") {
                is_well = false;
                add(warn("deployment", name,
                         "its agent is " + state + ": " + printable(text_in(agent["health"], "text")),
                         "look at what the agent depends on, and at the log"));
            }
        if (is_well) add(pass("deployment", name, "runs"));
    }

    const std::string& url_;
    const Config& config_;
    const std::string& only_;
    HttpClient& http_;
    EngineAnswer answer_;
};

}  // namespace

EngineAnswer examine_engine(const std::string& url, const Config& config, const std::string& only,
                            HttpClient& http) {
    return Examination(url, config, only, http).run();
}

std::string engine_url(const Config& config) {
    std::string listen = config.server.listen;
    if (has_tls(config) || listen.ends_with(":0")) return {};
    for (const std::string_view any : {"0.0.0.0:", "*:"})
        if (listen.starts_with(any)) listen.replace(0, any.size(), "127.0.0.1:");
    if (listen.starts_with("[::]:")) listen.replace(0, 5, "[::1]:");
    return "http://" + listen;
}

}  // namespace parley::doctor

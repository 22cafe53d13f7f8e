#include "app/doctor/number_check.hpp"

#include <algorithm>

#include "app/diagnostic.hpp"
#include "app/doctor/asking.hpp"
#include "base/utc_text.hpp"
#include "whatsapp/graph_webhook_settings.hpp"

namespace parley::doctor {
namespace {

using std::chrono::days;

constexpr const char* new_token =
    "make a token of a system user with whatsapp_business_messaging and whatsapp_business_management, and "
    "put it into access_token";
constexpr const char* in_manager =
    "look at the number in WhatsApp Manager (business.facebook.com), which says why";

class Examination {
  public:
    Examination(const DeploymentConfig& deployment, const AppConfig* app, const MetaPorts& meta, WallTime now)
        : name_(deployment.deployment.id.str()),
          deployment_(deployment.deployment),
          app_(app),
          meta_(meta),
          now_(now) {}

    NumberAnswer run() {
        if (app_ != nullptr) answer_.app_id = app_->app_id;
        if (examine_token()) {
            examine_number();
            examine_subscription();
            examine_address();
        } else {
            add(skip("number", name_, "not asked for: the token must work first"));
        }
        return std::move(answer_);
    }

  private:
    void add(Finding finding) { answer_.report.push_back(std::move(finding)); }

    // An app may look at its tokens; without its id, or with a wrong secret, a token looks at itself.
    SetupResult<TokenFacts> inspect() {
        const Secret& token = deployment_.access_token;
        if (app_ != nullptr && !app_->app_id.empty() && !app_->app_secrets.empty()) {
            const Secret app_token = make_app_token(app_->app_id, app_->app_secrets.front());
            auto facts = wait_for<TokenFacts>(
                [&](auto done) { meta_.setup.inspect_token(token, app_token, std::move(done)); });
            if (facts || facts.error().kind != Errc::unauthorized) return facts;
        }
        return wait_for<TokenFacts>(
            [&](auto done) { meta_.setup.inspect_token(token, token, std::move(done)); });
    }

    // Whether the token can be used.
    bool examine_token() {
        const SetupResult<TokenFacts> facts = inspect();
        if (!facts) {
            add(fail("token", name_, text_of(facts.error()), facts.error().remedy));
            return false;
        }
        if (!facts->is_valid) {
            add(fail("token", name_,
                     "Meta does not take the access token" +
                         (facts->problem.empty() ? "" : ": " + printable(facts->problem)),
                     new_token));
            return false;
        }
        judge_app(*facts);
        judge_scopes(*facts);
        judge_ends(*facts);
        accounts_ = accounts_of(*facts);
        return true;
    }

    void judge_app(const TokenFacts& facts) {
        if (facts.app_id.empty()) return;
        if (!answer_.app_id.empty() && answer_.app_id != facts.app_id)
            add(warn("token", name_,
                     "belongs to the app " + facts.app_id + ", the configuration says " + answer_.app_id,
                     "use a token and the app secret of the same app: webhooks are signed by the app that is "
                     "subscribed"));
        if (answer_.app_id.empty()) answer_.app_id = facts.app_id;
    }

    void judge_scopes(const TokenFacts& facts) {
        const auto has = [&](const char* scope) {
            return std::find(facts.scopes.begin(), facts.scopes.end(), scope) != facts.scopes.end();
        };
        if (!has("whatsapp_business_messaging"))
            add(fail("token", name_, "lacks the permission whatsapp_business_messaging: nothing can be sent",
                     new_token));
        if (!has("whatsapp_business_management"))
            add(warn(
                "token", name_,
                "lacks the permission whatsapp_business_management: templates, profile and subscriptions "
                "cannot be read",
                new_token));
    }

    void judge_ends(const TokenFacts& facts) {
        const auto ends =
            std::min(facts.expires.value_or(WallTime::max()), facts.data_expire.value_or(WallTime::max()));
        if (ends == WallTime::max()) return add(pass("token", name_, "valid, without an end"));
        const std::string date = to_utc_text(ends).substr(0, 16) + "Z";
        if (ends <= now_) return add(fail("token", name_, "ended at " + date, new_token));
        if (ends - now_ < days(1))
            return add(warn("token", name_, "ends at " + date + ", within a day",
                            std::string("the token that API Setup shows lasts hours only: ") + new_token));
        const auto left = static_cast<std::uint64_t>((ends - now_) / days(1));
        if (left < 14)
            return add(warn("token", name_, "ends at " + date + ", in " + counted(left, "day"), new_token));
        add(pass("token", name_, "valid, ends in " + counted(left, "day")));
    }

    static std::vector<std::string> accounts_of(const TokenFacts& facts) {
        for (const TokenScope& scope : facts.granular_scopes)
            if (scope.scope == "whatsapp_business_messaging") return scope.targets;
        return {};
    }

    void examine_number() {
        const SetupResult<NumberFacts> facts = wait_for<NumberFacts>([&](auto done) {
            meta_.setup.read_number(deployment_.channel, deployment_.access_token, std::move(done));
        });
        if (!facts) return add(fail("number", name_, text_of(facts.error()), facts.error().remedy));
        judge_number(*facts);
        if (facts->health) judge_health(*facts->health);
    }

    void judge_number(const NumberFacts& facts) {
        std::string text = facts.display_number;
        if (!facts.verified_name.empty()) text += ", " + in_quotes(facts.verified_name);
        text += ", " + facts.status;
        if (!facts.is_registered() && !facts.status.empty()) {
            const bool is_new =
                facts.status == "PENDING" || facts.status == "DISCONNECTED" || facts.status == "UNVERIFIED";
            add(fail("number", name_, text + ": it cannot send",
                     is_new ? "register it: see \"What you need from Meta\" in docs/whatsapp-setup.md"
                            : in_manager));
        } else {
            if (!facts.quality.empty()) text += ", quality " + facts.quality;
            add(facts.quality == "RED" || facts.quality == "YELLOW"
                    ? warn("number", name_, text,
                           "people block or report it; Meta lowers its limits: write less, and only to who "
                           "wants it")
                    : pass("number", name_, text));
        }
        judge_small_print(facts);
    }

    void judge_small_print(const NumberFacts& facts) {
        if (facts.code_verification == "NOT_VERIFIED")
            add(warn("number", name_, "is not verified by code", "verify it in WhatsApp Manager"));
        if (facts.name_status == "DECLINED" || facts.name_status == "EXPIRED")
            add(warn("number", name_, "its display name is " + facts.name_status,
                     "propose another name in WhatsApp Manager"));
        if (facts.account_mode == "SANDBOX")
            add(warn("number", name_, "is a test number: it reaches only the recipients entered at Meta",
                     "enter them under WhatsApp, API Setup, or add a number of your own"));
    }

    void judge_health(const SendingHealth& health) {
        for (const HealthEntity& entity : health.entities) {
            const std::string who = entity.type + " " + entity.id + " is " + entity.can_send;
            for (const HealthIssue& issue : entity.issues)
                add(fail(
                    "health", name_,
                    who + ": " + std::to_string(issue.code) + " " + printable_line(issue.description),
                    issue.possible_solution.empty() ? in_manager : printable_line(issue.possible_solution)));
            for (const std::string& remark : entity.remarks)
                add(warn("health", name_, who + ": " + printable_line(remark), in_manager));
            if (!entity.issues.empty() || !entity.remarks.empty()) continue;
            if (entity.can_send == "BLOCKED") add(fail("health", name_, who, in_manager));
            if (entity.can_send == "LIMITED") add(warn("health", name_, who, in_manager));
        }
        if (health.can_send == "AVAILABLE") add(pass("health", name_, "Meta lets it send"));
    }

    // Meta's sentences may be long: control characters go, words stay.
    static std::string printable_line(const std::string& text) {
        std::string line = text.substr(0, 400);
        std::replace_if(
            line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
        return line;
    }

    void examine_subscription() {
        std::string account = deployment_.waba_id;
        if (account.empty() && accounts_.size() == 1) account = accounts_.front();
        if (account.empty())
            return add(skip("subscription", name_, "its WhatsApp Business Account is not known",
                            "write deployments." + name_ + ".waba_id"));
        const auto apps = wait_for<std::vector<AppSubscription>>([&](auto done) {
            meta_.setup.list_subscriptions(account, deployment_.access_token, std::move(done));
        });
        if (!apps) return add(fail("subscription", name_, text_of(apps.error()), apps.error().remedy));
        const auto ours = std::find_if(apps->begin(), apps->end(), [&](const AppSubscription& one) {
            return answer_.app_id.empty() || one.app_id == answer_.app_id;
        });
        if (ours == apps->end()) return add(not_subscribed(account));
        answer_.url = ours->override_url;
        add(pass("subscription", name_,
                 "the app gets the webhooks of account " + account +
                     (ours->override_url.empty() ? "" : ", at " + ours->override_url)));
    }

    // A number may have an address of its own, which the account's subscription does not show.
    void examine_address() {
        const auto urls = wait_for<NumberWebhooks>([&](auto done) {
            meta_.webhooks.of_number(deployment_.channel, deployment_.access_token, std::move(done));
        });
        if (!urls || urls->effective().empty()) return;
        answer_.url = urls->effective();
        if (!urls->number.empty())
            add(pass("subscription", name_, "the number has an address of its own: " + urls->number));
    }

    Finding not_subscribed(const std::string& account) const {
        const std::string app =
            answer_.app_id.empty() ? "no app is" : "the app " + answer_.app_id + " is not";
        return fail("subscription", name_, app + " subscribed to account " + account + ": no message arrives",
                    "subscribe it: `curl -X POST -H \"Authorization: Bearer $TOKEN\" "
                    "https://graph.facebook.com/v25.0/" +
                        account + "/subscribed_apps`");
    }

    const std::string name_;
    const Deployment& deployment_;
    const AppConfig* app_;
    const MetaPorts& meta_;
    const WallTime now_;
    std::vector<std::string> accounts_;  // that the token is granted for
    NumberAnswer answer_;
};

}  // namespace

NumberAnswer examine_number(const DeploymentConfig& deployment, const AppConfig* app, const MetaPorts& meta,
                            WallTime now) {
    return Examination(deployment, app, meta, now).run();
}

}  // namespace parley::doctor

#include "whatsapp/graph_webhook_settings.hpp"

#include "whatsapp/graph_answer.hpp"
#include "whatsapp/setup_advice.hpp"
#include "whatsapp/setup_checks.hpp"

namespace parley {
namespace {

// Fields come as names or, since v2.5, as objects with a name and a version.
std::vector<std::string> read_fields(const GraphJson& list) {
    std::vector<std::string> names;
    if (!list.is_array()) return names;
    for (const GraphJson& item : list)
        names.push_back(item.is_string() ? item.get<std::string>() : text_of(item, "name"));
    return names;
}

std::optional<AppWebhook> read_webhook(const GraphJson& answer) {
    const GraphJson& data = member_of(answer, "data");
    if (!data.is_array()) return std::nullopt;
    for (const GraphJson& item : data) {
        if (text_of(item, "object") != "whatsapp_business_account") continue;
        const GraphJson& active = member_of(item, "active");
        return AppWebhook{text_of(item, "callback_url"), !active.is_boolean() || active.get<bool>(),
                          read_fields(member_of(item, "fields"))};
    }
    return std::nullopt;
}

}  // namespace

GraphWebhookSettings::GraphWebhookSettings(GraphOptions options, HttpClient& http)
    : caller_(std::move(options)), http_(http) {}

void GraphWebhookSettings::of_app(const std::string& app_id, const Secret& app_secret,
                                  SetupDone<std::optional<AppWebhook>> done) {
    if (!is_path_safe(app_id))
        return done(refuse_setup(Errc::invalid_input, "the app id is missing or wrong",
                                 "copy it from the top of the app's dashboard"));
    const Secret token = make_app_token(app_id, app_secret);
    http_.start(caller_.make("GET", app_id + "/subscriptions", token),
                [token, app_secret, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_setup_failure(outcome, {token, app_secret}))
                        return done(std::move(*failure));
                    done(read_webhook(parse_answer(outcome.reply->body)));
                });
}

void GraphWebhookSettings::of_number(const PhoneNumberId& number, const Secret& token,
                                     SetupDone<NumberWebhooks> done) {
    if (auto refused = check_number_id(number)) return done(std::move(*refused));
    http_.start(
        caller_.make("GET", number.str() + "?fields=webhook_configuration", token),
        [token, done = std::move(done)](HttpOutcome outcome) mutable {
            if (auto failure = find_setup_failure(outcome, {token})) return done(std::move(*failure));
            const GraphJson answer = parse_answer(outcome.reply->body);
            const GraphJson& urls = member_of(answer, "webhook_configuration");
            done(NumberWebhooks{text_of(urls, "phone_number"), text_of(urls, "whatsapp_business_account"),
                                text_of(urls, "application")});
        });
}

Secret make_app_token(const std::string& app_id, const Secret& app_secret) {
    return Secret(app_id + '|' + std::string(app_secret.reveal()));
}

}  // namespace parley

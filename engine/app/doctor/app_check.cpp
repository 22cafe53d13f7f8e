#include "app/doctor/app_check.hpp"

#include <algorithm>

#include "app/doctor/asking.hpp"

namespace parley::doctor {
namespace {

constexpr const char* in_dashboard =
    "in the app's dashboard, WhatsApp, Configuration: callback URL, verify token, then subscribe the field "
    "messages";

Finding judge(const std::string& name, const AppWebhook& webhook, const WhatsappConfig& whatsapp) {
    const auto& fields = webhook.fields;
    if (std::find(fields.begin(), fields.end(), "messages") == fields.end())
        return fail("app", name, "the field messages is not subscribed: no message arrives", in_dashboard);
    if (!webhook.is_active)
        return fail("app", name, "Meta has switched its webhook off",
                    std::string("verify it again ") + in_dashboard);
    if (const std::string& base = whatsapp.webhook_base_url;
        !base.empty() && !webhook.callback_url.starts_with(base))
        return warn("app", name,
                    "Meta posts to " + webhook.callback_url + ", while whatsapp.webhook_base_url is " + base,
                    "correct the one that is wrong");
    return pass("app", name, "Meta posts messages to " + webhook.callback_url);
}

Finding no_answer(const std::string& name, const std::string& app_id, const SetupFailure& failure) {
    if (failure.kind == Errc::unauthorized || failure.kind == Errc::not_found)
        return fail("app", name,
                    "Meta does not take its secret for the app " + app_id + " (" + failure.reason +
                        "): webhooks cannot be verified with it",
                    "copy the app secret and the app id of the same app: App settings, Basic");
    return fail("app", name, text_of(failure), failure.remedy);
}

}  // namespace

AppAnswer examine_app(const AppConfig& app, const std::string& app_id, const WhatsappConfig& whatsapp,
                      GraphWebhookSettings& meta) {
    const std::string& name = app.id.str();
    if (app_id.empty() || app.app_secrets.empty())
        return {{skip("app", name, std::string(app_id.empty() ? "its id" : "its secret") + " is not known",
                      "write its app_id and app_secret to have its webhook looked at")},
                {}};
    const auto webhook = wait_for<std::optional<AppWebhook>>(
        [&](auto done) { meta.of_app(app_id, app.app_secrets.front(), std::move(done)); });
    if (!webhook) return {{no_answer(name, app_id, webhook.error())}, {}};
    if (!webhook->has_value())
        return {{fail("app", name, "the app has no WhatsApp webhook: nothing arrives", in_dashboard)}, {}};
    return {{judge(name, **webhook, whatsapp)}, (*webhook)->callback_url};
}

}  // namespace parley::doctor

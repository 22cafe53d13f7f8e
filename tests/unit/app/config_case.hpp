// What the tests of the configuration share: an environment with planted secrets, a time, and loading a text.
#pragma once

#include <string>
#include <string_view>

#include "app/config_loader.hpp"

namespace parley::test {

// Everything that must never be shown begins with this.
inline constexpr std::string_view planted = "planted-";

inline const Environment& environment() {
    static const Environment variables{
        {"WHATSAPP_APP_SECRET", "planted-app-secret"},
        {"WHATSAPP_VERIFY_TOKEN", "planted-verify-token"},
        {"WHATSAPP_ACCESS_TOKEN", "planted-access-token"},
        {"TOKEN", "planted-token"},
        {"SUPPORT_TOKEN", "planted-support-token"},
        {"OTHER_SECRET", "planted-other-secret"},
        {"API_KEY", "planted-api-key"},
        {"WEBHOOK_VERIFY_TOKEN", "planted-webhook-token"},
        {"AGENT_WEBHOOK_SECRET", "planted-agent-secret"},
        {"AGENT_WEBHOOK_URL", "https://bot.example.com/"},
        {"WHATSAPP_PHONE_NUMBER_ID", "100000000000009"},
        {"EMPTY", ""},
    };
    return variables;
}

inline WallTime now() {
    return std::chrono::sys_days(std::chrono::year(2026) / 9 / 21);
}

inline LoadReport load(std::string_view text) {
    return load_config("test.yaml", text, environment(), now());
}

// A deployment that has nothing wrong, with `lines` (indented by four) added to it.
inline std::string with_deployment(std::string_view lines) {
    return "whatsapp: { app_secret: \"${WHATSAPP_APP_SECRET}\", verify_token: \"${WHATSAPP_VERIFY_TOKEN}\" "
           "}\n"
           "deployments:\n  a:\n    phone_number_id: \"1\"\n    access_token: ${TOKEN}\n    agent: echo\n" +
           std::string(lines);
}

inline std::string errors_of(const LoadReport& report) {
    std::string text;
    for (const Diagnostic& one : report.errors) text += to_text(one);
    return text;
}

}  // namespace parley::test

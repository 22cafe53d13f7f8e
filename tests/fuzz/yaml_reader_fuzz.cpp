// Any text as a configuration, and as a .env: reading ends, what it complains about lies inside the text,
// nothing of the environment's values is shown, and a configuration without mistakes keeps its rules.
#include <algorithm>
#include <set>
#include <string_view>

#include "app/config_loader.hpp"
#include "app/dot_env.hpp"
#include "app/scalars.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace parley;

constexpr std::string_view planted = "pl4nted";

void require_decent(const Diagnostics& diagnostics, std::string_view text) {
    const auto lines = static_cast<unsigned>(std::count(text.begin(), text.end(), '\n')) + 1;
    for (const Diagnostic& one : diagnostics) {
        PARLEY_REQUIRE(one.at.line <= lines);
        PARLEY_REQUIRE((one.at.line == 0) == (one.at.column == 0));
        PARLEY_REQUIRE(!one.what.empty());
        const std::string shown = to_text(one);
        PARLEY_REQUIRE(shown.find(planted) == std::string::npos);
        PARLEY_REQUIRE(std::count(shown.begin(), shown.end(), '\n') == (one.instead.empty() ? 1 : 2));
        PARLEY_REQUIRE(shown.find('\x1b') == std::string::npos);
    }
}

void require_rules(const Config& config) {
    std::set<std::string> numbers;
    unsigned defaults = 0;
    for (const DeploymentConfig& one : config.deployments) {
        PARLEY_REQUIRE(!one.deployment.channel.empty() && !one.deployment.access_token.empty());
        PARLEY_REQUIRE(!one.deployment.agent.empty() && !one.deployment.app.empty());
        PARLEY_REQUIRE(parse_name(one.deployment.id.str()).has_value());
        PARLEY_REQUIRE(numbers.insert(one.deployment.channel.str()).second);
        PARLEY_REQUIRE(one.config_json.starts_with('{') && one.config_json.ends_with('}'));
        defaults += one.deployment.is_default ? 1 : 0;
    }
    PARLEY_REQUIRE(defaults <= 1);
    const bool is_trial = config.whatsapp.allow_unsigned || config.admin.allow_anonymous;
    PARLEY_REQUIRE(!is_trial || is_loopback(config.server.listen));
    for (const AppConfig& app : config.whatsapp.apps) {
        PARLEY_REQUIRE(!app.app_secrets.empty() || app.id == AppId("default"));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Environment environment{
        {"TOKEN", "pl4nted-token"},           {"WHATSAPP_APP_SECRET", "pl4nted-app-secret"},
        {"API_KEY", "pl4nted-key"},           {"WHATSAPP_VERIFY_TOKEN", "pl4nted-verify-token"},
        {"OTHER_SECRET", "pl4nted-other"},    {"SUPPORT_TOKEN", "pl4nted-support-token"},
        {"WHATSAPP_PHONE_NUMBER_ID", "1234"}, {"WHATSAPP_ACCESS_TOKEN", "pl4nted-access-token"},
    };
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find(planted) != std::string_view::npos) return 0;  // then it may be shown
    const LoadReport report =
        load_config("no-such-folder/fuzz.yaml", text, environment, from_unix_ms(1'790'000'000'000));
    require_decent(report.errors, text);
    require_decent(report.warnings, text);
    if (report.errors.empty()) require_rules(report.config);

    const DotEnv dot_env = parse_dot_env(text);
    require_decent(dot_env.errors, text);
    for (const auto& [name, value] : dot_env.variables) PARLEY_REQUIRE(!name.empty());
    return 0;
}

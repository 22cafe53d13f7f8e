#include "forwarder_config.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

#include <parley/sdk/settings.hpp>

#include "webhook_signature.hpp"

namespace forwarder {
namespace {

using parley::ConfigError;
using parley::Json;

constexpr std::int64_t longest_timeout_ms = 600'000;
constexpr std::int64_t most_attempts = 100;
constexpr std::size_t most_headers = 50;
constexpr std::chrono::hours most_retry{7 * 24};

std::string to_lower(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

// Settings::text() would quote what it found, and that may be a secret.
std::optional<std::string> unquoted_text(parley::Settings& settings, const std::string& key,
                                         const std::string& expected) {
    const Json* value = settings.find(key);
    if (!value) return std::nullopt;
    if (!value->is_string()) throw ConfigError(key + ": expected " + expected);
    return value->get<std::string>();
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

// The rest, such as private addresses, is the host's to judge when the request is made.
std::string_view url_problem(std::string_view url) {
    const auto is_foreign = [](unsigned char c) { return c <= 0x20 || c >= 0x7f; };
    if (std::any_of(url.begin(), url.end(), is_foreign))
        return "it holds blanks or letters that are not ASCII; write those as %XX, and host names as "
               "punycode";
    const std::string lower = to_lower(url.substr(0, 8));
    const std::size_t scheme = lower == "https://" ? 8 : lower.starts_with("http://") ? 7 : 0;
    if (scheme == 0) return "it must begin with https:// or http://";
    if (url.find('#') != std::string_view::npos) return "a fragment (#) is never sent; leave it out";

    const std::string_view rest = url.substr(scheme);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos)
        return "it must not hold a user or password; write them as a header instead: headers: { "
               "Authorization: … }";
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return "the host is malformed";
    const std::size_t colon = authority.find(':', bracket);
    if (authority.empty() || colon == 0) return "the host is missing";
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1)))
        return "the port must be a number from 1 to 65535";
    return {};
}

std::string read_url(parley::Settings& settings) {
    const std::string example = "write, for example:  url: https://bot.example.com/webhook";
    const auto url = unquoted_text(settings, "url", "the address of the bot; " + example);
    if (!url) throw ConfigError("url: is missing; " + example);
    const std::string_view problem = url_problem(*url);
    if (!problem.empty()) throw ConfigError("url: " + std::string(problem) + "; " + example);
    return *url;
}

std::string read_signing_key(parley::Settings& settings) {
    const auto secret =
        unquoted_text(settings, "secret", "a text; write, for example:  secret: ${FORWARDER_SECRET}");
    if (!secret) return {};
    if (secret->empty())
        throw ConfigError(
            "secret: is empty; give it a value, or leave the key out to send without a signature");
    if (secret->find("${secret:") != std::string::npos)
        throw ConfigError(
            "secret: ${secret:NAME} works in headers only, the signature needs the value itself; write "
            "${NAME}");
    const auto key = to_signing_key(*secret);
    if (!key) throw ConfigError("secret: whsec_ must be followed by base64; any other text is used as it is");
    return *key;
}

Format read_format(parley::Settings& settings) {
    const std::string format = settings.text("format").value_or("bsp");
    if (format == "bsp") return Format::bsp;
    if (format == "whatsapp") return Format::whatsapp;
    throw ConfigError("format: expected bsp or whatsapp, found \"" + format + '"');
}

// 90s, 30m, 24h, 2d
std::optional<std::chrono::milliseconds> read_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count < 0 || count > 1'000'000) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "m") return std::chrono::minutes(count);
    if (unit == "h") return std::chrono::hours(count);
    if (unit == "d") return std::chrono::hours(24 * count);
    return std::nullopt;
}

void read_whatsapp(parley::Settings& settings, ForwarderConfig& read) {
    if (const auto secret = unquoted_text(settings, "app_secret",
                                          "a text; write, for example:  app_secret: ${BOT_APP_SECRET}")) {
        if (secret->empty())
            throw ConfigError("app_secret: is empty; give it the secret that the bot verifies webhooks with");
        read.app_secret = *secret;
    }
    if (const auto text = settings.text("retry_for")) {
        const auto duration = read_duration(*text);
        if (!duration || *duration < std::chrono::seconds(1) || *duration > most_retry)
            throw ConfigError("retry_for: expected 1s to 7d, for example 24h; found \"" + *text + '"');
        read.retry_for = *duration;
    }
    settings.flag("statuses");  // for the host: the manifest's events_when
}

void refuse_keys_of(parley::Settings& settings, std::initializer_list<const char*> keys, const char* other) {
    for (const char* key : keys)
        if (settings.find(key))
            throw ConfigError(std::string(key) + ": belongs to format: " + other + "; leave it out");
}

bool is_token(std::string_view name) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    const auto allowed = [&](unsigned char c) {
        return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
    };
    return !name.empty() && name.size() <= 256 && std::all_of(name.begin(), name.end(), allowed);
}

void check_header_name(const std::string& name) {
    constexpr std::array<std::string_view, 11> ours{
        "connection",         "content-length", "content-type",      "host",       "te",
        "transfer-encoding",  "upgrade",        "webhook-signature", "webhook-id", "webhook-timestamp",
        "x-hub-signature-256"};
    if (!is_token(name)) throw ConfigError("headers: \"" + name + "\" is no header name");
    if (std::find(ours.begin(), ours.end(), to_lower(name)) != ours.end())
        throw ConfigError("headers: " + name + " is set by the forwarder; leave it out");
}

std::string read_header_value(const std::string& name, const Json& value) {
    if (!value.is_string()) throw ConfigError("headers." + name + ": expected a text; put it in quotes");
    const auto& text = value.get_ref<const std::string&>();
    const auto is_control = [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), is_control))
        throw ConfigError("headers." + name + ": holds a line break or another control character");
    for (std::size_t at = text.find("${secret:"); at != std::string::npos; at = text.find("${secret:", at)) {
        at = text.find('}', at);
        if (at == std::string::npos)
            throw ConfigError("headers." + name + ": ${secret: is not closed; write ${secret:NAME}");
    }
    return text;
}

std::vector<std::pair<std::string, std::string>> read_headers(parley::Settings& settings) {
    std::vector<std::pair<std::string, std::string>> headers;
    const Json* object = settings.find("headers");
    if (!object) return headers;
    const std::string example =
        "write, for example:  headers: { Authorization: \"Bearer ${secret:BOT_TOKEN}\" }";
    if (!object->is_object()) throw ConfigError("headers: expected names and texts; " + example);
    if (object->size() > most_headers) throw ConfigError("headers: more than 50");
    for (const auto& [name, value] : object->items()) {
        check_header_name(name);
        const auto is_same = [&](const auto& other) { return to_lower(other.first) == to_lower(name); };
        if (std::any_of(headers.begin(), headers.end(), is_same))
            throw ConfigError("headers." + name + ": is there twice");
        headers.emplace_back(name, read_header_value(name, value));
    }
    return headers;
}

}  // namespace

ForwarderConfig read_config(const parley::Config& config) {
    parley::Settings settings(config);
    ForwarderConfig read;
    read.format = read_format(settings);
    read.url = read_url(settings);
    if (read.format == Format::whatsapp) {
        refuse_keys_of(settings, {"secret", "max_attempts"}, "bsp");
        read_whatsapp(settings, read);
    } else {
        refuse_keys_of(settings, {"app_secret", "retry_for", "statuses"}, "whatsapp");
        read.signing_key = read_signing_key(settings);
    }
    read.headers = read_headers(settings);
    if (const auto ms = settings.number("timeout_ms", 1, longest_timeout_ms))
        read.timeout = std::chrono::milliseconds(*ms);
    if (const auto attempts = settings.number("max_attempts", 1, most_attempts))
        read.max_attempts = static_cast<int>(*attempts);
    settings.no_others();
    return read;
}

}  // namespace forwarder

#include "app/config_checks.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "app/scalars.hpp"
#include "base/crypto/sealing.hpp"
#include "base/suggestion.hpp"
#include "core/agent_events.hpp"

namespace parley {
namespace {

using namespace std::chrono;

struct GraphVersion {
    std::string_view name;
    year_month_day until;
};

// Meta's "Graph API changelog", as of August 2026. Versions that are older than these expired before them.
constexpr std::array graph_versions{
    GraphVersion{"v18.0", 2026y / January / 26},   GraphVersion{"v19.0", 2026y / May / 21},
    GraphVersion{"v20.0", 2026y / September / 24}, GraphVersion{"v21.0", 2027y / January / 21},
    GraphVersion{"v22.0", 2027y / May / 20},       GraphVersion{"v23.0", 2027y / October / 8},
    GraphVersion{"v24.0", 2028y / February / 18},  GraphVersion{"v25.0", 2028y / July / 29},
};

Position place_of(const KeyPlaces& places, const std::string& path) {
    const auto found = places.find(path);
    return found == places.end() ? Position{} : found->second;
}

std::string key_path(const DeploymentConfig& deployment, std::string_view key) {
    return "deployments." + printable(deployment.deployment.id.str()) + "." + std::string(key);
}

std::string on_line(Position at) {
    return "on line " + std::to_string(at.line);
}

bool shares_secret(const std::vector<Secret>& a, const std::vector<Secret>& b) {
    return std::any_of(a.begin(), a.end(), [&](const Secret& one) {
        return std::any_of(b.begin(), b.end(),
                           [&](const Secret& other) { return one.equals(other.reveal()); });
    });
}

// The number behind "v", of a name that parse_api_version accepted.
int major_of(std::string_view version) {
    int number = 0;
    for (const char c : version.substr(1)) {
        if (c < '0' || c > '9') break;
        number = number * 10 + (c - '0');
    }
    return number;
}

class Checker {
  public:
    Checker(Config& config, const KeyPlaces& places, Findings& findings)
        : config_(config), places_(places), findings_(findings) {}

    void run(WallTime now) {
        check_loopback("whatsapp.allow_unsigned", config_.whatsapp.allow_unsigned);
        check_loopback("admin.allow_anonymous", config_.admin.allow_anonymous);
        check_api_version(now);
        check_graph_url();
        settle_apps();
        for (DeploymentConfig& deployment : config_.deployments) settle_app(deployment);
        check_numbers();
        check_proxy_tokens();
        check_admin_keys();
        check_account_keys();
        check_defaults();
        check_verify_token();
        for (const DeploymentConfig& deployment : config_.deployments) {
            check_template(deployment);
            check_events(deployment);
        }
        for (const DeploymentConfig& deployment : config_.deployments) check_shadow(deployment);
        if (config_.deployments.empty() && findings_.errors.empty()) {
            findings_.warning({}, "deployments",
                              "there are none: messages will be stored, and nobody answers");
        }
    }

  private:
    void check_loopback(const std::string& path, bool is_set) {
        if (!is_set || is_loopback(config_.server.listen)) return;
        findings_.error(place_of(places_, path), path,
                        "refused, because server.listen (" + printable(config_.server.listen) +
                            ") is reachable from other machines",
                        "remove it, or write:  listen: 127.0.0.1:8000");
    }

    void check_api_version(WallTime now) {
        const std::string& version = config_.whatsapp.api_version;
        const auto known = std::find_if(graph_versions.begin(), graph_versions.end(),
                                        [&](const GraphVersion& one) { return one.name == version; });
        const bool is_older = major_of(version) < major_of(graph_versions.front().name);
        const bool has_expired = known != graph_versions.end() && floor<days>(now) >= sys_days(known->until);
        if (!is_older && !has_expired) return;
        findings_.warning(place_of(places_, "whatsapp.api_version"), "whatsapp.api_version",
                          version + " has expired; Meta answers as its oldest living version instead",
                          "write:  api_version: " + WhatsappConfig{}.api_version);
    }

    void check_graph_url() {
        const std::string& url = config_.whatsapp.graph_url;
        if (url.starts_with("https://") || is_loopback_url(url)) return;
        findings_.warning(place_of(places_, "whatsapp.graph_url"), "whatsapp.graph_url",
                          "access tokens will cross the network unencrypted", "write an https:// URL");
    }

    // The default app joins the list when anything was given for it.
    void settle_apps() {
        WhatsappConfig& whatsapp = config_.whatsapp;
        std::vector<AppConfig> apps;
        const AppConfig& first = whatsapp.default_app;
        if (!first.app_secrets.empty() || !first.verify_token.empty()) apps.push_back(first);
        for (AppConfig& app : whatsapp.apps) {
            const std::string path = "whatsapp.apps." + printable(app.id.str());
            if (app.id == whatsapp.default_app.id && places_.contains("whatsapp.app_secret")) {
                findings_.error(app.at, path, "the name \"default\" is taken by whatsapp.app_secret",
                                "give it another name");
                continue;
            }
            if (const auto other = with_secret(apps, app.app_secrets)) {
                findings_.error(place_of(places_, path + ".app_secret"), path + ".app_secret",
                                "the same secret as the app \"" + printable((*other)->id.str()) + "\"",
                                "keep one of the two apps");
                continue;
            }
            apps.push_back(std::move(app));
        }
        whatsapp.apps = std::move(apps);
    }

    static std::optional<AppConfig*> with_secret(std::vector<AppConfig>& apps,
                                                 const std::vector<Secret>& secrets) {
        for (AppConfig& app : apps) {
            if (shares_secret(app.app_secrets, secrets)) return &app;
        }
        return std::nullopt;
    }

    void settle_app(DeploymentConfig& one) {
        const bool names_app = places_.contains(key_path(one, "app"));
        const bool brings_app = places_.contains(key_path(one, "app_secret"));
        if (names_app && brings_app) {
            const std::string path = key_path(one, "app_secret");
            findings_.error(place_of(places_, path), path, "given beside `app`, which has a secret already",
                            "remove one of the two");
        } else if (brings_app) {
            bring_app(one);
        } else if (names_app) {
            check_app_name(one);
        } else {
            use_default_app(one);
        }
    }

    // Two deployments of one app must share its id, or the items of one would be refused under the other's.
    void bring_app(DeploymentConfig& one) {
        if (one.app_secrets.empty()) return;
        auto& apps = config_.whatsapp.apps;
        if (const auto same = with_secret(apps, one.app_secrets)) {
            one.deployment.app = (*same)->id;
            for (const Secret& secret : one.app_secrets) {
                if (!shares_secret((*same)->app_secrets, {secret})) (*same)->app_secrets.push_back(secret);
            }
            return;
        }
        one.deployment.app = AppId("deployment:" + one.deployment.id.str());
        apps.push_back({one.deployment.app, one.at, {}, one.app_secrets, {}});
    }

    void check_app_name(const DeploymentConfig& one) {
        const AppId& name = one.deployment.app;
        std::vector<std::string_view> known;
        for (const AppConfig& app : config_.whatsapp.apps) {
            if (app.id == name) return;
            if (!app.id.str().starts_with("deployment:")) known.push_back(app.id.str());
        }
        if (name.empty() || places_.contains("whatsapp.apps." + name.str() + ".app_secret")) return;
        const std::string path = key_path(one, "app");
        const std::string_view meant = nearest(name.str(), known);
        findings_.error(place_of(places_, path), path,
                        "there is no app named " + in_quotes(name.str()) + " under whatsapp.apps",
                        meant.empty() ? "add it:  whatsapp: { apps: { " + printable(name.str()) +
                                            ": { app_secret: ${NAME} } } }"
                                      : "write:  app: " + std::string(meant));
    }

    void use_default_app(DeploymentConfig& one) {
        one.deployment.app = config_.whatsapp.default_app.id;
        const bool is_given =
            places_.contains("whatsapp.app_secret") || places_.contains("whatsapp.apps.default.app_secret");
        if (is_given || config_.whatsapp.allow_unsigned) return;
        findings_.error(one.at, "deployments." + printable(one.deployment.id.str()),
                        "no app secret, so the signature of no webhook could be checked",
                        "add it for all numbers:  whatsapp: { app_secret: ${WHATSAPP_APP_SECRET} }");
    }

    void check_shadow(const DeploymentConfig& one) {
        if (!one.shadow) return;
        const std::string path = key_path(one, "shadow");
        if (one.canary.percent > 0)
            findings_.error(place_of(places_, path), path,
                            "a new version can have a share or listen, not both",
                            "remove `canary`, or write:  shadow: false");
        else if (!one.deployment.is_recorded)
            findings_.error(place_of(places_, path), path,
                            "nobody would see what it says: it goes into the records, and there are none",
                            "add it:  record: true");
    }

    void check_numbers() {
        std::map<std::string, const DeploymentConfig*> owners;
        for (const DeploymentConfig& one : config_.deployments) {
            if (one.deployment.channel.empty()) continue;
            const auto [owner, is_new] = owners.try_emplace(one.deployment.channel.str(), &one);
            if (is_new) continue;
            const DeploymentConfig& first = *owner->second;
            const std::string path = key_path(one, "phone_number_id");
            findings_.error(place_of(places_, path), path,
                            "the number already belongs to " + printable(first.deployment.id.str()) + ", " +
                                on_line(place_of(places_, key_path(first, "phone_number_id"))),
                            "give each deployment a number of its own");
        }
    }

    // The proxy finds a bot's deployment by its token, and Meta's own token is what the proxy keeps from bots.
    void check_proxy_tokens() {
        for (std::size_t i = 0; i < config_.deployments.size(); ++i) {
            const DeploymentConfig& one = config_.deployments[i];
            const Secret& token = one.deployment.proxy_token;
            if (token.empty()) continue;
            const std::string path = key_path(one, "proxy_token");
            for (std::size_t k = 0; k < config_.deployments.size(); ++k) {
                const Deployment& other = config_.deployments[k].deployment;
                const bool is_taken = k < i && other.proxy_token.equals(token.reveal());
                if (!is_taken && !other.access_token.equals(token.reveal())) continue;
                findings_.error(place_of(places_, path), path,
                                "the same as the " + std::string(is_taken ? "proxy_token" : "access_token") +
                                    " of " + printable(other.id.str()),
                                "make up a token for each bot, for example with:  openssl rand -hex 24");
                break;
            }
        }
    }

    // One secret under two names would make the log of calls name the wrong caller.
    void check_admin_keys() {
        const AdminConfig& admin = config_.admin;
        for (auto one = admin.keys.begin(); one != admin.keys.end(); ++one) {
            const std::string_view secret = one->key.reveal();
            std::string other;
            if (admin.api_key.equals(secret)) other = "admin.api_key";
            for (auto before = admin.keys.begin(); before != one; ++before)
                if (before->key.equals(secret)) other = "admin.keys." + printable(before->name) + ".key";
            if (secret.empty() || other.empty()) continue;
            const std::string path = "admin.keys." + printable(one->name) + ".key";
            findings_.error(place_of(places_, path), path, "the same as " + other,
                            "make up a key for each caller, for example with:  openssl rand -hex 24");
        }
    }

    void check_account_keys() {
        const auto read = SealingKeys::read(config_.accounts.keys);
        if (read) return;
        findings_.error(place_of(places_, "accounts.key"), "accounts.key", read.error().message(), "");
    }

    void check_defaults() {
        const DeploymentConfig* first = nullptr;
        for (const DeploymentConfig& one : config_.deployments) {
            if (!one.deployment.is_default) continue;
            if (first == nullptr) {
                first = &one;
                continue;
            }
            const std::string path = key_path(one, "default");
            findings_.error(place_of(places_, path), path,
                            printable(first->deployment.id.str()) + " is the default already, " +
                                on_line(place_of(places_, key_path(*first, "default"))),
                            "remove one of the two");
        }
    }

    void check_events(const DeploymentConfig& one) {
        const auto& told = one.deployment.told;
        if (told.empty() || std::find(told.begin(), told.end(), message_received) != told.end()) return;
        const std::string path = key_path(one, "events");
        findings_.error(place_of(places_, path), path,
                        "message.received is missing: messages always reach the agent",
                        "add it:  events: [message.received, …]");
    }

    // Meta's names are lower-case letters, digits and underscores.
    void check_template(const DeploymentConfig& one) {
        const std::string& name = one.deployment.outside_window.template_name;
        const std::string path = key_path(one, "outside_window.template");
        const bool is_name = std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
        if (!is_name)
            findings_.error(place_of(places_, path), path,
                            "expected the name of a template: lower-case letters, digits and underscores",
                            "write, for example:  template: hello_again");
    }

    void check_verify_token() {
        const bool has_one = places_.contains("whatsapp.verify_token") ||
                             std::any_of(config_.whatsapp.apps.begin(), config_.whatsapp.apps.end(),
                                         [](const AppConfig& app) { return !app.verify_token.empty(); });
        if (has_one || config_.whatsapp.allow_unsigned || config_.deployments.empty()) return;
        findings_.warning({}, "whatsapp.verify_token",
                          "is not set, so Meta cannot verify the webhook's address",
                          "write:  verify_token: ${WHATSAPP_VERIFY_TOKEN}");
    }

    Config& config_;
    const KeyPlaces& places_;
    Findings& findings_;
};

}  // namespace

void check_config(Config& config, const KeyPlaces& places, WallTime now, Findings& findings) {
    Checker(config, places, findings).run(now);
}

}  // namespace parley

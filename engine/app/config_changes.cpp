#include "app/config_changes.hpp"

#include <algorithm>
#include <utility>

#include "app/config_table.hpp"
#include "app/tls_setup.hpp"

namespace parley {
namespace {

constexpr std::string_view needs_restart = "takes effect at the next start";

bool same(const Secret& a, const Secret& b) {
    return a.equals(b.reveal());
}
bool same(const std::vector<Secret>& a, const std::vector<Secret>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Secret& x, const Secret& y) { return same(x, y); });
}
bool same(const std::map<std::string, Secret>& a, const std::map<std::string, Secret>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && same(x.second, y.second);
    });
}
bool same(const DeploymentConfig& a, const DeploymentConfig& b) {
    return a.config_json == b.config_json;  // the slot of `config`
}
template <class T>
bool same(const T& a, const T& b) {
    return a == b;
}

bool is_same(const Key& key, Target& a, Target& b) {
    const Slot other = key.slot(b);
    return std::visit(
        [&]<class S>(const S& mine) {
            if constexpr (std::is_same_v<S, std::monostate>)
                return true;
            else if constexpr (std::is_same_v<S, ChoiceSlot>)
                return mine.get(a) == mine.get(b);
            else
                return same(*mine, *std::get<S>(other));
        },
        key.slot(a));
}

void copy(const Key& key, Target& from, Target& to) {
    const Slot source = key.slot(from);
    std::visit(
        [&]<class S>(const S& mine) {
            if constexpr (std::is_same_v<S, ChoiceSlot>)
                mine.set(to, mine.get(from));
            else if constexpr (std::is_same_v<S, DeploymentConfig*>)  // the slot of `config`
                mine->config_json = std::get<S>(source)->config_json;
            else if constexpr (!std::is_same_v<S, std::monostate>)
                *mine = *std::get<S>(source);
        },
        key.slot(to));
}

bool is_own_app(const AppConfig& app) {
    return app.id.str().starts_with("deployment:");
}

AppConfig* app_of(std::vector<AppConfig>& apps, const AppId& id) {
    const auto found =
        std::find_if(apps.begin(), apps.end(), [&](const AppConfig& app) { return app.id == id; });
    return found == apps.end() ? nullptr : &*found;
}

DeploymentConfig* deployment_of(Config& config, const DeploymentId& id) {
    const auto found = std::find_if(config.deployments.begin(), config.deployments.end(),
                                    [&](const DeploymentConfig& one) { return one.deployment.id == id; });
    return found == config.deployments.end() ? nullptr : &*found;
}

class TakeOver {
  public:
    TakeOver(Config& running, Config& next) : running_(running), next_(next) {
        keeps_tls_ = has_tls(running) == has_tls(next);
    }

    ConfigChanges run() {
        Target from{next_}, to{running_};
        for (const Key& key : config_keys())
            if (key.slot != nullptr && key.path.find('*') == std::string_view::npos)
                compare(key, std::string(key.path), from, to);
        take_apps();
        take_admin_keys();
        take_deployments();
        return std::move(changes_);
    }

  private:
    void compare(const Key& key, const std::string& path, Target& from, Target& to) {
        if (is_same(key, from, to)) return;
        if (key.path.starts_with("server.tls.") && !keeps_tls_) {
            changes_.left.push_back({path, "HTTPS is turned on and off at a start only"});
        } else if (!key.is_live) {
            changes_.left.push_back({path, std::string(needs_restart)});
        } else {
            copy(key, from, to);
            changes_.applied.push_back(path);
        }
    }

    void compare_all(std::string_view below, const std::string& name, Target& from, Target& to) {
        for (const Key& key : config_keys())
            if (key.slot != nullptr && key.path.starts_with(below))
                compare(key, name + "." + std::string(key.path.substr(below.size())), from, to);
    }

    // The keys of the default app have been compared already, and those of a deployment's own will be.
    static bool has_default_app(const Config& config) {
        const AppConfig& app = config.whatsapp.default_app;
        return !app.app_secrets.empty() || !app.verify_token.empty();
    }
    bool is_named(const AppConfig& app) const {
        const bool is_default = app.id == running_.whatsapp.default_app.id;
        return !is_own_app(app) && !(is_default && (has_default_app(running_) || has_default_app(next_)));
    }

    void take_apps() {
        former_apps_ = running_.whatsapp.apps;
        for (AppConfig& app : next_.whatsapp.apps) {
            if (!is_named(app)) continue;
            const std::string path = "whatsapp.apps." + app.id.str();
            AppConfig* const known = app_of(former_apps_, app.id);
            if (known == nullptr) {
                changes_.applied.push_back(path);
                continue;
            }
            AppConfig before = *known;
            Target from{next_, &app}, to{running_, &before};
            compare_all("whatsapp.apps.*.", path, from, to);
        }
        for (const AppConfig& app : former_apps_)
            if (is_named(app) && app_of(next_.whatsapp.apps, app.id) == nullptr)
                changes_.applied.push_back("whatsapp.apps." + app.id.str());
        running_.whatsapp.apps = next_.whatsapp.apps;
    }

    void take_admin_keys() {
        const auto named = [](std::vector<AdminKeyConfig>& keys, const std::string& name) {
            return std::find_if(keys.begin(), keys.end(),
                                [&](const AdminKeyConfig& one) { return one.name == name; });
        };
        for (AdminKeyConfig& key : next_.admin.keys) {
            const std::string path = "admin.keys." + key.name;
            const auto known = named(running_.admin.keys, key.name);
            if (known == running_.admin.keys.end()) {
                changes_.applied.push_back(path);
                continue;
            }
            Target from{next_, nullptr, nullptr, &key}, to{running_, nullptr, nullptr, &*known};
            compare_all("admin.keys.*.", path, from, to);
        }
        for (const AdminKeyConfig& key : running_.admin.keys)
            if (named(next_.admin.keys, key.name) == next_.admin.keys.end())
                changes_.applied.push_back("admin.keys." + key.name);
        running_.admin.keys = next_.admin.keys;
    }

    void take_deployments() {
        for (const DeploymentConfig& one : running_.deployments) {
            if (deployment_of(next_, one.deployment.id) != nullptr) continue;
            changes_.removed.push_back(one.deployment.id);
            changes_.applied.push_back("deployments." + one.deployment.id.str());
        }
        std::vector<DeploymentConfig> all;
        for (DeploymentConfig& one : next_.deployments)
            if (DeploymentConfig* const known = deployment_of(running_, one.deployment.id))
                all.push_back(take_deployment(*known, one));
        for (DeploymentConfig& one : next_.deployments)
            if (deployment_of(running_, one.deployment.id) == nullptr) add_deployment(one, all);
        running_.deployments = std::move(all);
    }

    static bool makes_new_agent(std::string_view key) {
        return key == ".agent" || key == ".config" || key == ".isolation" || key.starts_with(".worker.");
    }

    DeploymentConfig take_deployment(DeploymentConfig one, DeploymentConfig& other) {
        const std::string path = "deployments." + one.deployment.id.str();
        const std::size_t before = changes_.applied.size();
        Target from{next_, nullptr, &other}, to{running_, nullptr, &one};
        compare_all("deployments.*.", path, from, to);
        for (std::size_t i = before; i < changes_.applied.size(); ++i)
            if (makes_new_agent(std::string_view(changes_.applied[i]).substr(path.size()))) {
                changes_.agents.push_back(one.deployment.id);
                break;
            }
        const bool takes = other.deployment.takes_messages;
        if (std::exchange(one.deployment.takes_messages, takes) != takes)
            changes_.applied.push_back(path + ".state");
        one.at = other.at;
        one.agent_at = other.agent_at;
        one.config_at = other.config_at;
        return one;
    }

    // A number that another deployment leaves at the next start only is not free yet.
    void add_deployment(DeploymentConfig& one, std::vector<DeploymentConfig>& all) {
        const std::string path = "deployments." + one.deployment.id.str();
        for (const DeploymentConfig& other : all)
            if (other.deployment.channel == one.deployment.channel) {
                changes_.left.push_back(
                    {path, "its number belongs to " + other.deployment.id.str() + " until the next start"});
                return;
            }
        changes_.applied.push_back(path);
        changes_.agents.push_back(one.deployment.id);
        all.push_back(one);
    }

    Config& running_;
    Config& next_;
    bool keeps_tls_ = true;
    std::vector<AppConfig> former_apps_;
    ConfigChanges changes_;
};

}  // namespace

ConfigChanges take_over(Config& running, Config next) {
    return TakeOver(running, next).run();
}

}  // namespace parley

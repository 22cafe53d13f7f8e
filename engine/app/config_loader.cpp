#include "app/config_loader.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "app/agent_config.hpp"
#include "app/config_checks.hpp"
#include "app/config_table.hpp"
#include "app/dot_env.hpp"
#include "app/firestore_setup.hpp"
#include "app/scalars.hpp"
#include "app/tls_setup.hpp"
#include "app/variables.hpp"
#include "app/yaml_document.hpp"
#include "app/yaml_reader.hpp"
#include "base/suggestion.hpp"

namespace parley {
namespace {

constexpr std::size_t most_bytes = 1U << 20;

// The table as a tree of names: what may stand in which block.
struct Branch {
    const Key* key = nullptr;  // a leaf
    std::string_view first;    // child of the table
    std::map<std::string_view, Branch> children;
};

Branch make_tree() {
    Branch root;
    for (const Key& key : config_keys()) {
        Branch* at = &root;
        std::string_view rest = key.path;
        while (!rest.empty()) {
            const auto dot = rest.find('.');
            if (at->children.empty()) at->first = rest.substr(0, dot);
            at = &at->children[rest.substr(0, dot)];
            rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
        }
        at->key = &key;
    }
    return root;
}

class Loader {
  public:
    Loader(const Variables& variables, Config& config, Findings& findings, KeyPlaces& places)
        : variables_(variables),
          reader_(variables, findings),
          config_(config),
          findings_(findings),
          places_(places) {}

    void load(const YamlNode& root) {
        if (root.kind == YamlNode::Kind::null) return;
        Target target{config_};
        block(root, tree_, "", target);
    }

  private:
    void block(const YamlNode& node, const Branch& branch, const std::string& path, Target& target) {
        if (node.kind == YamlNode::Kind::null) return;  // every key of it is commented out
        if (node.kind != YamlNode::Kind::map) {
            findings_.error(node.at, path,
                            "expected a block of keys, found " + std::string(name_of(node.kind)),
                            shape(branch, path));
            return;
        }
        refuse_repeated_keys(node, path, findings_);
        for (const YamlEntry& entry : node.entries) {
            if (entry.first_at.line == 0) child(entry, branch, path, target);
        }
    }

    void child(const YamlEntry& entry, const Branch& branch, const std::string& path, Target& target) {
        const std::string here = inside(path, entry.key);
        if (branch.children.contains("*")) return element(entry, branch.children.at("*"), path, target);
        const auto found = branch.children.find(entry.key);
        if (found == branch.children.end()) return unknown(entry, branch, path);
        places_[here] = entry.value->at;
        const Branch& below = found->second;
        if (below.key == nullptr) {
            if (entry.key == "pace" && is_word(*entry.value, "off")) return pace_off(target);
            if (entry.key == "outside_window" && is_word(*entry.value, "fail"))
                return;  // as it is without the key
            if (entry.key == "record" && switches_records(*entry.value, target)) return;
            return block(*entry.value, below, here, target);
        }
        if (below.key->type == KeyType::agent_config) return;  // after the secrets, which it may name
        reader_.read(*below.key, here, *entry.value, target);
    }

    // One of the names under `deployments`, `whatsapp.apps` or `admin.keys`.
    void element(const YamlEntry& entry, const Branch& branch, const std::string& path,
                 const Target& target) {
        const std::string here = inside(path, entry.key);
        if (const auto name = parse_name(entry.key); !name) {
            findings_.error(entry.key_at, here, name.error().message() + ", found " + in_quotes(entry.key),
                            "write, for example:  support-desk:");
        }
        if (path == "deployments") return deployment(entry, branch, here, target);
        if (path == "admin.keys") return admin_key(entry, branch, here, target);
        AppConfig app;
        app.id = AppId(entry.key);
        app.at = entry.key_at;
        Target inner{target.config, &app, nullptr};
        element_block(entry, branch, here, inner);
        config_.whatsapp.apps.push_back(std::move(app));
    }

    void admin_key(const YamlEntry& entry, const Branch& branch, const std::string& here,
                   const Target& target) {
        AdminKeyConfig one{entry.key, entry.key_at, {}, {}};
        Target inner{target.config, nullptr, nullptr, &one};
        element_block(entry, branch, here, inner);
        config_.admin.keys.push_back(std::move(one));
    }

    void deployment(const YamlEntry& entry, const Branch& branch, const std::string& here,
                    const Target& target) {
        DeploymentConfig one;
        one.deployment.id = DeploymentId(entry.key);
        one.at = entry.key_at;
        Target inner{target.config, nullptr, &one};
        element_block(entry, branch, here, inner);
        for (const YamlEntry& part : entry.value->entries) {
            if (part.first_at.line != 0) continue;
            if (part.key == "agent") one.agent_at = part.value->at;
            if (part.key == "config")
                read_agent_config(*part.value, here + ".config", variables_, one, findings_);
        }
        config_.deployments.push_back(std::move(one));
    }

    void element_block(const YamlEntry& entry, const Branch& branch, const std::string& here, Target& inner) {
        block(*entry.value, branch, here, inner);
        if (entry.value->kind != YamlNode::Kind::map && entry.value->kind != YamlNode::Kind::null) return;
        for (const auto& [name, below] : branch.children) {
            if (below.key == nullptr || !below.key->is_required || places_.contains(inside(here, name)))
                continue;
            findings_.error(entry.key_at, inside(here, name), "is missing", example_line(*below.key));
        }
    }

    void unknown(const YamlEntry& entry, const Branch& branch, const std::string& path) {
        std::vector<std::string_view> known;
        for (const auto& [name, below] : branch.children) known.push_back(name);
        const std::string_view meant = nearest(entry.key, known);
        if (meant.empty()) {
            return findings_.error(entry.key_at, inside(path, entry.key), "unknown key",
                                   elsewhere(entry.key, known));
        }
        const Key* key = branch.children.at(meant).key;
        findings_.error(entry.key_at, inside(path, entry.key),
                        "unknown key. Did you mean \"" + std::string(meant) + "\"?",
                        key != nullptr ? example_line(*key) : "write:  " + std::string(meant) + ":");
    }

    // A key that belongs to another block is a frequent slip; else the keys that may stand here.
    static std::string elsewhere(std::string_view name, const std::vector<std::string_view>& known) {
        for (const Key& key : config_keys()) {
            if (last_part(key.path) != name) continue;
            std::string path(key.path);
            if (const auto star = path.find('*'); star != std::string::npos) path.replace(star, 1, "NAME");
            return "there is a key of this name elsewhere: " + path;
        }
        std::string text = "known here: ";
        for (std::size_t i = 0; i < known.size(); ++i) text += (i > 0 ? ", " : "") + std::string(known[i]);
        return text;
    }

    static std::string shape(const Branch& branch, const std::string& path) {
        if (path.empty()) return "write, for example:  server: { listen: 127.0.0.1:8000 }";
        const std::string block = "write, for example:  " + std::string(last_part(path)) + ": { ";
        if (branch.first == "*") return block + "NAME: { … } }";
        const Key* key = branch.children.at(branch.first).key;
        return block + std::string(branch.first) + ": " +
               std::string(key != nullptr ? key->example : "{ … }") + " }";
    }

    bool is_word(const YamlNode& node, std::string_view word) const {
        return node.kind == YamlNode::Kind::scalar && variables_.fill(node.text).text == word;
    }

    // A block turns them on, unless it says otherwise.
    bool switches_records(const YamlNode& node, Target& target) const {
        const bool is_off = is_word(node, "false");
        target.deployment->deployment.is_recorded = !is_off;
        return is_off || is_word(node, "true");
    }

    static void pace_off(Target& target) {
        target.deployment->deployment.pace.number_per_second = 0;
        target.deployment->deployment.pace.pair_per_second = 0;
    }

    const Branch tree_ = make_tree();
    const Variables& variables_;
    YamlReader reader_;
    Config& config_;
    Findings& findings_;
    KeyPlaces& places_;
};

void set_file(Diagnostics& diagnostics, const std::string& file) {
    for (Diagnostic& one : diagnostics) {
        if (one.file.empty()) one.file = file;
    }
}

struct FileText {
    std::string text;
    std::string problem;  // empty: it was read
};

FileText read_file(const std::filesystem::path& file) {
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (!std::filesystem::exists(status)) return {{}, "there is no such file"};
    if (std::filesystem::is_directory(status)) return {{}, "this is a folder, not a file"};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return {{}, "cannot be opened: check its permissions"};
    std::string text(most_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) return {{}, "cannot be read"};
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > most_bytes) return {{}, "the file is larger than 1 MiB"};
    return {std::move(text), {}};
}

// The variables of `.env` beside the file, overlaid by the real ones.
Environment with_dot_env(const std::filesystem::path& file, const Environment& environment,
                         Diagnostics& errors) {
    const std::filesystem::path dot_env = file.parent_path() / ".env";
    std::error_code failed;
    if (!std::filesystem::exists(dot_env, failed)) return environment;
    FileText content = read_file(dot_env);
    if (!content.problem.empty()) {
        errors.push_back({dot_env.string(), {}, {}, content.problem, {}});
        return environment;
    }
    DotEnv parsed = parse_dot_env(content.text);
    set_file(parsed.errors, dot_env.string());
    errors.insert(errors.end(), parsed.errors.begin(), parsed.errors.end());
    Environment merged = environment;
    merged.merge(parsed.variables);  // keeps what is there
    return merged;
}

}  // namespace

LoadReport load_config(std::string_view file_name, std::string_view text, const Environment& environment,
                       WallTime now) {
    LoadReport report;
    Config& config = report.config;
    config.file = file_name;
    config.base_dir = std::filesystem::absolute(config.file).parent_path();
    YamlDocument document = parse_yaml(text);
    if (document.root == nullptr) {
        report.errors = std::move(document.errors);
    } else {
        const Variables variables(environment, config.base_dir);
        Findings findings;
        KeyPlaces places;
        Loader(variables, config, findings, places).load(*document.root);
        check_config(config, places, now, findings);
        check_tls(config, places, now, findings);
        check_firestore(config, environment, places, findings);
        report.errors = std::move(findings.errors);
        report.warnings = std::move(findings.warnings);
    }
    sort_by_place(report.errors);
    sort_by_place(report.warnings);
    set_file(report.errors, config.file);
    set_file(report.warnings, config.file);
    return report;
}

LoadReport load_config_file(const std::filesystem::path& file, const Environment& environment, WallTime now) {
    const FileText content = read_file(file);
    if (!content.problem.empty()) {
        LoadReport report;
        report.config.file = file.string();
        report.errors.push_back(
            {file.string(), {}, {}, content.problem, "give the path of a configuration:  --config FILE"});
        return report;
    }
    Diagnostics before;
    const Environment merged = with_dot_env(file, environment, before);
    LoadReport report = load_config(file.string(), content.text, merged, now);
    report.errors.insert(report.errors.begin(), before.begin(), before.end());
    return report;
}

std::string closing_line(const LoadReport& report) {
    const std::size_t errors = report.errors.size();
    return std::to_string(errors) + (errors == 1 ? " error" : " errors") + "; nothing was started.";
}

}  // namespace parley

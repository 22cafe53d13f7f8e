// The one table of configuration keys. The reader, config/reference.yaml, the JSON Schema for editors and the
// table of docs/configuration.md are all made from it; a key's default is the value its member has in
// Config{}.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "app/config.hpp"

namespace parley {

enum class KeyType {
    text,
    digits,
    name,
    flag,
    count,
    threads,  // a count, or auto
    size,
    duration,
    rate,
    ratio,  // 0 to 1
    choice,
    host_port,
    url,
    store_url,
    api_version,
    path,
    agent,
    hosts,  // lists
    networks,
    paths,
    choices,  // of the key's choices
    secret,
    secrets,        // one, or a list while one is being rotated
    named_secrets,  // a block NAME: secret
    agent_config,   // a block, handed on as JSON
    later,          // not supported by this version: only its default may be written
};

// Where a key's value goes. Elements of `whatsapp.apps`, `deployments` and `admin.keys` are filled while they are
// current.
struct Target {
    Config& config;
    AppConfig* app = nullptr;
    DeploymentConfig* deployment = nullptr;
    AdminKeyConfig* admin_key = nullptr;
};

// A choice as its place among the key's choices.
struct ChoiceSlot {
    void (*set)(Target&, std::size_t index);
    std::size_t (*get)(const Target&);
};

using Slot = std::variant<std::monostate, std::string*, bool*, unsigned*, std::size_t*, double*, Millis*,
                          Secret*, PhoneNumberId*, AppId*, std::vector<Secret>*, std::vector<std::string>*,
                          std::map<std::string, Secret>*, DeploymentConfig*, ChoiceSlot>;

struct Key {
    std::string_view path;  // "server.listen"; * stands for any name: "deployments.*.agent"
    KeyType type;
    Slot (*slot)(Target&);     // null for KeyType::later
    std::string_view example;  // a value to show in "write, for example"
    std::string_view help;     // one sentence
    bool is_required = false;  // within its block
    std::int64_t least = 0;    // of counts, sizes (bytes) and durations (ms)
    std::int64_t most = INT64_MAX;
    std::string_view choices = {};   // "text|json"
    std::string_view fallback = {};  // the default as it is written, for KeyType::later; empty: unset
    bool in_reference = false;       // has no default, but reference.yaml sets it to its example
    bool may_be_empty = false;       // an empty value is as good as none
    bool is_live = false;            // a reload applies it at once; else it waits for the next start
};

std::span<const Key> config_keys();

bool is_secret(const Key& key) noexcept;

// The last part of a path: "agent" of "deployments.*.agent".
std::string_view last_part(std::string_view path) noexcept;

std::vector<std::string_view> split_choices(std::string_view choices);

// The value of the key in `target` as it is written in YAML, "" when unset. Secrets are unset or "(secret)".
std::string value_text(const Key& key, Target& target);

// The default as it is written, "" when there is none.
std::string default_text(const Key& key);

}  // namespace parley

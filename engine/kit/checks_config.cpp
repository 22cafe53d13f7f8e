// Level 2: what it does with configurations.
#include <array>

#include <nlohmann/json.hpp>

#include "host/host_text.hpp"
#include "kit/check.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;

constexpr int deepest_schema = 32;

// The path of the first thing that is no JSON Schema; empty: none. Looks at what the host and its editors use.
std::string fault_of_schema(const Json& schema, const std::string& path, int depth) {
    if (schema.is_boolean()) return "";
    if (!schema.is_object()) return path + " is neither an object nor true or false";
    if (depth > deepest_schema) return path + " lies too deep";
    static const std::array<Json, 7> types{"string", "integer", "number", "boolean",
                                           "object", "array",   "null"};
    const auto is_type = [](const Json& name) {
        return std::find(types.begin(), types.end(), name) != types.end();
    };
    if (const auto type = schema.find("type"); type != schema.end()) {
        const bool is_fine =
            type->is_array() ? std::all_of(type->begin(), type->end(), is_type) : is_type(*type);
        if (!is_fine) return path + ".type is " + type->dump() + ", which is no type";
    }
    if (const auto required = schema.find("required"); required != schema.end()) {
        if (!required->is_array()) return path + ".required is no list of names";
        for (const Json& name : *required) {
            if (!name.is_string()) return path + ".required is no list of names";
            if (schema.contains("properties") && !schema["properties"].contains(name.get<std::string>()))
                return path + ".required names " + name.dump() + ", which is none of its properties";
        }
    }
    if (const auto properties = schema.find("properties"); properties != schema.end()) {
        if (!properties->is_object()) return path + ".properties is no object";
        for (const auto& [name, member] : properties->items())
            if (auto fault = fault_of_schema(member, path + "." + name, depth + 1); !fault.empty())
                return fault;
    }
    if (const auto items = schema.find("items"); items != schema.end())
        return fault_of_schema(*items, path + "[]", depth + 1);
    return "";
}

Findings check_schema(const Subject& subject, Progress&) {
    if (subject.manifest.config_schema.empty())
        return {{Verdict::warn, "has no config_schema: people cannot see what can be set",
                 "put one into the manifest; {\"type\":\"object\",\"additionalProperties\":false} if there "
                 "is nothing"}};
    const std::string fault =
        fault_of_schema(Json::parse(subject.manifest.config_schema), "config_schema", 0);
    if (fault.empty()) return {};
    return {{Verdict::fail, "its schema is wrong: " + fault, "see json-schema.org for what may stand there"}};
}

struct Odd {
    std::string name;
    std::string json;
    bool is_forbidden;  // by the schema, or because it is no object at all
};

Json wrong_value_for(const Json& schema) {
    const std::string type = schema.is_object() && schema.contains("type") && schema["type"].is_string()
                                 ? schema["type"].get<std::string>()
                                 : "";
    if (type.empty()) return Json();
    return type == "string" ? Json(42) : Json("not of this type");
}

std::vector<Odd> odd_configs(const Subject& subject) {
    std::vector<Odd> all{{"an array", "[]", true},
                         {"a text", "\"x\"", true},
                         {"no JSON", "{\"a\":", true},
                         {"nothing", "", false},
                         {"null", "null", true},
                         {"an empty object", "{}", false},
                         {"invalid UTF-8", "{\"a\":\"\xFF\xFE\"}", true},
                         {"1000 levels", std::string(1000, '[') + std::string(1000, ']'), true}};
    const Json schema = Json::parse(subject.manifest.config_schema, nullptr, false);
    const Json good = Json::parse(subject.config_json, nullptr, false);
    if (!good.is_object()) return all;
    Json unknown = good;
    unknown["kit_unknown_key"] = 1;
    const bool is_closed = schema.is_object() && schema.value("additionalProperties", Json()) == Json(false);
    all.push_back({"an unknown key", unknown.dump(), is_closed});
    if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object())
        return all;
    for (const auto& [name, member] : schema["properties"].items()) {
        Json odd = good;
        if (const Json wrong = wrong_value_for(member); !wrong.is_null()) {
            odd[name] = wrong;
            all.push_back({name + " of another type", odd.dump(), true});
        }
        odd[name] = std::string(1U << 20, 'x');
        all.push_back({name + " of 1 MiB", odd.dump(), false});
        odd[name] = 1e308;
        all.push_back({name + " of 1e308", odd.dump(), false});
        odd[name] = nullptr;
        all.push_back({name + " of null", odd.dump(), false});
    }
    return all;
}

Findings check_refuses(const Subject& subject, Progress& progress) {
    Findings found;
    for (const Odd& odd : odd_configs(subject)) {
        Probe probe(subject, progress, {.config_json = odd.json.empty() ? " " : odd.json});
        const auto started = probe.start();
        if (!probe.exceptions().empty())
            found.push_back({Verdict::fail,
                             some_of(probe.exceptions()) + " for a configuration with " + odd.name,
                             "no exception may leave a plugin function: return PARLEY_CONFIG and say why"});
        else if (started.ok() && odd.is_forbidden)
            found.push_back({Verdict::warn, "takes a configuration with " + odd.name + " without a word",
                             "refuse it with PARLEY_CONFIG; parley::Settings does it for you"});
        else if (!started.ok() && started.error.empty())
            found.push_back({Verdict::fail,
                             "refuses a configuration with " + odd.name + " without saying why",
                             "write the key and what was expected into `err`"});
        else if (!started.ok() && started.status != PARLEY_CONFIG)
            found.push_back({Verdict::warn,
                             "refuses a configuration with " + odd.name + " with " +
                                 to_string_status(started.status) + " instead of PARLEY_CONFIG",
                             "return PARLEY_CONFIG where the configuration is at fault"});
    }
    return found;
}

std::string answer(Probe& probe) {
    probe.host().set_state("kit-instances", "");
    const auto& turn = probe.say({.text = "Hi", .conversation = "kit-instances"}, "the text \"Hi\"");
    std::string all;
    for (const testing::Reply& reply : turn.replies) all += reply.json + "\n";
    return all;
}

// Another value for everything that the schema lets vary simply.
std::string other_config(const Subject& subject) {
    Json config = Json::parse(subject.config_json, nullptr, false);
    const Json schema = Json::parse(subject.manifest.config_schema, nullptr, false);
    if (!config.is_object() || !schema.is_object() || !schema.contains("properties"))
        return subject.config_json;
    for (const auto& [name, member] : schema["properties"].items()) {
        if (!member.is_object() || member.contains("enum") || member.contains("format")) continue;
        const Json type = member.value("type", Json());
        if (type == "boolean") config[name] = !config.value(name, false);
        if (type == "string" && !config.contains(name)) config[name] = "kit";
    }
    return config.dump();
}

Findings check_instances(const Subject& subject, Progress& progress) {
    Probe first(subject, progress);
    first.must_start();
    const std::string before = answer(first);
    if (answer(first) != before)
        return {{Verdict::skip,
                 "answers the same text differently each time, so its instances cannot be compared", ""}};
    {
        Probe second(subject, progress, {.config_json = other_config(subject)});
        if (second.start().ok()) answer(second);
    }
    {
        Probe refused(subject, progress, {.config_json = "[\"kit\"]"});
        if (refused.start().ok()) answer(refused);
    }
    if (answer(first) == before) return {};
    return {{Verdict::fail, "answers differently once another instance with another configuration has run",
             "keep settings in the instance, not in static or global variables"}};
}

}  // namespace

std::vector<Check> config_checks() {
    return {
        {"config.schema", 2, "has a schema of its settings", {"load.opens"}, check_schema},
        {"config.refuses", 2, "refuses odd configurations with a reason", {"load.answers"}, check_refuses},
        {"config.instances",
         2,
         "keeps the instances of two deployments apart",
         {"load.answers"},
         check_instances},
    };
}

}  // namespace parley::kit

// Scripted faults.
#include "simulator/fault_script.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace parley::sim {
namespace {

constexpr auto calls = std::to_array<std::string_view>(
    {"block_users", "debug_token", "deregister", "media", "media_id", "message_templates", "number",
     "phone_numbers", "register", "request_code", "subscribed_apps", "subscriptions", "verify_code",
     "whatsapp_business_profile"});

constexpr std::int64_t max_delay_ms = 10 * 60 * 1000;

Error wrong(const std::string& key, const std::string& what) {
    return {Errc::invalid_input, "fault." + key + ": " + what};
}

Result<std::int64_t> whole_number(const std::string& key, const Json& value, std::int64_t least,
                                  std::int64_t most) {
    if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        if (number >= least && number <= most) return number;
    }
    return wrong(key,
                 "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

Result<> read_match(const std::string& key, const Json& value, FaultRule& rule) {
    const std::string path = "match." + key;
    if (key == "call") {
        const bool is_known = value.is_string() &&
                              std::find(calls.begin(), calls.end(), value.get<std::string>()) != calls.end();
        if (is_known) {
            rule.call = value.get<std::string>();
            return {};
        }
        std::string names = "expected messages";
        for (const std::string_view call : calls) names += ", " + std::string(call);
        return value == "messages" ? Result<>{} : wrong(path, names);
    }
    if (key == "to" || key == "phone_number_id") {
        if (!value.is_string()) return wrong(path, "expected a string");
        std::string text = value.get<std::string>();
        if (key == "to" && text.starts_with("+")) text.erase(0, 1);
        (key == "to" ? rule.to : rule.phone_number_id) = std::move(text);
        return {};
    }
    if (key == "nth") {
        const auto nth = whole_number(path, value, 1, INT64_MAX);
        if (!nth) return nth.error();
        rule.nth = static_cast<std::uint64_t>(*nth);
        return {};
    }
    if (key != "probability") return wrong(path, "unknown key");
    if (!value.is_number() || value.get<double>() < 0 || value.get<double>() > 1) {
        return wrong(path, "expected a number from 0 to 1");
    }
    rule.probability = value.get<double>();
    return {};
}

Result<> read_number(const std::string& key, const Json& value, FaultRule& rule) {
    const bool status = key == "http_status";
    const bool count = key == "times";
    const auto most = status ? 599 : key == "delay_ms" ? max_delay_ms : count ? INT64_MAX : 9'999'999;
    const auto number = whole_number(key, value, status ? 200 : 0, most);
    if (!number) return number.error();
    if (status)
        rule.http_status = static_cast<int>(*number);
    else if (count)
        rule.times = static_cast<std::uint64_t>(*number);
    else if (key == "delay_ms")
        rule.delay = Millis{*number};
    else
        (key == "graph_code" ? rule.graph_code : rule.graph_subcode) = static_cast<int>(*number);
    return {};
}

Result<> read_rule(const std::string& key, const Json& value, FaultRule& rule) {
    if (key == "http_status" || key == "graph_code" || key == "graph_subcode" || key == "delay_ms" ||
        key == "times") {
        return read_number(key, value, rule);
    }
    if (key == "accept" || key == "later") {
        if (!value.is_boolean()) return wrong(key, "expected true or false");
        (key == "accept" ? rule.accept : rule.later) = value.get<bool>();
        return {};
    }
    if (key == "cut") {
        if (value != "before" && value != "after") return wrong(key, "expected before or after");
        rule.cut = value == "before" ? FaultRule::Cut::before : FaultRule::Cut::after;
        return {};
    }
    if (key != "match") return wrong(key, "unknown key");
    if (!value.is_object()) return wrong(key, "expected an object");
    for (const auto& [name, item] : value.items()) {
        if (auto read = read_match(name, item, rule); !read) return read;
    }
    return {};
}

}  // namespace

std::span<const std::string_view> fault_calls() {
    return calls;
}

Result<FaultRule> parse_fault_rule(const Json& rule) {
    if (!rule.is_object()) return Error(Errc::invalid_input, "a fault is a JSON object");
    FaultRule parsed;
    for (const auto& [key, value] : rule.items()) {
        if (auto read = read_rule(key, value, parsed); !read) return read.error();
    }
    const bool does_something = parsed.http_status != 0 || parsed.graph_code != 0 ||
                                parsed.delay.count() > 0 || parsed.cut != FaultRule::Cut::none;
    if (!does_something)
        return wrong("http_status", "give at least one of http_status, graph_code, delay_ms, cut");
    if (parsed.later && parsed.graph_code == 0) return wrong("later", "needs a graph_code");
    if (parsed.later && !parsed.call.empty()) return wrong("later", "is for messages only");
    if (!parsed.to.empty() && !parsed.call.empty()) return wrong("match.to", "is for messages only");
    return parsed;
}

Json to_json(const FaultRule& rule) {
    Json match = Json::object();
    if (!rule.call.empty()) match["call"] = rule.call;
    if (!rule.to.empty()) match["to"] = rule.to;
    if (!rule.phone_number_id.empty()) match["phone_number_id"] = rule.phone_number_id;
    match["nth"] = rule.nth;
    match["probability"] = rule.probability;
    Json out{{"match", std::move(match)}};
    if (rule.http_status != 0) out["http_status"] = rule.http_status;
    if (rule.graph_code != 0) out["graph_code"] = rule.graph_code;
    if (rule.graph_subcode != 0) out["graph_subcode"] = rule.graph_subcode;
    if (rule.delay.count() > 0) out["delay_ms"] = rule.delay.count();
    if (rule.cut != FaultRule::Cut::none)
        out["cut"] = rule.cut == FaultRule::Cut::before ? "before" : "after";
    if (rule.accept) out["accept"] = true;
    if (rule.later) out["later"] = true;
    out["times"] = rule.times;
    return out;
}

Result<> FaultScript::add(FaultRule rule) {
    if (rules_.size() >= max_rules) return Error(Errc::busy, "there are 1000 fault rules already");
    rules_.push_back(Entry{std::move(rule)});
    return {};
}

template <class Fits>
std::optional<FaultRule> FaultScript::take(const Fits& fits, Random& random) {
    constexpr std::uint64_t scale = 1'000'000;
    for (auto entry = rules_.begin(); entry != rules_.end(); ++entry) {
        const FaultRule& rule = entry->rule;
        if (!fits(rule)) continue;
        if (++entry->seen < rule.nth) continue;
        if (rule.probability < 1 && static_cast<double>(random.below(scale)) >= rule.probability * scale)
            continue;
        FaultRule found = rule;
        if (++entry->used == rule.times) rules_.erase(entry);
        return found;
    }
    return std::nullopt;
}

std::optional<FaultRule> FaultScript::next(std::string_view to, std::string_view phone_number_id,
                                           Random& random) {
    const auto fits = [&](const FaultRule& rule) {
        return rule.call.empty() && (rule.to.empty() || rule.to == to) &&
               (rule.phone_number_id.empty() || rule.phone_number_id == phone_number_id);
    };
    return take(fits, random);
}

std::optional<FaultRule> FaultScript::next_call(std::string_view call, std::string_view id, Random& random) {
    const auto fits = [&](const FaultRule& rule) {
        return rule.call == call && (rule.phone_number_id.empty() || rule.phone_number_id == id);
    };
    return take(fits, random);
}

Json FaultScript::to_json() const {
    Json list = Json::array();
    for (const Entry& entry : rules_) {
        Json rule = sim::to_json(entry.rule);
        rule["seen"] = entry.seen;
        rule["used"] = entry.used;
        list.push_back(std::move(rule));
    }
    return list;
}

}  // namespace parley::sim

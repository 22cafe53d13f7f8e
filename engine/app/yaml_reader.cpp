#include "app/yaml_reader.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/scalars.hpp"
#include "base/suggestion.hpp"
#include "net/networks.hpp"

namespace parley {
namespace {

// The reading of a text type.
Result<std::string> (*parser_of(KeyType type))(std::string_view) {
    switch (type) {
        case KeyType::digits:
            return parse_digits;
        case KeyType::name:
            return parse_name;
        case KeyType::host_port:
            return parse_host_port;
        case KeyType::url:
            return parse_url;
        case KeyType::store_url:
            return parse_store_url;
        case KeyType::api_version:
            return parse_api_version;
        case KeyType::hosts:
            return parse_host_name;
        case KeyType::networks:
            return parse_network;
        default:
            return nullptr;
    }
}

std::string_view meant_flag(std::string_view text) {
    static constexpr std::array yes{"yes", "Yes", "YES", "on", "On", "ON", "1", "y", "True", "TRUE"};
    static constexpr std::array no{"no", "No", "NO", "off", "Off", "OFF", "0", "n", "False", "FALSE"};
    if (std::find(yes.begin(), yes.end(), text) != yes.end()) return "true";
    return std::find(no.begin(), no.end(), text) != no.end() ? "false" : "";
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string listed(const std::vector<std::string_view>& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

std::string duration_text(std::uint64_t ms) {
    return to_duration_text(Millis{static_cast<std::int64_t>(ms)});
}
std::string count_text(std::uint64_t value) {
    return std::to_string(value);
}

Result<std::uint64_t> parse_milliseconds(std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration) return duration.error();
    return static_cast<std::uint64_t>(duration->count());
}

// An unset value of a key that is not supported yet, as people write it.
bool is_unset(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::null:
            return true;
        case YamlNode::Kind::list:
            return node.items.empty();
        case YamlNode::Kind::map:
            return node.entries.empty();
        case YamlNode::Kind::scalar:
            return node.text.empty();
    }
    return true;
}

}  // namespace

void Findings::error(Position at, std::string path, std::string what, std::string instead) {
    errors.push_back({{}, at, std::move(path), std::move(what), std::move(instead)});
}

void Findings::warning(Position at, std::string path, std::string what, std::string instead) {
    warnings.push_back({{}, at, std::move(path), std::move(what), std::move(instead)});
}

void YamlReader::read(const Key& key, const std::string& path, const YamlNode& node, Target& target) {
    const Place place{key, path, node};
    if (key.type == KeyType::later) return read_later(place);
    if (key.may_be_empty && place.node.kind == YamlNode::Kind::scalar) {
        const Variables::Filled filled = variables_.fill(place.node.text);
        if (filled.text.empty() && filled.what.empty()) return;
    }
    const Slot slot = key.slot(target);
    std::visit(
        [&]<class S>(const S& to) {
            if constexpr (std::is_same_v<S, ChoiceSlot>) {
                read_choice(place, to, target);
            } else if constexpr (requires { read_slot(place, to); }) {
                read_slot(place, to);
            }
        },
        slot);
}

void YamlReader::refuse(const Place& place, const std::string& what, std::string instead) {
    findings_.error(place.node.at, place.path, what,
                    instead.empty() ? example_line(place.key) : std::move(instead));
}

void YamlReader::refuse_value(const Place& place, const Scalar& scalar, const Error& problem) {
    const bool expects = problem.message().starts_with("expected");
    std::string instead;
    if (place.key.type == KeyType::networks && !has_variable(place.node.text)) {
        const std::string start = network_start(place.node.text);
        if (!start.empty()) instead = "write:  " + start;
    }
    refuse(place, problem.message() + (expects ? scalar.found : std::string{}), std::move(instead));
}

std::optional<YamlReader::Scalar> YamlReader::scalar(const Place& place) {
    if (place.node.kind != YamlNode::Kind::scalar) {
        refuse(place, "expected a single value, found " + std::string(name_of(place.node.kind)));
        return std::nullopt;
    }
    Variables::Filled filled = variables_.fill(place.node.text);
    if (!filled.what.empty()) {
        refuse(place, filled.what, filled.instead);
        return std::nullopt;
    }
    std::string found;
    // What holds an @ may be a URL with a password.
    if (is_secret(place.key) || place.node.text.find('@') != std::string::npos) {
        found = ", found something else";
    } else if (filled.was_filled) {
        found = ", but " + printable(place.node.text) + " holds something else";
    } else {
        found = ", found " + in_quotes(place.node.text);
    }
    return Scalar{std::move(filled.text), std::move(found)};
}

template <class T>
std::optional<T> YamlReader::parsed(const Place& place, Result<T> (*parse)(std::string_view)) {
    const auto read = scalar(place);
    if (!read) return std::nullopt;
    auto value = parse(read->text);
    if (value) return *value;
    refuse_value(place, *read, value.error());
    return std::nullopt;
}

std::optional<std::uint64_t> YamlReader::whole(const Place& place,
                                               Result<std::uint64_t> (*parse)(std::string_view),
                                               std::string (*write)(std::uint64_t)) {
    const auto value = parsed(place, parse);
    if (!value) return std::nullopt;
    const auto least = static_cast<std::uint64_t>(place.key.least);
    const auto most = static_cast<std::uint64_t>(place.key.most);
    if (*value >= least && *value <= most) return value;
    refuse(place, "must lie between " + write(least) + " and " + write(most));
    return std::nullopt;
}

std::optional<std::string> YamlReader::text(const Place& place) {
    if (const auto parse = parser_of(place.key.type)) return parsed(place, parse);
    const auto read = scalar(place);
    if (!read) return std::nullopt;
    if (read->text.empty()) {
        refuse(place, "is empty");
        return std::nullopt;
    }
    if (place.key.type != KeyType::text && has_control_character(read->text)) {
        refuse(place, "holds a line break or another control character");
        return std::nullopt;
    }
    if (place.key.most != INT64_MAX && read->text.size() > static_cast<std::size_t>(place.key.most)) {
        refuse(place, "is longer than " + std::to_string(place.key.most) + " bytes", "shorten it");
        return std::nullopt;
    }
    return read->text;
}

std::optional<Secret> YamlReader::secret(const Place& place) {
    auto read = scalar(place);
    if (!read) return std::nullopt;
    if (read->text.empty()) {
        const bool is_filled = has_variable(place.node.text);
        refuse(place, is_filled ? printable(place.node.text) + " is empty" : "is empty");
        return std::nullopt;
    }
    if (has_control_character(read->text)) {
        refuse(place, "holds a line break or another control character", "remove it from the value");
        return std::nullopt;
    }
    if (!has_variable(place.node.text)) {
        findings_.warning(place.node.at, place.path, "this secret is written into the file",
                          "keep it in the environment or in .env, and write ${NAME} here");
    }
    return Secret(std::move(read->text));
}

void YamlReader::read_slot(const Place& place, std::string* slot) {
    if (auto value = text(place)) *slot = std::move(*value);
}

void YamlReader::read_slot(const Place& place, PhoneNumberId* slot) {
    if (auto value = text(place)) *slot = PhoneNumberId(std::move(*value));
}

void YamlReader::read_slot(const Place& place, AppId* slot) {
    if (auto value = text(place)) *slot = AppId(std::move(*value));
}

void YamlReader::read_slot(const Place& place, bool* slot) {
    const auto read = scalar(place);
    if (!read) return;
    const auto value = parse_flag(read->text);
    if (value) {
        *slot = *value;
        return;
    }
    const std::string_view meant = meant_flag(read->text);
    const std::string key(last_part(place.key.path));
    refuse(place, value.error().message() + read->found,
           meant.empty() ? std::string{} : "write:  " + key + ": " + std::string(meant));
}

void YamlReader::read_slot(const Place& place, unsigned* slot) {
    if (place.key.type == KeyType::threads && place.node.text == "auto") {
        *slot = 0;
        return;
    }
    if (const auto value = whole(place, parse_count, count_text)) *slot = static_cast<unsigned>(*value);
}

void YamlReader::read_slot(const Place& place, std::size_t* slot) {
    if (const auto value = whole(place, parse_size, to_size_text)) *slot = *value;
}

void YamlReader::read_slot(const Place& place, double* slot) {
    if (const auto value = parsed(place, place.key.type == KeyType::ratio ? parse_ratio : parse_rate))
        *slot = *value;
}

void YamlReader::read_slot(const Place& place, Millis* slot) {
    if (const auto value = whole(place, parse_milliseconds, duration_text)) {
        *slot = Millis{static_cast<std::int64_t>(*value)};
    }
}

void YamlReader::read_slot(const Place& place, Secret* slot) {
    if (auto value = secret(place)) *slot = std::move(*value);
}

void YamlReader::read_slot(const Place& place, std::vector<Secret>* slot) {
    if (place.node.kind != YamlNode::Kind::list) {
        if (auto value = secret(place)) *slot = {std::move(*value)};
        return;
    }
    std::vector<Secret> values;
    for (std::size_t i = 0; i < place.node.items.size(); ++i) {
        const Place item{place.key, place.path + "[" + std::to_string(i) + "]", *place.node.items[i]};
        if (auto value = secret(item)) values.push_back(std::move(*value));
    }
    if (place.node.items.empty()) return refuse(place, "the list is empty");
    *slot = std::move(values);
}

void YamlReader::read_slot(const Place& place, std::vector<std::string>* slot) {
    if (place.node.kind != YamlNode::Kind::list) {
        return refuse(place, "expected a list, found " + std::string(name_of(place.node.kind)));
    }
    std::vector<std::string> values;
    for (std::size_t i = 0; i < place.node.items.size(); ++i) {
        const Place item{place.key, place.path + "[" + std::to_string(i) + "]", *place.node.items[i]};
        auto value = text(item);
        if (!value || (place.key.type == KeyType::choices && !is_choice(item, *value))) continue;
        values.push_back(std::move(*value));
    }
    if (place.key.type == KeyType::choices && place.node.items.empty())
        return refuse(place, "the list is empty");
    *slot = std::move(values);
}

bool YamlReader::is_choice(const Place& place, const std::string& value) {
    const auto choices = split_choices(place.key.choices);
    if (std::find(choices.begin(), choices.end(), value) != choices.end()) return true;
    refuse(place, "expected " + listed(choices) + ", found " + in_quotes(value));
    return false;
}

void YamlReader::read_slot(const Place& place, std::map<std::string, Secret>* slot) {
    if (place.node.kind != YamlNode::Kind::map) {
        return refuse(
            place, "expected a block of names and secrets, found " + std::string(name_of(place.node.kind)));
    }
    refuse_repeated_keys(place.node, place.path, findings_);
    for (const YamlEntry& entry : place.node.entries) {
        const Place item{place.key, inside(place.path, entry.key), *entry.value};
        const auto fits = [](char c) {
            return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                   (c >= 'A' && c <= 'Z');
        };
        if (entry.key.empty() || !std::all_of(entry.key.begin(), entry.key.end(), fits)) {
            findings_.error(entry.key_at, item.path, "a secret's name has letters, digits, - and _ only",
                            example_line(place.key));
            continue;
        }
        if (auto value = secret(item)) slot->insert_or_assign(entry.key, std::move(*value));
    }
}

void YamlReader::read_choice(const Place& place, const ChoiceSlot& slot, Target& target) {
    const auto read = scalar(place);
    if (!read) return;
    const auto choices = split_choices(place.key.choices);
    const auto chosen = std::find(choices.begin(), choices.end(), read->text);
    if (chosen != choices.end()) {
        slot.set(target, static_cast<std::size_t>(chosen - choices.begin()));
        return;
    }
    const std::string_view meant = nearest(read->text, choices);
    const std::string key(last_part(place.key.path));
    refuse(place, "expected " + listed(choices) + read->found,
           meant.empty() ? std::string{} : "write:  " + key + ": " + std::string(meant));
}

void YamlReader::read_later(const Place& place) {
    if (is_unset(place.node)) return;
    if (place.node.kind == YamlNode::Kind::scalar) {
        const Variables::Filled filled = variables_.fill(place.node.text);
        if (!filled.what.empty()) return refuse(place, filled.what, filled.instead);
        if (filled.text.empty() || filled.text == place.key.fallback) return;
    }
    const bool has_default = !place.key.fallback.empty();
    refuse(place, "is not supported by this version yet",
           has_default ? "remove it, or write:  " + std::string(last_part(place.key.path)) + ": " +
                             std::string(place.key.fallback)
                       : "remove it");
}

void refuse_repeated_keys(const YamlNode& map, const std::string& path, Findings& findings) {
    for (const YamlEntry& entry : map.entries) {
        if (entry.first_at.line == 0) continue;
        findings.error(
            entry.key_at, inside(path, entry.key),
            "the key stands here a second time; the first is on line " + std::to_string(entry.first_at.line),
            "remove one of the two");
    }
}

std::string example_line(const Key& key) {
    return "write, for example:  " + std::string(last_part(key.path)) + ": " + std::string(key.example);
}

std::string inside(const std::string& path, std::string_view name) {
    return path.empty() ? printable(name) : path + "." + printable(name);
}

}  // namespace parley

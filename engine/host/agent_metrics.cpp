#include "host/agent_metrics.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace parley {
namespace {

constexpr std::size_t max_name = 64;
constexpr std::size_t max_help = 256;
constexpr std::size_t max_labels = 4;
constexpr std::size_t max_labels_json = 4096;
constexpr std::size_t max_label_name = 32;
constexpr std::size_t max_label_value = 128;
constexpr std::size_t max_bounds = 32;

Error refusal(std::string sentence) {
    return {Errc::invalid_input, std::move(sentence)};
}

bool is_name(std::string_view text, std::size_t most) {
    const auto allowed = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !text.empty() && text.size() <= most && text.front() >= 'a' && text.front() <= 'z' &&
           text.back() != '_' && text.find("__") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_line(std::string_view text, std::size_t most) {
    const auto visible = [](unsigned char c) { return c >= 0x20 && c != 0x7f; };
    return text.size() <= most && std::all_of(text.begin(), text.end(), visible);
}

Result<std::string> exported_name(MetricKind kind, std::string_view name) {
    if (!is_name(name, max_name))
        return refusal(
            "its name must be lower-case letters, digits and single underscores, from a letter on, at "
            "most 64");
    if (kind == MetricKind::counter)
        return "agent_" + std::string(name) + (name.ends_with("_total") ? "" : "_total");
    for (const char* ending : {"_total", "_sum", "_count", "_bucket", "_info", "_created"})
        if (name.ends_with(ending))
            return refusal(std::string("its name ends in ") + ending +
                           ", which Prometheus keeps for other metrics");
    return "agent_" + std::string(name);
}

Result<> read_labels(std::string_view json, MetricLabels& labels) {
    if (json.empty()) return {};
    const auto object =
        json.size() > max_labels_json ? nlohmann::json() : nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object() || object.size() > max_labels)
        return refusal("its labels must be a JSON object of at most 4 strings");
    for (const auto& [name, value] : object.items()) {
        if (!is_name(name, max_label_name) || labels.contains(name) || name == "le" || name == "quantile")
            return refusal("the label \"" + name.substr(0, max_label_name) + "\" cannot be used");
        if (!value.is_string() || !is_line(value.get_ref<const std::string&>(), max_label_value))
            return refusal("the label " + name + " must be a text of one line, at most 128 bytes");
        labels[name] = value.get<std::string>();
    }
    return {};
}

Result<> check_bounds(const MetricDefinition& definition) {
    const auto& bounds = definition.bounds;
    if (definition.kind != MetricKind::histogram) return {};
    const auto ascends = [](double a, double b) { return !(a < b); };
    if (bounds.empty() || bounds.size() > max_bounds ||
        !std::all_of(bounds.begin(), bounds.end(), [](double b) { return std::isfinite(b); }) ||
        std::adjacent_find(bounds.begin(), bounds.end(), ascends) != bounds.end())
        return refusal("its bounds must be 1 to 32 finite numbers, each larger than the one before");
    return {};
}

std::string key_of(const std::string& name, const MetricLabels& labels) {
    std::string key = name;
    for (const auto& [label, value] : labels) key += '\n' + label + '\n' + value;
    return key;
}

}  // namespace

Result<AgentMetrics::Slot> AgentMetrics::make(const MetricDefinition& definition, MetricLabels labels) {
    const auto name = exported_name(definition.kind, definition.name);
    if (!name) return name.error();
    const std::string help(definition.help);
    Slot slot{definition.kind, key_of(*name, labels)};
    try {
        switch (definition.kind) {
            case MetricKind::counter:
                slot.counter = &metrics_.counter(*name, help, labels);
                return slot;
            case MetricKind::gauge:
                slot.gauge = &metrics_.gauge(*name, help, labels);
                return slot;
            case MetricKind::histogram:
                slot.histogram = &metrics_.histogram(*name, help, definition.bounds, labels);
                return slot;
        }
    } catch (const std::invalid_argument&) {
        return refusal("another agent has a metric " + *name + " of another kind");
    }
    return refusal("its kind is none of counter, gauge and histogram");
}

Result<std::uint64_t> AgentMetrics::define(const MetricDefinition& definition, std::uint64_t engines) {
    MetricLabels labels = labels_;
    if (definition.help.empty() || !is_line(definition.help, max_help))
        return refusal("its help must be one line of 1 to 256 bytes");
    if (const auto read = read_labels(definition.labels_json, labels); !read) return read.error();
    if (const auto fine = check_bounds(definition); !fine) return fine.error();
    const std::lock_guard lock(defining_);
    auto slot = make(definition, std::move(labels));
    if (!slot) return slot.error();
    const std::uint64_t count = count_.load();
    for (std::uint64_t i = 0; i < count; ++i)
        if (slots_[i].key == slot->key) return i + 1;
    if (count == slots_.size()) return Error{Errc::busy, "it has 64 already"};
    slot->engines = engines;
    slots_[count] = std::move(*slot);
    count_.store(count + 1, std::memory_order_release);
    return count + 1;
}

bool AgentMetrics::change(std::uint64_t metric, MetricChange change, double value) {
    if (metric == 0 || metric > count_.load(std::memory_order_acquire) || !std::isfinite(value)) return false;
    const Slot& slot = slots_[metric - 1];
    if (change == MetricChange::add && slot.counter != nullptr && value >= 0)
        slot.counter->add(value);
    else if (change == MetricChange::add && slot.gauge != nullptr)
        slot.gauge->add(value);
    else if (change == MetricChange::set && slot.gauge != nullptr)
        slot.gauge->set(value);
    else if (change == MetricChange::observe && slot.histogram != nullptr)
        slot.histogram->observe(value);
    else
        return false;
    return true;
}

}  // namespace parley

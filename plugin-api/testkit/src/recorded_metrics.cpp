#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <parley/testing/recorded_metrics.hpp>

namespace parley::testing {

namespace {

bool is_name(std::string_view text, std::size_t longest) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && text.size() <= longest && text.front() >= 'a' && text.front() <= 'z' &&
           text.back() != '_' && text.find("__") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool ends_like_another_kind(std::string_view name) {
    for (const char* ending : {"_total", "_sum", "_count", "_bucket", "_info", "_created"})
        if (name.ends_with(ending)) return true;
    return false;
}

std::optional<RecordedMetrics::Labels> read_labels(std::string_view json) {
    RecordedMetrics::Labels labels;
    if (json.empty()) return labels;
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object() || object.size() > 4) return std::nullopt;
    for (const auto& [name, value] : object.items()) {
        const bool is_reserved =
            name == "deployment" || name == "agent" || name == "le" || name == "quantile";
        if (!is_name(name, 32) || is_reserved || !value.is_string()) return std::nullopt;
        labels[name] = value.get<std::string>();
        if (labels[name].size() > 128) return std::nullopt;
    }
    return labels;
}

bool are_bounds(const std::vector<double>& bounds) {
    const auto falls = [](double a, double b) { return !(a < b); };
    return !bounds.empty() && bounds.size() <= 32 &&
           std::all_of(bounds.begin(), bounds.end(), [](double b) { return std::isfinite(b); }) &&
           std::adjacent_find(bounds.begin(), bounds.end(), falls) == bounds.end();
}

}  // namespace

std::string RecordedMetrics::define(Kind kind, std::string_view name, std::string_view help,
                                    std::string_view labels_json, const std::vector<double>& bounds,
                                    std::uint64_t& metric) {
    const std::string which = "metric " + std::string(name.substr(0, 80)) + ": ";
    if (!is_name(name, 64) || (kind != Kind::counter && ends_like_another_kind(name)))
        return which + "its name breaks a rule of ext/metrics.h";
    if (help.empty() || help.size() > 256 || help.find('\n') != std::string_view::npos)
        return which + "its help must be one line of 1 to 256 bytes";
    auto labels = read_labels(labels_json);
    if (!labels) return which + "its labels break a rule of ext/metrics.h";
    if (kind == Kind::histogram && !are_bounds(bounds))
        return which + "its bounds must be 1 to 32 ascending numbers";
    std::string full(name);
    if (kind == Kind::counter && !name.ends_with("_total")) full += "_total";
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[i].name != full) continue;
        if (all_[i].kind != kind) return which + "it is defined as another kind already";
        if (all_[i].labels != *labels) continue;
        metric = i + 1;
        return {};
    }
    all_.push_back({kind, std::move(full), std::move(*labels), 0, {}});
    metric = all_.size();
    return {};
}

RecordedMetrics::Recorded* RecordedMetrics::of(std::uint64_t metric, double value) {
    return metric == 0 || metric > all_.size() || !std::isfinite(value) ? nullptr : &all_[metric - 1];
}

bool RecordedMetrics::add(std::uint64_t metric, double amount) {
    Recorded* one = of(metric, amount);
    if (!one || one->kind == Kind::histogram || (one->kind == Kind::counter && amount < 0)) return false;
    one->value += amount;
    return true;
}

bool RecordedMetrics::set(std::uint64_t metric, double value) {
    Recorded* one = of(metric, value);
    if (!one || one->kind != Kind::gauge) return false;
    one->value = value;
    return true;
}

bool RecordedMetrics::observe(std::uint64_t metric, double value) {
    Recorded* one = of(metric, value);
    if (!one || one->kind != Kind::histogram) return false;
    one->observed.push_back(value);
    return true;
}

const RecordedMetrics::Recorded& RecordedMetrics::find(const std::string& name, const Labels& labels) const {
    for (const Recorded& one : all_)
        if (one.name == name && one.labels == labels) return one;
    throw std::out_of_range("the agent has no metric " + name + " with these labels");
}

}  // namespace parley::testing

// Reads an agent's configuration with clear errors:
//
//   parley::Settings settings(config);
//   greeting_ = settings.text("greeting").value_or("Hello");
//   retries_ = settings.number("retries", 0, 10).value_or(3);
//   settings.no_others();
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include <parley/sdk/config.hpp>
#include <parley/sdk/json.hpp>

namespace parley {

// Every function throws ConfigError with the key and what was expected; absent keys are nullopt.
class Settings {
  public:
    explicit Settings(const Config& config) {
        document_ = Json::parse(config.json(), nullptr, false);
        if (!document_.is_object()) throw ConfigError("config: must be a JSON object");
    }

    std::optional<std::string> text(const std::string& key) {
        const Json* value = find(key);
        if (!value) return std::nullopt;
        if (!value->is_string()) throw ConfigError(key + ": expected a text, found " + value->dump());
        return value->get<std::string>();
    }

    std::optional<bool> flag(const std::string& key) {
        const Json* value = find(key);
        if (!value) return std::nullopt;
        if (!value->is_boolean()) throw ConfigError(key + ": expected true or false, found " + value->dump());
        return value->get<bool>();
    }

    std::optional<std::int64_t> number(const std::string& key, std::int64_t least, std::int64_t most) {
        const Json* value = find(key);
        if (!value) return std::nullopt;
        const bool fits = value->is_number_integer() &&
                          !(value->is_number_unsigned() && *value > INT64_MAX) && *value >= least &&
                          *value <= most;
        if (fits) return value->get<std::int64_t>();
        throw ConfigError(key + ": expected a whole number from " + std::to_string(least) + " to " +
                          std::to_string(most) + ", found " + value->dump());
    }

    // The value as it is, for what the functions above do not cover.
    const Json* find(const std::string& key) {
        known_.insert(key);
        const auto found = document_.find(key);
        return found == document_.end() ? nullptr : &*found;
    }

    // Call after all keys were asked for.
    void no_others() const {
        for (const auto& [key, value] : document_.items()) {
            if (!known_.contains(key)) throw ConfigError(key + ": unknown key");
        }
    }

  private:
    Json document_;
    std::set<std::string> known_;
};

}  // namespace parley

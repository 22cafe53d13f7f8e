// How an agent is: return parley::Health::degraded("the CRM is slow");
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <parley/ext/health.h>

namespace parley {

enum class HealthLevel : std::int32_t {
    ok = PARLEY_HEALTH_OK,
    degraded = PARLEY_HEALTH_DEGRADED,
    unhealthy = PARLEY_HEALTH_UNHEALTHY,
};

struct Health {
    HealthLevel level = HealthLevel::ok;
    std::string text;  // one line for people; may be empty

    static Health ok(std::string text = {}) { return {HealthLevel::ok, std::move(text)}; }
    static Health degraded(std::string text) { return {HealthLevel::degraded, std::move(text)}; }
    static Health unhealthy(std::string text) { return {HealthLevel::unhealthy, std::move(text)}; }
};

}  // namespace parley

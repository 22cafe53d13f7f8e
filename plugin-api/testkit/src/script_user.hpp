// The `user` and `http` parts of a script's step.
#pragma once

#include <chrono>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "script_file.hpp"

namespace parley::testing {

Place place_of(const YAML::Node& node);
[[noreturn]] void mistake(const YAML::Node& node, std::string what);
// Throws ScriptMistake when a key of the mapping is not among `known`.
void require_keys(const YAML::Node& node, const std::vector<std::string>& known, const char* what);
// "200ms", "20s", "5m", "23h", "2d"
std::chrono::milliseconds read_duration(const YAML::Node& node);
std::string read_text(const YAML::Node& node, const char* what);

UserMessage read_user(const YAML::Node& node);
std::vector<HttpScript> read_http(const YAML::Node& node);

}  // namespace parley::testing

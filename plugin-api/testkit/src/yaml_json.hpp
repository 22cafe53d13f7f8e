// One node of YAML as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

namespace parley::testing {

// As yaml_to_json().
nlohmann::json to_json(const YAML::Node& node);

}  // namespace parley::testing

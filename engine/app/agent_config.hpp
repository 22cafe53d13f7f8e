// The `config` block of a deployment as the JSON that its agent gets.
//
// Scalars without quotes are typed by YAML 1.2's core schema; what is ambiguous between YAML versions (010)
// or cannot be written in JSON (.inf) is a mistake. A scalar that holds ${…} is text, whatever was filled in.
#pragma once

#include <string>

#include "app/variables.hpp"
#include "app/yaml_document.hpp"
#include "app/yaml_reader.hpp"

namespace parley {

// Fills deployment.config_json and config_at, or reports every mistake. deployment.secrets must be read
// already.
void read_agent_config(const YamlNode& node, const std::string& path, const Variables& variables,
                       DeploymentConfig& deployment, Findings& findings);

}  // namespace parley

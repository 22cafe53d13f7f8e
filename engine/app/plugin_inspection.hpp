// InspectAgent on the plugin host: what `parley check` and `parley serve` learn of an agent without running
// it.
#pragma once

#include "app/agent_inspection.hpp"

namespace parley {

InspectAgent inspect_with_plugin_host();

}  // namespace parley

// The rules between keys: numbers that belong to one deployment, apps whose secrets exist, trials on loopback
// only.
#pragma once

#include <map>
#include <string>

#include "app/config.hpp"
#include "app/yaml_reader.hpp"
#include "base/clock.hpp"

namespace parley {

// Path of every key that the file sets → the place of its value.
using KeyPlaces = std::map<std::string, Position>;

// Reports what does not fit together, and settles whatsapp.apps and every deployment's app. Keys that could
// not be read have their defaults here; what would only be a consequence of that is not reported again.
void check_config(Config& config, const KeyPlaces& places, WallTime now, Findings& findings);

}  // namespace parley

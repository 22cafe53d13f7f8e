// What is written from the table of keys: the reference configuration, the JSON Schema for editors, the table
// of the manual. Committed copies are compared with these by a test, so none can drift.
#pragma once

#include <string>

namespace parley {

// config/reference.yaml: every key with its default and a sentence. It loads when the variables it names are
// set.
std::string reference_yaml();

// config/parley.schema.json: JSON Schema draft 7, which YAML editors understand.
std::string json_schema();

// The table between the marks of docs/configuration.md.
std::string keys_markdown();

}  // namespace parley

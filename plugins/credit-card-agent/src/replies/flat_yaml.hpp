// YAML documents of keys and texts or lists of texts, as facts and content files are.
//
// Promise   Nested maps become dotted keys. A key given twice, a value of another shape and broken YAML are
//           refused with "origin:line:column: …".
// Threads   Pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

struct FlatValue {
    std::vector<std::string> items;  // one for a scalar
    bool is_list = false;
};

using FlatYaml = std::map<std::string, FlatValue, std::less<>>;

// `origin` names the text in errors. Nothing, and a reason in `error`, when it cannot be used.
std::optional<FlatYaml> read_flat_yaml(std::string_view text, const std::string& origin, std::string& error);

// The whole file, or nothing and a reason that names the path.
std::optional<std::string> read_file(const std::string& path, std::string& error);

}  // namespace edge

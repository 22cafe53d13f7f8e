// Checks of single fields of a send, each answered with the error that Graph gives. `path` is Graph's way to
// name a place: text['body'], interactive['action']['buttons'][0].
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/graph_error.hpp"
#include "simulator/json.hpp"

namespace parley::sim {

using Complaint = std::optional<GraphError>;  // none: the field is right

std::string inside(const std::string& path, std::string_view key);  // path['key']
std::string inside(const std::string& path, std::size_t index);     // path[3]

Complaint missing(const std::string& path);                        // 131008
Complaint bad_value(const std::string& path, std::string reason);  // 131009

// Each needs `object` to be an object; an absent field is 131008, a wrong JSON type 100, a bad value 131009.
Complaint check_object(const Json& object, const std::string& path, std::string_view key);
Complaint check_array(const Json& object, const std::string& path, std::string_view key, std::size_t least,
                      std::size_t most);
Complaint check_text(const Json& object, const std::string& path, std::string_view key, std::size_t most);
Complaint check_optional_text(const Json& object, const std::string& path, std::string_view key,
                              std::size_t most);
Complaint check_one_line(const Json& object, const std::string& path, std::string_view key, std::size_t most);
Complaint check_web_address(const Json& object, const std::string& path, std::string_view key);

// 100 for the first key that is not in `known`; "Unexpected key" as Graph says it.
Complaint check_keys(const Json& object, const std::string& path,
                     std::initializer_list<std::string_view> known);

}  // namespace parley::sim

// Checks of single fields of a send.
#include "simulator/field_check.hpp"

#include <algorithm>

#include "base/utf16.hpp"

namespace parley::sim {

std::string inside(const std::string& path, std::string_view key) {
    if (path.empty()) return std::string(key);
    return path + "['" + std::string(key) + "']";
}

std::string inside(const std::string& path, std::size_t index) {
    return path + '[' + std::to_string(index) + ']';
}

Complaint missing(const std::string& path) {
    return graph_error(131008, "Parameter '" + path + "' is mandatory.");
}

Complaint bad_value(const std::string& path, std::string reason) {
    return graph_error(131009, path + ": " + std::move(reason));
}

Complaint check_object(const Json& object, const std::string& path, std::string_view key) {
    const Json* value = member(object, key);
    if (!value || value->is_null()) return missing(inside(path, key));
    if (!value->is_object()) return parameter_error("Param " + inside(path, key) + " must be a JSON object.");
    return {};
}

Complaint check_array(const Json& object, const std::string& path, std::string_view key, std::size_t least,
                      std::size_t most) {
    const Json* value = member(object, key);
    if (!value || value->is_null()) return missing(inside(path, key));
    if (!value->is_array()) return parameter_error("Param " + inside(path, key) + " must be an array.");
    if (value->size() < least || value->size() > most) {
        return bad_value(inside(path, key), "Invalid count " + std::to_string(value->size()) + ". Min: " +
                                                std::to_string(least) + ", Max: " + std::to_string(most));
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
        if (!(*value)[i].is_object()) {
            return parameter_error("Param " + inside(inside(path, key), i) + " must be a JSON object.");
        }
    }
    return {};
}

Complaint check_text(const Json& object, const std::string& path, std::string_view key, std::size_t most) {
    const Json* value = member(object, key);
    if (!value || value->is_null()) return missing(inside(path, key));
    if (!value->is_string()) return parameter_error("Param " + inside(path, key) + " must be a string.");
    const std::size_t length = utf16_units(value->get_ref<const std::string&>());
    if (length < 1 || length > most) {
        return bad_value(inside(path, key), "Length invalid: " + std::to_string(length) +
                                                ". Min length: 1, Max length: " + std::to_string(most));
    }
    return {};
}

Complaint check_optional_text(const Json& object, const std::string& path, std::string_view key,
                              std::size_t most) {
    const Json* value = member(object, key);
    return value && !value->is_null() ? check_text(object, path, key, most) : Complaint{};
}

Complaint check_one_line(const Json& object, const std::string& path, std::string_view key,
                         std::size_t most) {
    if (auto wrong = check_text(object, path, key, most)) return wrong;
    const std::string text = text_of(object, key);
    if (text.find('\n') != std::string::npos)
        return bad_value(inside(path, key), "New lines are not allowed");
    if (text.find_first_not_of(" \t") == std::string::npos)
        return bad_value(inside(path, key), "Must not be blank");
    return {};
}

Complaint check_web_address(const Json& object, const std::string& path, std::string_view key) {
    if (auto wrong = check_text(object, path, key, 2000)) return wrong;
    const std::string url = text_of(object, key);
    if (url.starts_with("https://") || url.starts_with("http://")) return {};
    return bad_value(inside(path, key), "Must be an http or https address");
}

Complaint check_keys(const Json& object, const std::string& path,
                     std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        if (path.empty()) return parameter_error("Unexpected key \"" + key + "\" in the request body.");
        return parameter_error("Unexpected key \"" + key + "\" on param \"" + path + "\".");
    }
    return {};
}

}  // namespace parley::sim

#include "host/json_check.hpp"

#include <simdjson.h>

namespace parley {
namespace {

// One parser a thread: its buffers are reused, which is most of its speed.
simdjson::simdjson_result<simdjson::dom::object> read_object(std::string_view text) {
    thread_local simdjson::dom::parser parser;
    return parser.parse(text.data(), text.size()).get_object();
}

}  // namespace

bool is_json_object(std::string_view text) {
    return !text.empty() && read_object(text).error() == simdjson::SUCCESS;
}

bool is_shallow_object(std::string_view text) {
    constexpr int deepest = 32;
    if (!is_json_object(text)) return false;
    bool in_string = false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string && c == '\\') {
            ++i;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[') && ++depth > deepest) {
            return false;
        } else if (!in_string && (c == '}' || c == ']')) {
            --depth;
        }
    }
    return true;
}

bool is_message_object(std::string_view text) {
    if (text.empty()) return false;
    std::string_view type;
    return read_object(text)["type"].get(type) == simdjson::SUCCESS && !type.empty();
}

}  // namespace parley

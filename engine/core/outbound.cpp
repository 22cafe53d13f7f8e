#include "core/outbound.hpp"

#include "base/base64.hpp"
#include "base/json_text.hpp"

namespace parley {

std::string to_text_message(std::string_view text) {
    std::string native = R"({"type":"text","text":{"body":)";
    append_json_string(native, text);
    return native + "}}";
}

std::string provisional_id(const std::string& callback) {
    return "wamid." + to_base64(callback);
}

}  // namespace parley

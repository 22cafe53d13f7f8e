// nlohmann/json for agents: turn.state(), turn.state(document), parley::Json. Apart from sdk.hpp because of
// its compile time; agents that only pass texts on do not need it.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <parley/sdk/turn.hpp>

namespace parley {

using Json = nlohmann::json;

template <>
struct JsonBinding<void> {
    using Document = Json;

    // An empty text is an empty object. Throws what nlohmann::json::parse throws.
    static Json parse_object(std::string_view text) {
        return text.empty() ? Json::object() : Json::parse(text);
    }

    // Bytes that are not UTF-8 become U+FFFD: users send such texts.
    static std::string text_of(const Json& document) {
        return document.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
};

}  // namespace parley

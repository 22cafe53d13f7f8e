// What a reply builder says of what WhatsApp would refuse.
#pragma once

#include <functional>
#include <string>

#include <parley/sdk/reply_parts.hpp>

inline std::string refusal(const std::function<void()>& build) {
    try {
        build();
    } catch (const parley::ReplyError& error) {
        return error.what();
    }
    return "accepted";
}

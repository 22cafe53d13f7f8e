#include "kit/markup.hpp"

namespace parley::kit {

std::string to_markup(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (byte >= 0x20 || c == '\n' || c == '\t')
            out += c;
        else
            out += '?';
    }
    return out;
}

}  // namespace parley::kit

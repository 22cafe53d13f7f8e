// Meta's spelling of JSON.
#include "simulator/meta_json.hpp"

namespace parley::sim {
namespace {

void append_unit(std::string& out, unsigned unit) {
    static constexpr char digits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[(unit >> shift) & 15U];
}

void append_code_point(std::string& out, unsigned point) {
    if (point < 0x10000) return append_unit(out, point);
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FF));
}

struct Decoded {
    unsigned point = 0xFFFD;
    std::size_t length = 1;
};

// RFC 3629: overlong forms, surrogates and cut sequences are one bad byte.
Decoded decode(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned lead = byte(0);
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || s.size() < length) return {};
    unsigned point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        point = (point << 6) | (byte(i) & 0x3FU);
    }
    const unsigned smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    if (point < smallest || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return {};
    return {point, length};
}

void append_ascii(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '/':
            out += "\\/";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        case '@':
        case '%':
        case '<':
        case '>':
        case '&':
            return append_unit(out, static_cast<unsigned>(c));
        default:
            break;
    }
    if (static_cast<unsigned char>(c) < 0x20)
        append_unit(out, static_cast<unsigned>(c));
    else
        out += c;
}

void append_value(std::string& out, const Json& value) {
    if (value.is_string()) return append_meta_string(out, value.get_ref<const std::string&>());
    if (!value.is_structured()) {
        out += value.dump();
        return;
    }
    out += value.is_object() ? '{' : '[';
    bool first = true;
    for (const auto& [key, item] : value.items()) {
        if (!first) out += ',';
        first = false;
        if (value.is_object()) {
            append_meta_string(out, key);
            out += ':';
        }
        append_value(out, item);
    }
    out += value.is_object() ? '}' : ']';
}

}  // namespace

void append_meta_string(std::string& out, std::string_view utf8) {
    out += '"';
    for (std::size_t i = 0; i < utf8.size();) {
        if (static_cast<unsigned char>(utf8[i]) < 0x80) {
            append_ascii(out, utf8[i++]);
            continue;
        }
        const Decoded next = decode(utf8.substr(i));
        append_code_point(out, next.point);
        i += next.length;
    }
    out += '"';
}

std::string to_meta_json(const Json& document) {
    std::string out;
    append_value(out, document);
    return out;
}

}  // namespace parley::sim

// A YAML text as a tree that knows where everything stands and keeps what was written: repeated keys, and
// whether a scalar had quotes. Nothing is typed here.
//
// Bounds    1 MiB of text, 64 levels, 100 000 nodes with every alias counted as a copy of what it names: a
//           file that means more is refused, whatever it looks like.
// Refused   other encodings than UTF-8, control characters, tags, merge keys, a second document, keys that
// are lists.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/diagnostic.hpp"

namespace parley {

struct YamlEntry;

struct YamlNode {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    Position at;
    bool is_plain = false;  // a scalar without quotes
    std::string text;       // of a scalar, escapes undone
    std::vector<std::shared_ptr<const YamlNode>> items;
    std::vector<YamlEntry> entries;  // in the order of the file, repeated keys included
    std::size_t weight = 1;          // nodes in it, aliases expanded
};

using YamlNodePtr = std::shared_ptr<const YamlNode>;

struct YamlEntry {
    std::string key;
    Position key_at;
    YamlNodePtr value;  // never null
    Position first_at;  // line 0, or the place of the same key before
};

// "nothing", "text", "a list", "a block of keys": for messages.
std::string_view name_of(YamlNode::Kind kind) noexcept;

struct YamlDocument {
    YamlNodePtr root;    // null when there are errors; a null node for an empty text
    Diagnostics errors;  // of the syntax; their `file` and `path` are empty
};

// Never throws but bad_alloc. Time and memory grow with the text's size only.
YamlDocument parse_yaml(std::string_view text);

}  // namespace parley

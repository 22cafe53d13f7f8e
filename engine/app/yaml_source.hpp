// The text of a YAML file, made safe for yaml-cpp, and the places in it.
//
// yaml-cpp ends a text silently at byte 4, turns broken UTF-8 into U+FFFD, lets the end of the text close
// quotes, and counts columns in bytes. YAML itself reads the brace of an unquoted ${NAME} inside { } or [ ]
// as a block.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/diagnostic.hpp"

namespace parley {

class YamlSource {
  public:
    struct Refusal {
        Position at;
        std::string what;
        std::string instead;
    };

    // Why the bytes cannot be YAML of ours: not UTF-8, or a control character.
    static std::optional<Refusal> refuse_bytes(std::string_view text);

    // Of a text that refuse_bytes has passed, without a byte order mark.
    explicit YamlSource(std::string_view text);

    // What yaml-cpp is to read: stand-ins for the braces of ${…}, every byte at the place it had.
    const std::string& text() const noexcept { return text_; }

    // A scalar as yaml-cpp gave it, with its braces back. A text can hold a stand-in of its own only by an
    // escape in double quotes (\x01, \x02), which then reads as a brace.
    static std::string with_braces(std::string scalar);

    // From a line and a column in bytes, both counted from 0. Calls in the order of the text cost its length
    // in all.
    Position place(int line, int byte_column) const;

    // Whether the quoted scalar that begins there ends.
    bool closes_quotes(int line, int byte_column) const;

    // Whether the line is indented with a tab.
    bool begins_with_tab(int line) const;

  private:
    std::string_view from(int line, int byte_column) const;

    std::string text_;
    std::vector<std::size_t> starts_;  // of the lines
    struct Counted {
        std::size_t line = 0, bytes = 0;
        unsigned characters = 0;
    };
    mutable Counted last_;
};

}  // namespace parley

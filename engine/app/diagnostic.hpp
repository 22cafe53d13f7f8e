// One mistake in a configuration: where it is, what is wrong, and what to write instead.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

// Line and column as editors count them: from 1, columns in characters. Line 0: the file as a whole.
struct Position {
    unsigned line = 0;
    unsigned column = 0;
    friend auto operator<=>(const Position&, const Position&) = default;
};

// Its texts never hold a secret: values of secret keys, and values that came out of ${…}, are not quoted.
struct Diagnostic {
    std::string file;  // as it was named on the command line
    Position at;
    std::string path;  // deployments.support.agent; empty for a mistake of the file's syntax
    std::string what;
    std::string instead;  // what to write; empty when nothing helps
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:column: path: what", and on the next line, indented, what to write. Ends with a line break. A
// `label` such as "warning" goes in front of the path.
std::string to_text(const Diagnostic& diagnostic, std::string_view label = {});

// By place in the file, those of the file as a whole first. Keeps the order of equal places.
void sort_by_place(Diagnostics& diagnostics);

// Text from a file for use in a message: in quotes, control characters escaped, cut to 60 bytes.
std::string in_quotes(std::string_view text);

// Like in_quotes(), without the quotes.
std::string printable(std::string_view text);

}  // namespace parley

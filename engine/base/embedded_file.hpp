// A file that was compiled into the program by cmake/Embed.cmake.
#pragma once

#include <string_view>

namespace parley {

struct EmbeddedFile {
    std::string_view path;   // relative to the embedded folder, with '/'
    std::string_view bytes;  // lives as long as the program
};

}  // namespace parley

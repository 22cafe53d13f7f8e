// Reads from a shared library's bytes what can be known without loading it. Every offset in the file is
// doubted, so any bytes may be given; dlopen, by contrast, ends the process on some truncated files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

struct SharedObject {
    std::string manifest;              // the section .parley without its trailing NUL bytes
    std::vector<std::string> exports;  // defined dynamic symbols another library could bind to, in file order
    std::vector<std::string> unique;   // those of them with STB_GNU_UNIQUE, which pin the library in memory
};

// invalid_input with a sentence that says what to do: not ELF, 32 bit, another machine, truncated, no
// manifest.
Result<SharedObject> read_shared_object(std::string_view bytes);

}  // namespace parley

// What a library asks of the loader: the libraries and symbols it needs, and flags that matter to a host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::kit {

struct DynamicFacts {
    std::vector<std::string> needed;   // libraries, as DT_NEEDED
    std::vector<std::string> imports;  // undefined symbols
    std::string build_id;              // NT_GNU_BUILD_ID, hexadecimal; empty: none
    std::string run_path;              // DT_RPATH or DT_RUNPATH
    bool has_text_relocations = false;
    bool has_executable_stack = false;
    bool is_never_unloaded = false;  // DF_1_NODELETE
};

// Of bytes that read_shared_object() takes; what cannot be read is left out.
DynamicFacts read_dynamic_facts(std::string_view bytes);

}  // namespace parley::kit

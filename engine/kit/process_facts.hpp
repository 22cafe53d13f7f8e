// What a library may change in the process around it, as a snapshot.
#pragma once

#include <csignal>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace parley::kit {

struct ProcessFacts {
    std::map<int, std::string> descriptors;  // number: what it is, "/tmp/x", "socket"
    std::size_t threads = 0;
    std::map<int, std::string> signal_handlers;  // those that are not the default
    std::vector<std::string> environment;
    std::string folder;  // the working directory
    std::string locale;
    unsigned umask = 0;
};

ProcessFacts read_process_facts();

// A sentence for each difference, as "opened the file /tmp/x and left it open".
std::vector<std::string> differences(const ProcessFacts& before, const ProcessFacts& after);

// In bytes.
std::size_t resident_memory();
std::size_t virtual_memory();

}  // namespace parley::kit

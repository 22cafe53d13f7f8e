// Lines that the agents of scenarios leave for the test to read.
#pragma once

#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace parley::scenario {

// Throws when the file cannot be written.
inline void note_line(const std::string& path, const std::string& text) {
    const std::string line = text + "\n";
    // With O_APPEND a write is whole or not there, whoever else writes and whenever the process is killed.
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(file);
    if (!written) throw std::runtime_error("cannot write " + path);
}

}  // namespace parley::scenario

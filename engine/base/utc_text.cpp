#include "base/utc_text.hpp"

#include <cstdio>
#include <ctime>

namespace parley {

std::string to_utc_text(WallTime at) {
    const std::int64_t ms = unix_ms(at);
    const std::int64_t part = (ms % 1000 + 1000) % 1000;
    const std::time_t seconds = static_cast<std::time_t>((ms - part) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    char tail[8];
    std::snprintf(tail, sizeof tail, ".%03dZ", static_cast<int>(part));
    return std::string(text, length) + tail;
}

}  // namespace parley

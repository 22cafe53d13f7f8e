#include "load/process.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include <unistd.h>

namespace parley::bench {
namespace {

std::string file_of(pid_t process, const char* name) {
    std::ifstream in("/proc/" + std::to_string(process) + "/" + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

double status_mb(pid_t process, const std::string& name) {
    const std::string status = file_of(process, "status");
    const std::size_t at = status.find(name);
    return at == std::string::npos ? 0 : std::atof(status.c_str() + at + name.size()) / 1024;
}

}  // namespace

double cpu_ms(pid_t process) {
    const std::string stat = file_of(process, "stat");
    const std::size_t name_ends = stat.rfind(')');
    if (name_ends == std::string::npos) return 0;
    std::istringstream fields(stat.substr(name_ends + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) * 1000 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_mb(pid_t process) {
    return status_mb(process, "VmRSS:");
}
double peak_mb(pid_t process) {
    return status_mb(process, "VmHWM:");
}

}  // namespace parley::bench

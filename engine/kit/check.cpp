#include "kit/check.hpp"

#include <algorithm>

namespace parley::kit {
namespace {

std::vector<Check> gather() {
    std::vector<Check> all;
    for (const auto group :
         {file_checks, load_checks, config_checks, unload_checks, turn_checks, async_checks, thread_checks,
          swap_checks, fault_checks, process_checks, long_checks}) {
        const auto checks = group();
        all.insert(all.end(), checks.begin(), checks.end());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Check& a, const Check& b) { return a.level < b.level; });
    return all;
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::pass:
            return "PASS";
        case Verdict::skip:
            return "SKIP";
        case Verdict::warn:
            return "WARN";
        case Verdict::fail:
            return "FAIL";
        case Verdict::crash:
            return "CRASH";
        case Verdict::timeout:
            return "TIMEOUT";
    }
    return "FAIL";
}

std::span<const Check> all_checks() {
    static const std::vector<Check> all = gather();
    return all;
}

}  // namespace parley::kit

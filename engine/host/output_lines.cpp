#include "host/output_lines.hpp"

#include <algorithm>

#include "host/host_text.hpp"

namespace parley {

void OutputLines::add(std::string_view bytes, MonoTime now) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        line_.append(part.substr(0, longest - std::min(longest, line_.size())));
        if (end == std::string_view::npos) return;
        finish_line(now);
        bytes.remove_prefix(end + 1);
    }
}

void OutputLines::end(MonoTime now) {
    if (!line_.empty()) finish_line(now);
}

void OutputLines::finish_line(MonoTime now) {
    const std::string line = one_line(line_, longest);
    line_.clear();
    if (!allowed_.take(now)) {
        ++dropped_;
        return;
    }
    if (dropped_ > told_) print_("(" + std::to_string(dropped_ - told_) + " lines were left out)");
    told_ = dropped_;
    print_(line);
}

}  // namespace parley

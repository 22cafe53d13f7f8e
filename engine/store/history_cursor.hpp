// Where the next page of a history begins, as a text that callers hand back.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

// "12.34.0": numbers with dots.
inline std::string to_cursor(const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const std::int64_t number : numbers) {
        if (!text.empty()) text += '.';
        text += std::to_string(number);
    }
    return text;
}

inline Result<std::vector<std::int64_t>> read_cursor(std::string_view text, std::size_t numbers) {
    std::vector<std::int64_t> read;
    while (!text.empty()) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || number < 0) break;
        read.push_back(number);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty()) break;
        if (text.front() != '.')
            return Error(Errc::invalid_input, "after: expected the `next` of an earlier page");
        text.remove_prefix(1);
    }
    if (!text.empty() || read.size() != numbers)
        return Error(Errc::invalid_input, "after: expected the `next` of an earlier page");
    return read;
}

}  // namespace parley

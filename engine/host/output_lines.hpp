// What a worker prints, as lines for the log: cut, freed of control characters, and not more than a log can bear.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "core/token_bucket.hpp"

namespace parley {

class OutputLines {
  public:
    static constexpr std::size_t longest = 2048;
    static constexpr double at_once = 200;
    static constexpr double a_second = 50;

    using Print = std::function<void(const std::string& line)>;
    explicit OutputLines(Print print) : print_(std::move(print)) {}

    void add(std::string_view bytes, MonoTime now);
    void end(MonoTime now);  // what came without an end of line
    std::size_t dropped() const noexcept { return dropped_; }

  private:
    void finish_line(MonoTime now);

    const Print print_;
    std::string line_;
    TokenBucket allowed_{a_second, at_once, MonoTime{}};
    std::size_t dropped_ = 0;
    std::size_t told_ = 0;  // of the dropped ones
};

}  // namespace parley

// Rewrites what a script expects, in its text: everything else, comments too, stays as it is.
#pragma once

#include <string>
#include <vector>

#include "script_check.hpp"

namespace parley::testing {

class ScriptEdit {
  public:
    explicit ScriptEdit(const std::string& text);

    // Whether the end of the scalar that begins there can be told: not in a block, nor over several lines.
    bool can_replace(const Place& at) const;
    // In place of that scalar. False when it cannot be replaced.
    bool replace_scalar(const Place& at, const std::string& value);
    // What is expected of the step that begins there. False when the step is written in one line.
    bool replace_expectation(const Place& step, const Expectations& old, const StepOutcome& outcome);

    // All edits applied.
    std::string text() const;

  private:
    struct Edit {
        std::size_t line = 0;   // from 0
        std::size_t lines = 0;  // that go; 0: only `column` to `end` of the line
        std::size_t column = 0, end = 0;
        std::string with;
    };

    std::vector<std::string> lines_;
    std::vector<Edit> edits_;
};

}  // namespace parley::testing

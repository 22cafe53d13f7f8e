// Which part of a topic a question is about: of the fees the late fee, of billing the EMI.
//
// Threads   Const objects are shared freely.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialogue/state.hpp"
#include "understanding/understander.hpp"

namespace edge {

class Aspects {
  public:
    explicit Aspects(const Lexicon& lexicon);

    // The aspects named by the message itself, most telling first; empty when none is named.
    std::vector<std::string> named(Intent intent, const Ideas& ideas) const;

    // The aspect that the conversation gives a question which names none: after an EMI question, "and the
    // charge?" is about the EMI. Empty when the context gives none.
    std::string from_context(Intent intent, const Understanding& said, const ConversationState& state) const;

    bool has(const Ideas& ideas, std::string_view idea) const;

  private:
    struct Rule {
        Intent intent;
        std::string aspect;
        std::vector<int> ideas;  // all of them
    };
    const Lexicon& lexicon_;
    std::vector<Rule> rules_;
};

}  // namespace edge

// Holds an answer that was not written by us to the rules of every reply.
//
// Promise   What passes asks for no secret, repeats none, promises no approval, states no number, link or
//           address that is not in the facts, and is short and in the language wanted. Stricter than needed:
//           a harmless sentence may be refused, and the built-in reply is sent instead.
// Threads   Const objects are shared freely.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "replies/facts.hpp"
#include "understanding/understander.hpp"

namespace edge {

class Guard {
  public:
    // The understander must outlive the guard; of the facts a copy of what matters is kept.
    Guard(const Facts& facts, const Understander& understander);

    // The rule that `answer` breaks, in words for operators; empty when it may be sent.
    std::string broken_rule(std::string_view answer, Language wanted) const;

  private:
    bool has_foreign_number(std::string_view answer) const;
    bool has_foreign_link(std::string_view answer) const;
    bool speaks(std::string_view answer, Language wanted) const;
    std::string without_names(std::string text) const;

    const Understander& understander_;
    std::set<std::string, std::less<>> numbers_;
    std::string facts_text_;       // lower case
    std::set<std::string> names_;  // facts with letters: they count for no language
};

}  // namespace edge

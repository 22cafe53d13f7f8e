// What may be said about the card: the facts file of a deployment.
//
// Promise   A fact that is not in the file does not exist; nothing is filled in. An empty value counts as
// missing. Threads   Const objects are shared freely.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replies/flat_yaml.hpp"

namespace edge {

class Facts {
  public:
    Facts() = default;

    // `origin` names the text in errors.
    static std::optional<Facts> parse(std::string_view text, const std::string& origin, std::string& error);

    // A list is joined with ", ". Nothing when the fact is missing.
    std::optional<std::string> text(std::string_view key) const;
    bool has(std::string_view key) const { return text(key).has_value(); }

    // True when values show that this is the shipped sample: reserved ".invalid" addresses, or names that say
    // sample.
    bool is_sample() const;

    // Whether a wording may name `key`: a fact of every card, or one that this file has.
    bool may_be_named(std::string_view key) const;

    const FlatYaml& all() const { return values_; }

  private:
    FlatYaml values_;
};

}  // namespace edge

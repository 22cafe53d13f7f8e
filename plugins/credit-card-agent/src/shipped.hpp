// What is built into the agent: the trained models, the lexicon, the default wording.
#pragma once

#include <memory>
#include <string_view>

#include "replies/content.hpp"
#include "understanding/understander.hpp"

namespace edge {

namespace shipped {
std::string_view intent_model();
std::string_view language_model();
std::string_view concepts();
Content::Files content_files();
}  // namespace shipped

// The understander on the built-in models, with everything it stands on.
class ShippedUnderstanding {
  public:
    // Null only when the build is broken: a model that cannot be read.
    static std::unique_ptr<const ShippedUnderstanding> open();

    const Understander& understander() const { return understander_; }

    ShippedUnderstanding(const ShippedUnderstanding&) = delete;
    ShippedUnderstanding& operator=(const ShippedUnderstanding&) = delete;

  private:
    ShippedUnderstanding(LinearModel intents, LinearModel languages);

    Lexicon lexicon_;
    LinearModel intents_;
    LinearModel languages_;
    Understander understander_;
};

}  // namespace edge

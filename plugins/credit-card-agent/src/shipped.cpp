// Opens what is built in.
#include "shipped.hpp"

#include <utility>

namespace edge {

ShippedUnderstanding::ShippedUnderstanding(LinearModel intents, LinearModel languages)
    : lexicon_(shipped::concepts()),
      intents_(std::move(intents)),
      languages_(std::move(languages)),
      understander_(lexicon_, intents_, languages_) {}

std::unique_ptr<const ShippedUnderstanding> ShippedUnderstanding::open() {
    auto intents = LinearModel::open(shipped::intent_model(), intent_count);
    auto languages = LinearModel::open(shipped::language_model(), 2);
    if (!intents || !languages) return nullptr;
    return std::unique_ptr<const ShippedUnderstanding>(
        new ShippedUnderstanding(std::move(*intents), std::move(*languages)));
}

}  // namespace edge

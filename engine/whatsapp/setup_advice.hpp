// What Meta's errors mean to somebody who sets a number up, and the next step.
#pragma once

#include <vector>

#include "base/secret.hpp"
#include "core/setup_failure.hpp"
#include "whatsapp/graph_failure.hpp"

namespace parley {

SetupFailure to_setup_failure(const GraphFailure& failure);

// Nothing when the call got a 2xx without an error in it and without "success":false. Each secret, plain or
// percent-encoded, is blotted out of the texts.
std::optional<SetupFailure> find_setup_failure(const HttpOutcome& outcome,
                                               const std::vector<Secret>& secrets);

}  // namespace parley

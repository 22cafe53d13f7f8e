// Answers the GET with which Meta checks that a webhook address is ours.
#pragma once

#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "net/http_message.hpp"

namespace parley {

// 200 with the challenge when `query` has mode "subscribe", one of `tokens` and a harmless challenge; else
// 403, which does not tell what was wrong. Names are hub.mode, hub.verify_token, hub.challenge; without any
// hub.* name also the bare ones. Which token matches does not show in the time it takes.
HttpResponse answer_verification(std::string_view query, const std::vector<Secret>& tokens);

}  // namespace parley

// Calls whose answer is waited for.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <utility>

#include "core/setup_failure.hpp"
#include "net/http_client.hpp"

namespace parley::doctor {

constexpr Millis longest_call{10'000};
constexpr Millis longest_connect{5'000};

// Blocks. The client must be alive until it has answered.
inline HttpOutcome ask(HttpClient& http, HttpCall call) {
    auto answer = std::make_shared<std::promise<HttpOutcome>>();
    auto given = answer->get_future();
    http.start(std::move(call), [answer](HttpOutcome outcome) { answer->set_value(std::move(outcome)); });
    return given.get();
}

// Of a port of PhoneSetup's kind: `start` is given the completion.
template <class T, class Start>
SetupResult<T> wait_for(Start start) {
    auto answer = std::make_shared<std::promise<SetupResult<T>>>();
    auto given = answer->get_future();
    start([answer](SetupResult<T> result) { answer->set_value(std::move(result)); });
    return given.get();
}

// The failure as a clause: what it means, and what Meta said.
inline std::string text_of(const SetupFailure& failure) {
    std::string text = failure.meaning;
    if (!failure.reason.empty() && failure.reason != failure.meaning) text += " (" + failure.reason + ")";
    return text;
}

}  // namespace parley::doctor

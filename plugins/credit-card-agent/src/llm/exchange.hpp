// What is sent to a language model and what comes back: an OpenAI-compatible chat completion.
//
// Promise   No number of four digits or more and no PAN of the user leaves: both are masked.
// Threads   Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "replies/facts.hpp"
#include "understanding/labels.hpp"

namespace edge {

struct LlmSettings {
    std::string url;  // of the chat completions, whole
    std::string model;
    std::string authorization = "Bearer ${secret:llm}";  // empty: no header
    std::chrono::milliseconds timeout{4000};
    float below = 0.55f;  // asked when the classifier is less sure than this
};

// `json` is the object under `llm`. Nothing, and a reason in `error`, when it cannot be used.
std::optional<LlmSettings> read_llm_settings(std::string_view json, std::string& error);

std::string masked(std::string_view message);

// The body of the request. `topic` is the name of what was talked about last, or empty.
std::string llm_request(const LlmSettings& settings, const Facts& facts, std::string_view message,
                        Language language, std::string_view topic);

// The text of the first choice.
std::optional<std::string> llm_answer(std::string_view body);

}  // namespace edge

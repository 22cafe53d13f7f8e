// Which answers of the bot are worth another try, and when.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <parley/sdk/http.hpp>

namespace forwarder {

using Millis = std::chrono::milliseconds;

enum class Verdict { accepted, try_again, refused };

// 408, 429, 5xx, broken connections and timeouts are worth another try.
Verdict judge(const parley::HttpAnswer& answer);

// What happened, for operators. Holds nothing of the bot's answer: that may repeat what a user wrote.
std::string describe(const parley::HttpAnswer& answer);

// Doubles from 250 ms to 4 s with each try; the upper half of it is random.
Millis backoff(int attempt, std::uint64_t random);

// The same time, a tenth of it more or less, so that those who wait do not come together.
Millis spread(Millis wait, std::uint64_t random);

// Before the next try of something that arrived `age` ago: half of that, 500 ms to 30 s; longer when the bot asks for it.
Millis pause_between(Millis age, std::optional<Millis> told, std::uint64_t random);

// The header Retry-After, in seconds or as a date. nullopt when there is none, or none in the future.
std::optional<Millis> retry_after(std::string_view headers_json, std::int64_t now_unix_ms);

}  // namespace forwarder

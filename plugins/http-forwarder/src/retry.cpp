#include "retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include <parley/sdk/json.hpp>

namespace forwarder {
namespace {

constexpr std::int64_t longest_wait_s = 7 * 24 * 3600;

std::optional<std::int64_t> whole_seconds(std::string_view text) {
    std::uint64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, longest_wait_s));
}

// RFC 9110 5.6.7, the form that senders must use: Sun, 06 Nov 1994 08:49:37 GMT
std::optional<std::int64_t> unix_seconds_of_date(const std::string& text) {
    using namespace std::chrono;
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    unsigned day_number = 0;
    std::array<char, 4> name{};
    int year_number = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (std::sscanf(text.c_str(), "%*3s, %2u %3s %4d %2d:%2d:%2d GMT", &day_number, name.data(), &year_number,
                    &hour, &minute, &second) != 6)
        return std::nullopt;
    const auto month_at = std::find(months.begin(), months.end(), std::string_view(name.data()));
    const auto month_number = static_cast<unsigned>(month_at - months.begin()) + 1;
    const year_month_day date{year(year_number), month(month_number), day(day_number)};
    if (!date.ok()) return std::nullopt;
    return (sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)) / seconds(1);
}

}  // namespace

Verdict judge(const parley::HttpAnswer& answer) {
    if (answer.outcome == PARLEY_INTERNAL || answer.outcome == PARLEY_TIMEOUT) return Verdict::try_again;
    if (answer.outcome != PARLEY_OK) return Verdict::refused;
    if (answer.ok()) return Verdict::accepted;
    const bool is_passing = answer.status == 408 || answer.status == 429 || answer.status >= 500;
    return is_passing ? Verdict::try_again : Verdict::refused;
}

std::string describe(const parley::HttpAnswer& answer) {
    if (answer.outcome == PARLEY_DENIED)
        return "the host does not allow requests to the bot's address; see allowed_hosts and "
               "allow_private_networks of the deployment";
    if (answer.outcome == PARLEY_INVALID)
        return "the host refused the request as invalid; check url, and that every ${secret:NAME} of headers "
               "is among the deployment's secrets";
    if (answer.outcome != PARLEY_OK)
        return std::string("no answer from the bot (") + parley::status_name(answer.outcome) +
               "): " + answer.body;
    std::string text = "the bot answered " + std::to_string(answer.status);
    if (answer.status >= 300 && answer.status < 400)
        text += "; redirects are not followed, write the final url";
    return text;
}

Millis backoff(int attempt, std::uint64_t random) {
    const std::uint64_t longest = std::uint64_t{250} << std::clamp(attempt - 1, 0, 4);
    return Millis(static_cast<std::int64_t>(longest / 2 + random % (longest / 2 + 1)));
}

Millis spread(Millis wait, std::uint64_t random) {
    const auto tenth = static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count() / 10, 0));
    return wait +
           Millis(static_cast<std::int64_t>(random % (2 * tenth + 1)) - static_cast<std::int64_t>(tenth));
}

Millis pause_between(Millis age, std::optional<Millis> told, std::uint64_t random) {
    const Millis own = spread(std::clamp(age / 2, Millis(500), Millis(30'000)), random);
    return std::clamp(std::max(own, told.value_or(Millis(0))), Millis(1), Millis(3'600'000));
}

std::optional<Millis> retry_after(std::string_view headers_json, std::int64_t now_unix_ms) {
    const parley::Json headers = parley::Json::parse(headers_json, nullptr, false);
    if (!headers.is_object()) return std::nullopt;
    const auto found = headers.find("retry-after");
    if (found == headers.end() || !found->is_string()) return std::nullopt;
    const auto& text = found->get_ref<const std::string&>();

    Millis wait{0};
    if (const auto after = whole_seconds(text)) {
        wait = Millis(*after * 1000);
    } else if (const auto date = unix_seconds_of_date(text)) {
        wait = Millis(*date * 1000 - now_unix_ms);
    }
    return wait > Millis(0) ? std::optional(wait) : std::nullopt;
}

}  // namespace forwarder

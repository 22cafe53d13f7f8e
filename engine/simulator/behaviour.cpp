// Reading and writing the switches.
#include "simulator/behaviour.hpp"

namespace parley::sim {
namespace {

constexpr std::int64_t day_ms = 24 * 3600 * 1000;
constexpr std::int64_t longest_kept_ms = 90 * day_ms;

Error wrong(const std::string& key, const std::string& what) {
    return {Errc::invalid_input, key + ": " + what};
}

Result<> read_flag(const std::string& key, const Json& value, bool& out) {
    if (!value.is_boolean()) return wrong(key, "expected true or false");
    out = value.get<bool>();
    return {};
}

Result<> read_count(const std::string& key, const Json& value, unsigned least, unsigned most, unsigned& out) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
        return wrong(key,
                     "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    out = value.get<unsigned>();
    return {};
}

Result<> read_millis(const std::string& key, const Json& value, Millis& out, std::int64_t most = day_ms) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > most) {
        return wrong(key, "expected milliseconds, from 0 to " + std::to_string(most / day_ms) + " days");
    }
    out = Millis{value.get<std::int64_t>()};
    return {};
}

Result<> read_code(const std::string& key, const Json& value, std::string& out) {
    if (value.is_null()) {
        out.clear();
        return {};
    }
    const auto* code = value.get_ptr<const std::string*>();
    if (code == nullptr || code->size() != 6 || code->find_first_not_of("0123456789") != std::string::npos)
        return wrong(key, "expected six digits as a string, or null");
    out = *code;
    return {};
}

Result<> read_window(const std::string& key, const Json& value, WindowRule& out) {
    if (value == "off")
        out = WindowRule::off;
    else if (value == "answer")
        out = WindowRule::answer;
    else if (value == "status")
        out = WindowRule::status;
    else
        return wrong(key, "expected off, answer or status");
    return {};
}

Result<> read_users(const std::string& key, const Json& value, std::set<std::string>& out) {
    if (!value.is_array() || value.size() > 10'000)
        return wrong(key, "expected a list of numbers as strings");
    std::set<std::string> users;
    for (const Json& user : value) {
        if (!user.is_string()) return wrong(key, "expected a list of numbers as strings");
        users.insert(user.get<std::string>());
    }
    out = std::move(users);
    return {};
}

Result<> read_member(const std::string& key, const Json& value, Behaviour& out) {
    if (key == "statuses") return read_flag(key, value, out.statuses);
    if (key == "pair_rate") return read_flag(key, value, out.pair_rate);
    if (key == "throughput") return read_flag(key, value, out.throughput);
    if (key == "window") return read_window(key, value, out.window);
    if (key == "unreachable") return read_users(key, value, out.unreachable);
    if (key == "duplicates") return read_count(key, value, 0, 10, out.duplicates);
    if (key == "batch") return read_count(key, value, 1, 1000, out.batch);
    if (key == "webhooks_in_flight") return read_count(key, value, 1, 1024, out.webhooks_in_flight);
    if (key == "sent_after_ms") return read_millis(key, value, out.sent_after);
    if (key == "delivered_after_ms") return read_millis(key, value, out.delivered_after);
    if (key == "shuffle_ms") return read_millis(key, value, out.shuffle);
    if (key == "webhook_timeout_ms") return read_millis(key, value, out.webhook_timeout);
    if (key == "retry_first_ms") return read_millis(key, value, out.retry_first);
    if (key == "retry_cap_ms") return read_millis(key, value, out.retry_cap);
    if (key == "retry_for_ms") return read_millis(key, value, out.retry_for);
    if (key == "media_url_for_ms") return read_millis(key, value, out.media_url_for);
    if (key == "uploads_kept_ms") return read_millis(key, value, out.uploads_kept, longest_kept_ms);
    if (key == "received_kept_ms") return read_millis(key, value, out.received_kept, longest_kept_ms);
    if (key == "template_review_ms") return read_millis(key, value, out.template_review);
    if (key == "code_life_ms") return read_millis(key, value, out.code_life);
    if (key == "verification_code") return read_code(key, value, out.verification_code);
    if (key == "expired_downloads") return read_count(key, value, 0, 1000, out.expired_downloads);
    if (key == "token_expired") return read_flag(key, value, out.token_expired);
    if (key == "usage_percent") return read_count(key, value, 0, 1000, out.usage_percent);
    if (key == "regain_access_minutes") return read_count(key, value, 0, 1440, out.regain_access_minutes);
    if (key != "read_after_ms") return wrong(key, "no such switch");
    if (value.is_null()) {
        out.read_after.reset();
        return {};
    }
    Millis after{0};
    if (auto read = read_millis(key, value, after); !read) return read;
    out.read_after = after;
    return {};
}

const char* to_string(WindowRule rule) {
    return rule == WindowRule::off ? "off" : rule == WindowRule::answer ? "answer" : "status";
}

}  // namespace

Result<> Behaviour::apply(const Json& changes) {
    if (!changes.is_object()) return Error(Errc::invalid_input, "expected a JSON object of switches");
    Behaviour changed = *this;
    for (const auto& [key, value] : changes.items()) {
        if (auto read = read_member(key, value, changed); !read) return read;
    }
    *this = std::move(changed);
    return {};
}

Json Behaviour::to_json() const {
    return {{"statuses", statuses},
            {"sent_after_ms", sent_after.count()},
            {"delivered_after_ms", delivered_after.count()},
            {"read_after_ms", read_after ? Json(read_after->count()) : Json(nullptr)},
            {"window", to_string(window)},
            {"pair_rate", pair_rate},
            {"throughput", throughput},
            {"unreachable", unreachable},
            {"duplicates", duplicates},
            {"shuffle_ms", shuffle.count()},
            {"batch", batch},
            {"webhooks_in_flight", webhooks_in_flight},
            {"webhook_timeout_ms", webhook_timeout.count()},
            {"retry_first_ms", retry_first.count()},
            {"retry_cap_ms", retry_cap.count()},
            {"retry_for_ms", retry_for.count()},
            {"media_url_for_ms", media_url_for.count()},
            {"uploads_kept_ms", uploads_kept.count()},
            {"received_kept_ms", received_kept.count()},
            {"template_review_ms", template_review.count()},
            {"code_life_ms", code_life.count()},
            {"verification_code", verification_code.empty() ? Json(nullptr) : Json(verification_code)},
            {"expired_downloads", expired_downloads},
            {"token_expired", token_expired},
            {"usage_percent", usage_percent},
            {"regain_access_minutes", regain_access_minutes}};
}

}  // namespace parley::sim

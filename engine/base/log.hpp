// Structured logging: an event name and fields, as text for people or JSON for programs, on stderr.
//
// Levels by blame: error = we must act, warning = degraded, info = life cycle and refused foreign input,
// debug = one line a message. Customers' texts and numbers appear at debug only. A Secret is no field.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace parley {

enum class LogLevel { debug, info, warning, error, off };
enum class LogFormat { text, json };

struct LogField {
    std::string_view name;  // fixed names: deployment, conversation, message, attempt, ms, code, reason …
    std::variant<std::string_view, std::int64_t, double, bool> value;

    LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
    LogField(std::string_view n, const char* v) : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, const std::string& v) : name(n), value(std::string_view(v)) {}
    LogField(std::string_view n, bool v) : name(n), value(v) {}
    LogField(std::string_view n, double v) : name(n), value(v) {}
    template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) LogField(std::string_view n, T v)
        : name(n), value(static_cast<std::int64_t>(v)) {}
};

// The level may change at any time, from any thread; the format before threads exist. At first: info, text.
void configure_log(LogLevel level, LogFormat format);
bool log_enabled(LogLevel level) noexcept;

// Any thread. Writes one line; `event` is lower-case words, for example "webhook refused".
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
void log(LogLevel level, std::string_view event, std::span<const LogField> fields);

inline void log_debug(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(LogLevel::debug, e, f);
}
inline void log_info(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(LogLevel::info, e, f);
}
inline void log_warning(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(LogLevel::warning, e, f);
}
inline void log_error(std::string_view e, std::initializer_list<LogField> f = {}) {
    log(LogLevel::error, e, f);
}

}  // namespace parley

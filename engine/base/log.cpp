#include "base/log.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/json_text.hpp"

namespace parley {
namespace {

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v";
constexpr const char* json_pattern = R"({"at":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

std::atomic<LogLevel> threshold{LogLevel::info};
std::atomic<LogFormat> line_format{LogFormat::text};

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
        case LogLevel::off:
            return spdlog::level::off;
    }
    return spdlog::level::info;
}

spdlog::logger make_logger() {
    spdlog::logger made("parley", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_level(spdlog::level::trace);  // the threshold is checked before a line is built
    made.set_pattern(text_pattern);
    return made;
}

spdlog::logger& logger() {
    static spdlog::logger instance = make_logger();
    return instance;
}

// What is not plain ASCII may hold controls of a terminal too, and is quoted to be looked at.
bool is_plain(char c) {
    return c >= ' ' && c < '\x7f';
}
bool needs_quotes(std::string_view text) {
    return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
               return !is_plain(c) || c == ' ' || c == '"' || c == '=';
           });
}

struct AppendText {
    std::string& line;
    void operator()(std::string_view v) const {
        if (needs_quotes(v))
            append_json_string(line, v);
        else
            line += v;
    }
    void operator()(std::int64_t v) const { line += std::to_string(v); }
    void operator()(double v) const { line += std::to_string(v); }
    void operator()(bool v) const { line += v ? "true" : "false"; }
};

struct AppendJson {
    std::string& line;
    void operator()(std::string_view v) const { append_json_string(line, v); }
    void operator()(std::int64_t v) const { line += std::to_string(v); }
    void operator()(double v) const { line += std::isfinite(v) ? std::to_string(v) : "null"; }
    void operator()(bool v) const { line += v ? "true" : "false"; }
};

std::string text_line(std::string_view event, std::span<const LogField> fields) {
    std::string line;
    if (std::all_of(event.begin(), event.end(), is_plain))
        line = event;
    else
        append_json_string(line, event);
    for (const LogField& field : fields) {
        line.append("  ").append(field.name).append("=");
        std::visit(AppendText{line}, field.value);
    }
    return line;
}

std::string json_members(std::string_view event, std::span<const LogField> fields) {
    std::string line = "\"event\":";
    append_json_string(line, event);
    for (const LogField& field : fields) {
        line += ',';
        append_json_string(line, field.name);
        line += ':';
        std::visit(AppendJson{line}, field.value);
    }
    return line;
}

}  // namespace

void configure_log(LogLevel level, LogFormat format) {
    threshold = level;
    line_format = format;
    logger().set_pattern(format == LogFormat::json ? json_pattern : text_pattern);
}

bool log_enabled(LogLevel level) noexcept {
    return level >= threshold.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    log(level, event, std::span(fields.begin(), fields.size()));
}

void log(LogLevel level, std::string_view event, std::span<const LogField> fields) {
    if (!log_enabled(level)) return;
    const bool json = line_format.load(std::memory_order_relaxed) == LogFormat::json;
    logger().log(to_spdlog(level), json ? json_members(event, fields) : text_line(event, fields));
}

}  // namespace parley

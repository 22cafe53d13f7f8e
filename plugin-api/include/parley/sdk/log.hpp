// Log lines, written by the host with the deployment's name.
#pragma once

#include <cstdint>
#include <string_view>

#include <parley/plugin.h>
#include <parley/sdk/text.hpp>

namespace parley {

enum class LogLevel : std::int32_t {
    debug = PARLEY_LOG_DEBUG,
    info = PARLEY_LOG_INFO,
    warning = PARLEY_LOG_WARNING,
    error = PARLEY_LOG_ERROR,
};

// `fields_json` is "" or a JSON object. What users write belongs at debug level only.
inline void write_log(const parley_host& host, parley_turn turn, LogLevel level, std::string_view message,
                      std::string_view fields_json = {}) noexcept {
    host.log(host.ctx, static_cast<std::int32_t>(level), turn, str(message), str(fields_json));
}

}  // namespace parley

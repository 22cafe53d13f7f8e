// Calling an agent's own code from a C function: no exception gets out.
#pragma once

#include <cstddef>
#include <exception>
#include <string_view>

#include <parley/sdk/error.hpp>

namespace parley {

// Writes `text`, NUL-terminated and cut to fit, where the C contract wants the reason of a failure.
inline void copy_error(std::string_view text, char* err, std::size_t cap) noexcept {
    if (!err || cap == 0) return;
    const std::size_t size = text.size() < cap ? text.size() : cap - 1;
    text.copy(err, size);
    err[size] = '\0';
}

// Runs `work` and says what came of it; the reason of a failure goes to `err`.
template <class Work>
parley_status guarded(char* err, std::size_t cap, Work work) noexcept {
    try {
        work();
        return PARLEY_OK;
    } catch (const ConfigError& error) {
        copy_error(error.what(), err, cap);
        return PARLEY_CONFIG;
    } catch (const std::exception& error) {
        copy_error(error.what(), err, cap);
        return PARLEY_INTERNAL;
    } catch (...) {
        copy_error("an exception that is not a std::exception", err, cap);
        return PARLEY_INTERNAL;
    }
}

}  // namespace parley

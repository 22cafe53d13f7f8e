// A function of a host's table with the hooks of the test around it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <parley/sdk/text.hpp>

#include "host_state.hpp"

namespace parley::testing {

template <std::size_t Size>
struct Name {
    char text[Size] = {};
    constexpr Name(const char (&from)[Size]) { std::copy_n(from, Size, text); }
};

inline parley_str first_text() {
    return {};
}
template <class First, class... More>
parley_str first_text(First first, More... more) {
    if constexpr (std::is_same_v<First, parley_str>)
        return first;
    else
        return first_text(more...);
}

// A function of the table with the hooks around it.
template <auto Function, Name name>
struct Hooked;
template <class... More, parley_status (*Function)(void*, std::uint64_t, More...), Name name>
struct Hooked<Function, name> {
    static parley_status call(void* ctx, std::uint64_t handle, More... more) {
        const HostHooks& hooks = static_cast<HostState*>(ctx)->options.hooks;
        parley_status status = hooks.refuse ? hooks.refuse(name.text) : PARLEY_OK;
        if (status == PARLEY_OK) status = Function(ctx, handle, more...);
        if (hooks.observe) hooks.observe({name.text, handle, view(first_text(more...)), status});
        return status;
    }
};

}  // namespace parley::testing

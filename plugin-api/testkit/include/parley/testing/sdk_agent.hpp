// The table of an SDK agent's class without PARLEY_PLUGIN, so that one test program can have many agents.
#pragma once

#include <parley/sdk/plugin.hpp>

namespace parley::testing {

template <class A>
inline constexpr parley_desc described{sizeof(parley_desc), "test.agent", "0.0.0", "An agent of a test"};

template <class A>
inline constexpr parley_plugin plugin_of = PluginTable<A, &described<A>>::table();

}  // namespace parley::testing

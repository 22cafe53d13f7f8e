// The agent's own extensions, asked as the engine asks them.
#pragma once

#include <string>
#include <string_view>

#include <parley/testing/fake_host.hpp>

#include "host_state.hpp"

namespace parley::testing {

// Brings the document to the agent's schema where the agent can. Why it could not; else empty.
std::string migrate(HostState& state, const parley_agent& agent, Conversation& conversation);

FakeHost::Answer ask_health(HostState& state, const parley_agent& agent);
FakeHost::Answer ask_export(HostState& state, const parley_agent& agent);
FakeHost::Answer ask_import(HostState& state, const parley_agent& agent, std::string_view version,
                            std::string_view json);

}  // namespace parley::testing

// Whether an agent starts with a configuration, tried in a child process so that nothing it does stays.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace parley::kit {

// The agent gets a host of the testkit: nothing it asks for leaves this machine, and time stands still. Errors are
// the agent's own reason (invalid_input), or how it ended when it crashed or took longer than `limit` of real time
// (fault). For a program with one thread.
Result<> try_start(const std::filesystem::path& file, const std::string& config_json, Millis limit);

}  // namespace parley::kit

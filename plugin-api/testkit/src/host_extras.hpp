// Extensions of the fake host that need neither a turn nor time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <parley/ext/kv.h>
#include <parley/ext/metrics.h>
#include <parley/ext/secrets.h>
#include <parley/ext/thread-check.h>
#include <parley/plugin.h>
#include <parley/testing/kept_values.hpp>
#include <parley/testing/recorded_metrics.hpp>

namespace parley::testing {

class HostState;

struct HostExtras {
    parley_secrets secrets{};
    parley_metrics metrics{};
    parley_thread_check thread_check{};
    parley_kv kv{};
    KeptValues kept;
    std::vector<std::string> secrets_read;
    RecordedMetrics recorded;
    bool has_started = false;
};

// Around a call into the agent: where parley.thread-check/1 says yes.
class AgentCallMark {
  public:
    explicit AgentCallMark(const HostState& of) noexcept;
    AgentCallMark(const AgentCallMark&) = delete;
    AgentCallMark& operator=(const AgentCallMark&) = delete;
    ~AgentCallMark();
};

void connect_extras(HostState& state);
void connect_kv(HostState& state);

// The table of one of these, or NULL.
const void* extra_extension(const HostState& state, const char* id);

}  // namespace parley::testing

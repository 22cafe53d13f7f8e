// parley.thread-check/1: which instance this thread runs a call of; the same in the engine and in a worker.
#pragma once

#include <parley/ext/thread-check.h>

namespace parley {

class HostServices;

extern const parley_thread_check host_thread_check_table;  // ctx: a HostServices

// Around a call into an agent.
class AgentCallMark {
  public:
    explicit AgentCallMark(const HostServices& of) noexcept;
    AgentCallMark(const AgentCallMark&) = delete;
    AgentCallMark& operator=(const AgentCallMark&) = delete;
    ~AgentCallMark();
};

}  // namespace parley

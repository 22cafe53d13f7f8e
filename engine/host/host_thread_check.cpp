#include "host/host_thread_check.hpp"

#include <cstdint>

namespace parley {
namespace {

thread_local const void* called_agent = nullptr;

std::int32_t is_agent(void* ctx) {
    return called_agent == ctx ? 1 : 0;
}

}  // namespace

AgentCallMark::AgentCallMark(const HostServices& of) noexcept {
    called_agent = &of;
}

AgentCallMark::~AgentCallMark() {
    called_agent = nullptr;
}

const parley_thread_check host_thread_check_table{sizeof(parley_thread_check), is_agent};

}  // namespace parley

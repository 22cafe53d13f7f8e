// Port: what an agent's host asks of the engine when the two are different processes. In the engine itself there
// is none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <parley/plugin.h>

#include "base/clock.hpp"
#include "host/agent_metrics.hpp"

namespace parley {

enum class RemoteFunction : std::uint16_t {
    extend = 1,
    now_unix_ms,
    now_mono_ns,
    random,
    http_request,
    timer_start,
    media_fetch,
    media_upload,
    media_remove,
    secret_get,
    metric_define,
    kv_get,
    kv_put,
    kv_remove,
    kv_list,
};

struct RemoteCall {
    RemoteFunction function{};
    std::uint64_t turn = 0;  // as the engine numbers it
    parley_op op = 0;        // that it starts, as this process numbers it
    std::vector<std::string_view> texts;
    std::vector<std::uint64_t> numbers;
};

struct RemoteAnswer {
    parley_status status = PARLEY_OK;
    std::string data;
};

// Any thread.
class EngineLink {
  public:
    virtual ~EngineLink() = default;
    virtual RemoteAnswer call(const RemoteCall& call) = 0;  // waits for the answer
    virtual void cancel(parley_op op) = 0;                  // an operation that a call has started
    virtual void log(std::int32_t level, std::uint64_t turn, std::string_view message,
                     std::string_view fields_json) = 0;
    virtual void threw(std::string_view callback, std::string_view what) = 0;
    virtual void was_slow(Millis took) = 0;
    virtual void change_metric(std::uint64_t metric, MetricChange change, double value) = 0;  // does not wait
};

}  // namespace parley

// One instance of an isolated plugin: its worker process, and the frames between that and a host's table.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <parley/plugin.h>

#include "host/callback_board.hpp"
#include "host/engine_link.hpp"
#include "host/worker_messages.hpp"
#include "host/worker_process.hpp"

namespace parley::kit {

class IsolatedInstance {
  public:
    struct Parts {
        std::filesystem::path worker, library;
        std::string id, version, sha256, config_json;
        const parley_host* host = nullptr;
        std::vector<std::string>* faults = nullptr;
    };
    explicit IsolatedInstance(Parts parts) : parts_(std::move(parts)), host_(*parts_.host) {}

    // As the functions of parley_agent; each but `destroy` throws WorkerEnded when the process ends in it, `destroy`
    // when it does not end as one that was told to.
    parley_status start();
    void on_event(const parley_event& event);
    void on_result(parley_op op, const parley_result& result);
    void on_cancel(parley_turn turn, parley_status why);
    void destroy();

  private:
    struct Operation {
        parley_op workers = 0;
        parley_turn turn = 0;
        parley_status (*cancel)(void* ctx, parley_op op) = nullptr;
    };

    void log(std::string_view why);
    bool begin_process();
    Frame next();
    void send(const Frame& frame);
    void settle();
    void pass_output();
    [[noreturn]] void end(const char* why);

    void take(const Frame& frame);
    void finish(const Frame& frame);
    parley_status stage(parley_turn turn, const FinishMessage& message);
    void close(parley_turn turn, parley_status status, std::string_view error);
    void drop_operations(parley_turn turn);
    void note(const Frame& frame);
    void change_metrics(const Frame& frame);
    void answer(const Frame& frame);
    RemoteAnswer perform(const CallMessage& call);
    RemoteAnswer start_operation(const CallMessage& call);
    RemoteAnswer define_metric(const CallMessage& call);
    RemoteAnswer secret(std::string_view name);

    const Parts parts_;
    const parley_host& host_;
    std::optional<CallbackBoard> board_;
    std::optional<FrameSocket> socket_;
    std::optional<WorkerProcess> process_;
    bool is_over_ = true;  // no process, or no more
    bool has_output_ = true;
    bool has_ended_well_ = false;
    std::uint64_t settled_ = 0;
    std::set<parley_turn> open_;
    std::unordered_map<parley_op, Operation> operations_;  // by the host's number
};

}  // namespace parley::kit

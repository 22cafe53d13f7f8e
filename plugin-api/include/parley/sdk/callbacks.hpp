// The C callbacks of an instance: they turn calls of the host into calls of the agent, and let no exception
// out.
#pragma once

#include <cstddef>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parley/sdk/agent.hpp>
#include <parley/sdk/agent_extensions.hpp>
#include <parley/sdk/guarded.hpp>

namespace parley {

template <class A>
class Callbacks {
  public:
    static void attach(A& agent, const parley_host& host) noexcept {
        instance_of(&agent).attach(&host, A::check);
    }

    // `out` owns the agent from now on.
    static void publish(A* agent, parley_agent& out) noexcept {
        out.struct_size = sizeof out;
        out.self = agent;
        out.start = &start;
        out.on_event = &on_event;
        out.on_result = &on_result;
        out.on_cancel = &on_cancel;
        out.reconfigure = &reconfigure;
        out.get_extension = &AgentExtensions<A>::find;
        out.destroy = &destroy;
    }

  private:
    using Undefined = typename Agent<A>::Undefined;

    static A& agent_of(void* self) noexcept { return *static_cast<A*>(self); }
    static Instance& instance_of(void* self) noexcept {
        return static_cast<Agent<A>&>(agent_of(self)).instance_;
    }

    static void log_error(void* self, std::string_view message) noexcept {
        write_log(*instance_of(self).host, 0, LogLevel::error, message);
    }

    static parley_status start(void* self) noexcept {
        char reason[256] = "";
        const parley_status status = guarded(reason, sizeof reason, [self] { agent_of(self).start(); });
        if (status != PARLEY_OK) log_error(self, reason);
        return status;
    }

    static void on_event(void* self, const parley_event* event) noexcept {
        char reason[256] = "";
        bool is_handled = false;
        const parley_status status =
            guarded(reason, sizeof reason, [&] { is_handled = dispatch(agent_of(self), *event); });
        if (is_handled) return;
        const parley_host& host = *instance_of(self).host;
        host.finish(host.ctx, event->turn, status, str(reason));
    }

    // False when the agent has no handler for this kind of event.
    static bool dispatch(A& agent, const parley_event& event) {
        switch (event.kind) {
            case PARLEY_EVENT_MESSAGE:
                return run(agent, event, [&](Turn turn) { return agent.on_message(std::move(turn)); });
            case PARLEY_EVENT_STATUS:
                return run(agent, event, [&](Turn turn) { return agent.on_status(std::move(turn)); });
            case PARLEY_EVENT_FOLLOWUP:
                return run(agent, event, [&](Turn turn) { return follow_up(agent, std::move(turn)); });
            case PARLEY_EVENT_SYSTEM:
                return run(agent, event, [&](Turn turn) { return agent.on_system(std::move(turn)); });
            default:
                return false;
        }
    }

    static auto follow_up(A& agent, Turn turn) {
        if constexpr (requires { agent.on_followup(std::move(turn), Followup{}); }) {
            Followup followup = turn.followup();
            return agent.on_followup(std::move(turn), std::move(followup));
        } else {
            return agent.on_followup(std::move(turn));
        }
    }

    template <class Handler>
    static bool run(A& agent, const parley_event& event, Handler handler) {
        if constexpr (std::is_same_v<std::invoke_result_t<Handler, Turn>, Undefined>) {
            return false;
        } else {
            handler(Turn(instance_of(&agent), event)).start();
            return true;
        }
    }

    static void on_result(void* self, parley_op op, const parley_result* result) noexcept {
        try {
            instance_of(self).operations.complete(op, *result);
        } catch (const std::bad_alloc&) {
            log_error(self, "no memory for the result of an operation; its turn will time out");
        }
    }

    static void on_cancel(void* self, parley_turn turn, parley_status /*why*/) noexcept {
        instance_of(self).frames.abandon(turn);
    }

    static parley_status reconfigure(void* self, parley_str json, char* err, std::size_t cap) noexcept {
        using Outcome = decltype(agent_of(self).reconfigure(Config({})));
        if constexpr (std::is_same_v<Outcome, Undefined>) {
            copy_error("the agent does not take a new configuration while it runs", err, cap);
            return PARLEY_UNSUPPORTED;
        } else {
            return guarded(err, cap, [&] { agent_of(self).reconfigure(Config(view(json))); });
        }
    }

    static void destroy(void* self) noexcept {
        instance_of(self).frames.abandon_all();
        delete static_cast<A*>(self);
    }
};

}  // namespace parley

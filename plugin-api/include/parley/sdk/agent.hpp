// The base of an agent: what it may define, and the C callbacks that call it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include <parley/sdk/config.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/log.hpp>
#include <parley/sdk/task.hpp>

namespace parley {

// Writes `text`, NUL-terminated and cut to fit, where the C contract wants the reason of a failure.
inline void copy_error(std::string_view text, char* err, std::size_t cap) noexcept {
    if (!err || cap == 0) return;
    const std::size_t size = text.size() < cap ? text.size() : cap - 1;
    text.copy(err, size);
    err[size] = '\0';
}

// struct Hello : parley::Agent<Hello> { parley::Task on_message(parley::Turn turn); };
//
// An agent defines on_message, and what it needs of:
//   Hello()  or  Hello(const parley::Config&)   throws ConfigError; the host may not be called yet
//   void configure(const parley::Config&)       after construction; throws ConfigError; may log
//   void start()                                throws to keep the deployment from starting
//   void reconfigure(const parley::Config&)     throws ConfigError and then has changed nothing; without it
//   the host
//                                               makes a new instance
//   Task on_status(Turn), on_followup(Turn), on_system(Turn)    events without a handler are finished at once
// Calls are serial, on any thread of the host (of one conversation when the manifest says so).
template <class Derived>
class Agent {
  public:
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // For PARLEY_PLUGIN: makes `*out` call `agent`, which it owns from now on.
    static void publish(Derived* agent, parley_agent& out) noexcept {
        out.struct_size = sizeof out;
        out.self = agent;
        out.start = &start_callback;
        out.on_event = &event_callback;
        out.on_result = &result_callback;
        out.on_cancel = &cancel_callback;
        out.reconfigure = &reconfigure_callback;
        out.get_extension = nullptr;
        out.destroy = &destroy_callback;
    }

    static void attach(Derived& agent, const parley_host* host) noexcept {
        base(&agent).instance_.attach(host);
    }

  protected:
    Agent() = default;
    ~Agent() = default;

    void log(LogLevel level, std::string_view message, std::string_view fields_json = {}) const noexcept {
        write_log(*instance_.host, 0, level, message, fields_json);
    }

    const parley_host& host() const noexcept { return *instance_.host; }

  private:
    static Agent& base(void* self) noexcept { return *static_cast<Derived*>(self); }

    static parley_status start_callback(void* self) noexcept {
        if constexpr (requires(Derived & agent) { agent.start(); }) {
            try {
                static_cast<Derived*>(self)->start();
            } catch (const std::exception& error) {
                base(self).log(LogLevel::error, error.what());
                return PARLEY_INTERNAL;
            } catch (...) {
                return PARLEY_INTERNAL;
            }
        }
        return PARLEY_OK;
    }

    static void event_callback(void* self, const parley_event* event) noexcept {
        const parley_host& host = *base(self).instance_.host;
        try {
            if (dispatch(*static_cast<Derived*>(self), *event)) return;
            host.finish(host.ctx, event->turn, PARLEY_OK, parley_str{nullptr, 0});
        } catch (const std::exception& error) {
            host.finish(host.ctx, event->turn, PARLEY_INTERNAL, str(error.what()));
        } catch (...) {
            host.finish(host.ctx, event->turn, PARLEY_INTERNAL,
                        str("an exception that is not a std::exception"));
        }
    }

    // False when the agent has no handler for this kind of event.
    static bool dispatch(Derived& agent, const parley_event& event) {
        Instance& instance = base(&agent).instance_;
        switch (event.kind) {
            case PARLEY_EVENT_MESSAGE:
                agent.on_message(Turn(instance, event)).start();
                return true;
            case PARLEY_EVENT_STATUS:
                if constexpr (requires(Turn turn) { agent.on_status(std::move(turn)); }) {
                    agent.on_status(Turn(instance, event)).start();
                    return true;
                }
                return false;
            case PARLEY_EVENT_FOLLOWUP:
                if constexpr (requires(Turn turn) { agent.on_followup(std::move(turn)); }) {
                    agent.on_followup(Turn(instance, event)).start();
                    return true;
                }
                return false;
            case PARLEY_EVENT_SYSTEM:
                if constexpr (requires(Turn turn) { agent.on_system(std::move(turn)); }) {
                    agent.on_system(Turn(instance, event)).start();
                    return true;
                }
                return false;
            default:
                return false;
        }
    }

    static void result_callback(void* self, parley_op op, const parley_result* result) noexcept {
        try {
            base(self).instance_.operations.complete(op, *result);
        } catch (...) {
            base(self).log(LogLevel::error,
                           "no memory for the result of an operation; its turn will time out");
        }
    }

    static void cancel_callback(void* self, parley_turn turn, parley_status /*why*/) noexcept {
        base(self).instance_.frames.abandon(turn);
    }

    static parley_status reconfigure_callback(void* self, parley_str json, char* err,
                                              std::size_t cap) noexcept {
        if constexpr (requires(Derived & agent, const Config& config) { agent.reconfigure(config); }) {
            try {
                static_cast<Derived*>(self)->reconfigure(Config(view(json)));
                return PARLEY_OK;
            } catch (const ConfigError& error) {
                copy_error(error.what(), err, cap);
                return PARLEY_CONFIG;
            } catch (const std::exception& error) {
                copy_error(error.what(), err, cap);
                return PARLEY_INTERNAL;
            } catch (...) {
                return PARLEY_INTERNAL;
            }
        }
        (void)self, (void)json, (void)err, (void)cap;
        return PARLEY_UNSUPPORTED;
    }

    static void destroy_callback(void* self) noexcept {
        base(self).instance_.frames.abandon_all();
        delete static_cast<Derived*>(self);
    }

    Instance instance_;
};

}  // namespace parley

// The base of an agent, and what an agent may define.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <parley/sdk/config.hpp>
#include <parley/sdk/health.hpp>
#include <parley/sdk/instance.hpp>
#include <parley/sdk/log.hpp>
#include <parley/sdk/metrics.hpp>
#include <parley/sdk/secrets.hpp>
#include <parley/sdk/task.hpp>

namespace parley {

template <class A>
class Callbacks;

// struct Hello : parley::Agent<Hello> { parley::Task on_message(parley::Turn turn); };
//
// An agent defines on_message, and what it needs of the functions below, all public:
//   Hello()  or  Hello(const parley::Config&)   throws ConfigError; the host may not be called yet
//   void configure(const parley::Config&)       after construction; throws ConfigError; may log
//   void start()                                throws to keep the deployment from starting
//   void reconfigure(const parley::Config&)     throws ConfigError and then has changed nothing; without it
//                                               the host makes a new instance
//   static constexpr auto check = parley::Check::maximal;    see sdk/thread_check.hpp
//   Task on_followup(Turn, Followup)            or on_followup(Turn)
//   Task on_status(Turn), on_system(Turn)       events without a handler are finished at once
//   std::string migrate_state(std::uint32_t from, std::string_view json)    the document in today's state_schema;
//                                               throws when it cannot be, which fails the turn
//   std::string export_memory()                 what this instance knows besides states: a JSON object, for the one
//   void import_memory(std::string_view version, std::string_view json)     that replaces it; throws to begin without
//   parley::Health health()                     how it is; throws when it is unhealthy
// Calls are serial, on any thread of the host (of one conversation when the manifest says so).
template <class Derived>
class Agent {
  public:
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    // What an agent leaves undefined. Hidden by its own function of the same name; one that is private or
    // takes something else is an error of the compiler, not silence.
    struct Undefined {};
    static constexpr Check check = Check::none;
    Undefined configure(const Config&) const noexcept { return {}; }
    Undefined reconfigure(const Config&) const noexcept { return {}; }
    Undefined start() const noexcept { return {}; }
    Undefined on_status(Turn&&) const noexcept { return {}; }
    Undefined on_followup(Turn&&) const noexcept { return {}; }
    Undefined on_system(Turn&&) const noexcept { return {}; }
    Undefined migrate_state(std::uint32_t, std::string_view) const noexcept { return {}; }
    Undefined export_memory() const noexcept { return {}; }
    Undefined import_memory(std::string_view, std::string_view) const noexcept { return {}; }
    Undefined health() const noexcept { return {}; }

  protected:
    Agent() = default;
    ~Agent() = default;

    void log(LogLevel level, std::string_view message, std::string_view fields_json = {}) const noexcept {
        write_log(*instance_.host, 0, level, message, fields_json);
    }

    // In start() only; see sdk/metrics.hpp.
    MetricDefiner metrics() const { return MetricDefiner(*instance_.host); }

    // Whether this thread is in a call of the host to this agent; true where the host cannot tell.
    bool in_agent() const noexcept { return instance_.threads.in_agent(); }

    // Of the deployment; from start() on. See sdk/secrets.hpp for what it throws.
    std::string secret(std::string_view name) const { return read_secret(*instance_.host, name); }

    const parley_host& host() const noexcept { return *instance_.host; }

  private:
    friend class Callbacks<Derived>;

    Instance instance_;
};

}  // namespace parley

// A host for one agent instance, for tests: virtual time, scripted HTTP, everything the agent did on record.
//
// Promise   Keeps the contract of plugin.h, also where that is unpleasant: stale handles are refused, results
//           are posted and never arrive inside a host call, staged work of a failed turn is gone, the
//           deadline is enforced.
// Threads   All functions from one thread; the agent's host calls too.
// Time      Stands still but for advance(). Timers, delayed answers, deadlines and follow-ups
//           fire there, in order.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <parley/testing/kept_values.hpp>
#include <parley/testing/library.hpp>
#include <parley/testing/recorded_metrics.hpp>
#include <parley/testing/scripted_http.hpp>
#include <parley/testing/scripted_media.hpp>
#include <parley/testing/turn_record.hpp>

namespace parley::testing {

// A call of the agent as the host answered it. Valid while it is being told.
struct HostCall {
    std::string_view name;  // "reply", "finish", "http.request" …
    parley_turn turn = 0;
    std::string_view text;  // the first text argument
    parley_status status = PARLEY_OK;
};

// How a test takes part in what crosses the contract; each may be empty.
struct HostHooks {
    // Before a call that can fail: anything but OK is the answer, and nothing has happened.
    std::function<parley_status(std::string_view name)> refuse = {};
    std::function<void(const HostCall& call)> observe = {};
    // In place of calling the agent: runs `call`, measures it, catches its exceptions, takes another thread.
    std::function<void(std::string_view callback, const std::function<void()>& call)> around = {};
};

struct HostOptions {
    std::string deployment = "test";
    std::chrono::milliseconds deadline = std::chrono::seconds(20);
    std::int64_t unix_ms = 1'790'000'000'000;  // the wall clock at the beginning
    std::uint64_t seed = 1;                    // of the agent's randomness
    std::size_t operations = 1024;             // under way at once; more are refused with LIMIT
    std::set<std::string> withheld = {};       // extensions that this host does not have
    HostHooks hooks = {};
    std::map<std::string, std::string> secrets = {};  // the deployment's, by name
    std::uint32_t state_schema = 0;                   // of the agent's manifest
    std::optional<std::string> any_secret = {};       // the value of every other name; none: DENIED
    bool fires_followups = true;                      // no: only send() brings what was due
};

struct StartResult {
    parley_status status = PARLEY_OK;
    std::string error;
    bool ok() const noexcept { return status == PARLEY_OK; }
};

class HostState;

class FakeHost {
  public:
    // For an agent that is linked into the test: FakeHost host(parley_plugin_v1).
    explicit FakeHost(const parley_plugin& plugin, HostOptions options = {});
    // For a built agent: FakeHost host(Library("lib/parley/agents/echo.so")). Unloads it at the end.
    explicit FakeHost(Library library, HostOptions options = {});
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;
    ~FakeHost();  // stop()

    // create and start. The agent's id defaults to the first of the library. Once, until stop().
    StartResult start(std::string_view config_json = "{}", std::string_view id = {});
    // PARLEY_UNSUPPORTED when the agent has no reconfigure.
    StartResult reconfigure(std::string_view config_json);
    // Cancels the open turns, completes what is under way, destroys the instance. Records stay readable.
    void stop();

    // Gives the agent one event and lets everything happen that needs no time. The record stays valid and is
    // kept up to date: a turn that waits is `open()` until advance() or cancel().
    const TurnRecord& send(const Message& message);
    void advance(std::chrono::milliseconds duration);
    // The wall clock alone, as when an operator sets it; may go back.
    void set_unix_ms(std::int64_t unix_ms);
    void cancel(parley_turn turn, parley_status why = PARLEY_CANCELLED);

    // Rules added later win. The reference stays valid.
    HttpRule& on_http(std::string method, std::string url_prefix);
    const std::vector<HttpRequest>& http_requests() const;
    // The files users sent, and what the agent uploaded.
    ScriptedMedia& media();
    const RecordedMetrics& metrics() const;
    // What the agent keeps by parley.kv/1.
    KeptValues& kept();
    // The names of the secrets it was given, in order.
    const std::vector<std::string>& secrets_read() const;
    // What is scheduled and not due yet, in the order of time; and the turns of those that were due.
    std::vector<FollowupRecord> waiting_followups() const;
    const std::vector<const TurnRecord*>& followup_turns() const;
    // How many requests, timers and media operations are under way.
    std::size_t operations() const;

    // The committed document of a conversation; empty when there is none.
    std::string state(const std::string& conversation) const;
    // As an agent with that state_schema wrote it; without one, as this agent.
    void set_state(const std::string& conversation, std::string document_json,
                   std::optional<std::uint32_t> schema = std::nullopt);
    // Also what the event says of the document.
    void set_state(const std::string& conversation, std::string document_json, std::uint64_t revision,
                   std::uint32_t schema);
    // Which state_schema wrote it.
    std::uint32_t state_schema(const std::string& conversation) const;

    // The agent's own extensions. UNSUPPORTED: it does not have that one.
    struct Answer {
        parley_status status = PARLEY_UNSUPPORTED;
        std::int32_t level = 0;  // PARLEY_HEALTH_…
        std::string text;        // what it gave or said, or why not
    };
    Answer health();
    Answer export_memory();
    Answer import_memory(std::string_view version, std::string_view json);
    // The next bytes that the agent draws; then it goes on with the seed.
    void give_random(std::string bytes);

    // Drops what is on record of the past, for long runs: turns that are over, requests, lines of log, uploads, observed
    // metrics. References to them end.
    void forget();

    const std::vector<LogLine>& log() const;
    // Broken rules of plugin.h, a sentence each: stale handles, a second finish, calls that are not allowed
    // in create.
    const std::vector<std::string>& misbehaviours() const;

    // What the agent sees and what it gave, for tests of the contract itself.
    const parley_host& table() const;
    const parley_agent& agent() const;
    const parley_plugin& plugin() const { return *plugin_; }

  private:
    std::unique_ptr<Library> library_;
    std::unique_ptr<HostState> state_;
    const parley_plugin* plugin_;
    parley_agent agent_{};
    bool running_ = false;
};

}  // namespace parley::testing

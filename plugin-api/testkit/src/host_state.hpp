// The fake host's books: turns, operations, time. Its C table calls them; FakeHost moves them on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <parley/ext/followup.h>
#include <parley/ext/http.h>
#include <parley/ext/media.h>
#include <parley/ext/postpone.h>
#include <parley/ext/timer.h>
#include <parley/testing/fake_host.hpp>

#include "host_extras.hpp"

namespace parley::testing {

struct Operation {
    parley_turn turn = 0;
    std::uint64_t due_ns = 0;  // UINT64_MAX: never by itself
    HttpResponse response;
};

struct OpenTurn {
    std::uint64_t deadline_ns = 0;
    std::uint64_t latest_ns = 0;  // how far extend() may go
    std::uint64_t messages = 0;   // of the conversation, up to its own
    std::string sender, name;
};

struct Conversation {
    std::string document;
    std::uint64_t revision = 0;
    std::uint32_t schema = 0;
    std::uint64_t messages = 0;
    std::int64_t written_unix_ms = INT64_MIN;  // when its person last wrote
};

enum class Phase { idle, creating, running, destroyed };

class HostState {
  public:
    explicit HostState(HostOptions host_options);
    HostState(const HostState&) = delete;
    HostState& operator=(const HostState&) = delete;

    TurnRecord& open_turn(const std::string& conversation, const Message& message);
    // The record of an open turn, or nullptr; then the call is on the list of misbehaviours.
    TurnRecord* use(parley_turn turn, const char* call);
    void commit(TurnRecord& record);
    static void discard(TurnRecord& record, parley_status status, std::string error);
    // The turn is stale from here on; what it has under way completes with CANCELLED.
    void close(parley_turn turn);

    // Stages one; `record` is an open turn's.
    parley_status follow_up(TurnRecord& record, FollowupRecord order);
    void commit_followups(const TurnRecord& record);
    void person_wrote(const std::string& conversation);
    // The first that may fire, or end(): those wait whose conversation has an open turn.
    std::vector<FollowupRecord>::iterator next_followup();
    std::uint64_t due_ns(const FollowupRecord& one) const;
    bool is_window_closed(const std::string& conversation) const;

    parley_status add_operation(parley_turn turn, HttpResponse response, parley_op* op);
    bool cancel_operation(parley_op op);

    // Counts the call as misbehaviour unless the phase allows it.
    void require_running(const char* call);
    void blame(std::string what) { misbehaviours.push_back(std::move(what)); }

    std::uint64_t unix_ms() const { return static_cast<std::uint64_t>(options.unix_ms) + now_ns / 1'000'000; }
    std::uint64_t next_random();
    unsigned char next_byte();

    // Into the agent.
    void call(const char* callback, const std::function<void()>& into) const {
        const auto marked = [&] {
            if (phase == Phase::creating) return into();
            const AgentCallMark mark(*this);
            into();
        };
        options.hooks.around ? options.hooks.around(callback, marked) : marked();
    }

    HostOptions options;
    parley_host table{};
    parley_http http{};
    parley_timer timer{};
    parley_media media{};
    parley_postpone postpone{};
    parley_followup followup{};
    Phase phase = Phase::idle;
    std::uint64_t now_ns = 1'000'000'000;
    std::map<parley_turn, std::unique_ptr<TurnRecord>> records;
    std::map<parley_turn, OpenTurn> open;
    std::map<parley_op, Operation> operations;
    std::map<std::string, Conversation> conversations;
    HostExtras extras;
    std::vector<FollowupRecord> waiting;
    std::vector<const TurnRecord*> followup_turns;
    ScriptedHttp script;
    ScriptedMedia media_script;
    std::vector<HttpRequest> requests;
    std::vector<LogLine> log;
    std::vector<std::string> misbehaviours;
    std::string given_random;
    std::size_t used_random = 0;

  private:
    std::uint64_t next_handle_ = 0x1'0000'0000;
    std::uint64_t random_;
};

// Seconds of UTC, as WhatsApp's webhooks write them.
std::string iso_8601(std::uint64_t unix_ms);

// Fills state.table, state.http and state.timer.
void connect_table(HostState& state);
// Fills state.media.
void connect_media(HostState& state);
// Fills state.followup.
void connect_followups(HostState& state);

}  // namespace parley::testing

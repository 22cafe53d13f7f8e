#include "host/plugin_agent.hpp"

#include <array>
#include <charconv>
#include <exception>
#include <future>

#include "core/message_log.hpp"
#include "host/host_text.hpp"
#include "host/host_thread_check.hpp"
#include "host/traced_callback.hpp"

namespace parley {
namespace {

constexpr std::size_t conversation_lanes = 64;
constexpr std::size_t max_create_error = 1024;
constexpr std::chrono::seconds slow_warning_every{10};

static_assert(static_cast<int>(EventKind::message) == PARLEY_EVENT_MESSAGE &&
              static_cast<int>(EventKind::status) == PARLEY_EVENT_STATUS &&
              static_cast<int>(EventKind::followup) == PARLEY_EVENT_FOLLOWUP &&
              static_cast<int>(EventKind::system) == PARLEY_EVENT_SYSTEM);

parley_event make_event(const Turn& turn, parley_turn handle, const ConversationState& state,
                        std::string_view conversation, std::string_view deployment,
                        std::string_view traceparent) {
    const TurnEvent& event = turn.event();
    const Party& from = event.message.from;
    return {sizeof(parley_event),
            static_cast<std::uint32_t>(event.message.kind),
            handle,
            to_mono_ns(turn.deadline()),
            static_cast<std::uint64_t>(unix_ms(event.received_at)),
            event.attempt,
            state.schema,
            to_parley_str(deployment),
            to_parley_str(conversation),
            to_parley_str(from.wa_id.empty() ? from.user_id : from.wa_id),
            to_parley_str(from.name),
            to_parley_str(event.message.type),
            to_parley_str(event.message.text),
            to_parley_str({}),
            to_parley_str(event.canonical_json),
            to_parley_str(state.json),
            state.revision,
            to_parley_str(traceparent)};
}

}  // namespace

PluginAgent::PluginAgent(Parts parts)
    : library_(std::move(parts.library)),
      deployment_(std::move(parts.deployment)),
      observer_(parts.observer),
      on_destroyed_(std::move(parts.on_destroyed)),
      services_(
          identity_of(deployment_, library_->manifest()), std::move(parts.policy), parts.ports,
          [this](parley_op op, const OperationOwner& owner, OperationResult result) {
              post(owner.lane,
                   [this, op, owner, kept = std::move(result)] { handle_result(op, owner, kept); });
          },
          [this] { check_idle_later(); }),
      faults_(parts.ports.metrics.counter("parley_faults_total", "Mistakes of the engine that were caught",
                                          {{"where", "agent"}})),
      slow_callbacks_(parts.ports.metrics.counter("parley_agent_slow_callbacks_total",
                                                  "Callbacks of an agent that took longer than 50 ms",
                                                  {{"deployment", deployment_.str()}})) {
    const PluginManifest& manifest = library_->manifest();
    StrandLimits limits;
    if (!manifest.is_blocking) limits.on_slow = [this](Millis took) { warn_slow(took); };
    for (std::size_t i = 0; i < (manifest.conversation_parallel ? conversation_lanes : 1); ++i)
        lanes_.push_back(parts.pool.make_strand(limits));
    aside_ = parts.pool.make_strand({});
}

Result<std::shared_ptr<PluginAgent>> PluginAgent::create(Parts parts) {
    const std::string config = std::move(parts.config_json);
    std::shared_ptr<PluginAgent> agent(new PluginAgent(std::move(parts)));
    if (const auto made = agent->create_instance(config); !made)
        return made.error().within("agent " + agent->library_->manifest().id);
    return agent;
}

Result<> PluginAgent::create_instance(const std::string& config_json) {
    std::array<char, max_create_error> text{};
    agent_.struct_size = sizeof agent_;
    parley_status status = PARLEY_INTERNAL;
    try {
        status = library_->table().create(library_->manifest().id.c_str(), services_.table(),
                                          to_parley_str(config_json), &agent_, text.data(), text.size());
    } catch (const std::exception& error) {
        faults_.add();
        return Error{Errc::fault, "create threw an exception: " + one_line(error.what(), max_create_error)};
    } catch (...) {
        faults_.add();
        return Error{Errc::fault, "create threw an exception"};
    }
    text.back() = '\0';
    if (status != PARLEY_OK) {
        const std::string words = one_line(text.data(), max_create_error);
        const std::string reason = words.empty() ? std::string("it gives no reason") : words;
        if (status == PARLEY_CONFIG) return Error{Errc::invalid_input, reason};
        return Error{Errc::fault, std::string("create answered ") + to_string_status(status) + ": " + reason};
    }
    if (agent_.struct_size > sizeof agent_)
        return Error{Errc::fault, "create raised struct_size: it may only lower what the host has set"};
    if (!PARLEY_HAS(&agent_, destroy) || agent_.on_event == nullptr || agent_.destroy == nullptr)
        return Error{Errc::fault, "create gave no on_event or no destroy: both are needed"};
    return {};
}

Result<> PluginAgent::start(Millis limit) {
    if (agent_.start == nullptr) {
        services_.note_started();
        return {};
    }
    auto outcome = std::make_shared<std::promise<std::string>>();
    std::future<std::string> said = outcome->get_future();
    post(0, [this, outcome] {
        parley_status status = PARLEY_INTERNAL;
        std::string thrown;
        const bool returned = call_agent({}, "start", &thrown, [&] { status = agent_.start(agent_.self); });
        services_.note_started();
        std::string problem;
        if (!returned)
            problem = thrown;
        else if (status != PARLEY_OK)
            problem = std::string("start answered ") + to_string_status(status);
        outcome->set_value(std::move(problem));
    });
    if (said.wait_for(limit) != std::future_status::ready)
        return Error{Errc::unavailable, "agent " + info().manifest.id + ": start did not return within " +
                                            std::to_string(limit.count()) + " ms"};
    const std::string problem = said.get();
    if (problem.empty()) return {};
    return Error{Errc::fault, "agent " + info().manifest.id + ": " + problem};
}

void PluginAgent::post(std::size_t lane, UniqueFunction<void()> task) {
    pending_.fetch_add(1);
    lanes_[lane]->post([self = shared_from_this(), run = std::move(task)]() mutable {
        run();
        self->leave_task();
    });
}

void PluginAgent::leave_task() {
    if (pending_.fetch_sub(1) != 1) return;
    if (retiring_.load()) destroy_if_idle();
    if (is_awaited_.load()) tell_if_settled();
}

// Looks again: since the last task has ended another one may have come, which then tells.
void PluginAgent::tell_if_settled() {
    UniqueFunction<void()> tell;
    {
        const std::lock_guard lock(awaited_mutex_);
        if (!is_awaited_.load() || pending_.load() != 0) return;
        is_awaited_.store(false);
        tell = std::move(tell_settled_);
    }
    tell();
}

void PluginAgent::when_settled(UniqueFunction<void()> tell) {
    {
        const std::lock_guard lock(awaited_mutex_);
        tell_settled_ = std::move(tell);
        is_awaited_.store(true);
    }
    tell_if_settled();
}

void PluginAgent::check_idle_later() {
    if (retiring_.load() && !destroyed_.load()) post(0, [] {});
}

// Runs on a strand with no other task of this instance anywhere, and none can come: retiring agents get no
// turns.
void PluginAgent::destroy_if_idle() {
    if (services_.turns().size() != 0 || services_.operations()->size() != 0 || destroyed_.exchange(true))
        return;
    call_agent({}, "destroy", nullptr, [this] { agent_.destroy(agent_.self); });
    if (on_destroyed_) on_destroyed_();
}

std::size_t PluginAgent::lane_of(const TurnEvent& event) const noexcept {
    return static_cast<std::size_t>(to_int(event.conversation)) % lanes_.size();
}

void PluginAgent::deliver(TurnPtr turn) {
    const std::size_t lane = lane_of(turn->event());
    if (lanes_[lane]->is_stalled()) {
        refuse(std::move(turn), "the agent is stuck in a callback");
        return;
    }
    pending_.fetch_add(1);  // holds off destruction until the turn is in the table
    if (retiring_.load()) {
        log_about(LogLevel::warning, "turn for a stopped agent", turn->event());
    } else {
        // A blocking agent may take as long as its turn.
        if (library_->manifest().is_blocking && turn->event().deployment)
            lanes_[lane]->set_stall_limit(turn->event().deployment->deadline);
        if (const parley_turn handle = services_.turns().open(turn, lane); handle != 0)
            post(lane, [this, handle] { handle_event(handle); });
        else
            refuse(std::move(turn), "too many turns are open");
    }
    if (pending_.fetch_sub(1) == 1) check_idle_later();
}

void PluginAgent::cancel(const TurnPtr& turn, std::string_view why) {
    const auto revoked = services_.turns().revoke(turn.get());
    if (!revoked) return;
    revoke(*revoked, why.find("deadline") != std::string_view::npos ? PARLEY_TIMEOUT : PARLEY_CANCELLED);
}

void PluginAgent::retire() {
    retiring_.store(true);
    check_idle_later();
}

void PluginAgent::abandon_turns(parley_status why) {
    for (const TurnTable::Revoked& revoked : services_.turns().revoke_all()) revoke(revoked, why);
}

bool PluginAgent::is_stalled() const noexcept {
    for (const auto& lane : lanes_)
        if (lane->is_stalled()) return true;
    return false;
}

void PluginAgent::refuse(TurnPtr turn, const char* reason) {
    // Not on this thread: the caller may hold locks that finishing needs.
    aside_->post([kept = std::move(turn), reason] { kept->finish(false, reason); });
}

// on_cancel comes before the cancelled results, so that the agent has dropped its work when they arrive.
void PluginAgent::revoke(TurnTable::Revoked revoked, parley_status why) {
    post(revoked.lane, [this, handle = revoked.handle, why] { handle_cancel(handle, why); });
    services_.operations()->cancel_turn(revoked.handle);
}

void PluginAgent::handle_event(parley_turn handle) {
    const TurnPtr turn = services_.turns().deliver(handle);
    if (!turn) return;
    if (!turn->is_open()) {
        services_.turns().close(handle);  // taken away before deliver(), so no cancel() follows
        return;
    }
    const TurnEvent& facts = turn->event();
    std::optional<ConversationState> newer;
    if (!facts.state.json.empty() && facts.state.schema < library_->manifest().state_schema) {
        newer = newer_state(handle, facts);
        if (!newer) return;
    }
    std::array<char, 24> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), to_int(facts.conversation)).ptr;
    const std::string_view conversation(digits.data(), static_cast<std::size_t>(end - digits.data()));
    const std::string traceparent = to_traceparent(facts.trace_id, facts.span);
    const parley_event event =
        make_event(*turn, handle, newer ? *newer : facts.state, conversation, deployment_.str(), traceparent);
    if (facts.trace) has_traces_ = true;
    const TracedCallback traced(facts.trace.get());
    std::string thrown;
    if (!call_agent(facts.seq, "on_event", &thrown, [&] { agent_.on_event(agent_.self, &event); }))
        services_.fail(handle, thrown);
}

// None: the turn has failed.
std::optional<ConversationState> PluginAgent::newer_state(parley_turn handle, const TurnEvent& facts) {
    Result<ConversationState> outcome = facts.state;
    std::string thrown;
    if (!call_agent(facts.seq, "migrate", &thrown,
                    [&] { outcome = migrated(agent_, facts.state, library_->manifest().state_schema); }))
        outcome = Error{Errc::fault, thrown};
    if (outcome) return std::move(*outcome);
    services_.fail(handle, outcome.error().message());
    return std::nullopt;
}

void PluginAgent::ask(AgentQuestion question, std::string version, std::string memory, Answered answered) {
    post(0, [this, question, from = std::move(version), kept = std::move(memory),
             tell = std::move(answered)]() mutable {
        AgentAnswer answer{PARLEY_CANCELLED, 0, "the agent is gone"};
        std::string thrown;
        if (!destroyed_.load() && !call_agent({}, "an extension", &thrown,
                                              [&] { answer = ask_agent(agent_, question, from, kept); }))
            answer = {PARLEY_INTERNAL, 0, thrown};
        tell(std::move(answer));
    });
}

void PluginAgent::handle_result(parley_op op, const OperationOwner& owner, const OperationResult& result) {
    const parley_result view{
        sizeof(parley_result),     result.status, result.http_status, 0, to_parley_str(result.headers_json),
        to_parley_str(result.body)};
    const TurnPtr turn = has_traces_ ? services_.turns().find(owner.turn).turn : nullptr;
    const TracedCallback traced(turn ? turn->event().trace.get() : nullptr);
    std::string thrown;
    if (agent_.on_result == nullptr)
        services_.misbehaved("it started an operation but has no on_result");
    else if (!call_agent(owner.seq, "on_result", &thrown, [&] { agent_.on_result(agent_.self, op, &view); }))
        services_.fail(owner.turn, thrown);
    services_.operations()->closed(op);
}

void PluginAgent::handle_cancel(parley_turn handle, parley_status why) {
    const TurnTable::Closed closed = services_.turns().close(handle);
    if (!closed.turn || !closed.was_delivered || agent_.on_cancel == nullptr) return;
    call_agent(closed.turn->event().seq, "on_cancel", nullptr,
               [&] { agent_.on_cancel(agent_.self, handle, why); });
}

bool PluginAgent::call_agent(ItemSeq seq, const char* callback, std::string* thrown,
                             UniqueFunction<void()> call) {
    bool returned = false;
    std::string what = "something that is no std::exception";
    if (observer_ != nullptr) observer_->entering(seq);
    try {
        const AgentCallMark mark(services_);
        call();
        returned = true;
    } catch (const std::exception& error) {
        what = one_line(error.what(), max_create_error);
    } catch (...) {
    }
    if (observer_ != nullptr) observer_->left();
    if (returned) return true;
    if (thrown != nullptr) *thrown = std::string(callback) + " threw an exception: " + what;
    if (EngineLink* const engine = services_.ports().engine) {
        engine->threw(callback, what);
        return false;
    }
    faults_.add();
    log_error("agent threw an exception", {{"deployment", deployment_.str()},
                                           {"agent", library_->manifest().id},
                                           {"message", message_name(seq)},
                                           {"callback", callback},
                                           {"reason", what}});
    return false;
}

void PluginAgent::warn_slow(Millis took) {
    if (EngineLink* const engine = services_.ports().engine) return engine->was_slow(took);
    slow_callbacks_.add();
    const auto now = services_.ports().clock.mono().time_since_epoch();
    MonoTime::rep next = next_slow_warning_.load();
    if (now.count() < next) return;
    if (!next_slow_warning_.compare_exchange_strong(next,
                                                    MonoTime::duration(now + slow_warning_every).count()))
        return;
    log_warning("agent is slow", {{"deployment", deployment_.str()},
                                  {"agent", library_->manifest().id},
                                  {"ms", took.count()},
                                  {"advice", "declare the feature \"blocking\", or wait through the host"}});
}

}  // namespace parley

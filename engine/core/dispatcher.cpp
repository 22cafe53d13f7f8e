#include "core/dispatcher.hpp"

#include <cstdio>

#include "core/callback_id.hpp"
#include "core/message_log.hpp"
#include "core/service_window.hpp"

namespace parley {
namespace {

constexpr Millis unwritable_pause{200};
const std::vector<double> turn_buckets{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30};

MonoTime began(const TurnEvent& event) {
    return event.deadline - event.deployment->deadline;
}

ConversationState state_after(const TurnEvent& event, const TurnCommit& commit) {
    ConversationState state = commit.has_state ? commit.new_state : event.state;
    state.followups = event.state.followups;
    apply_orders(state.followups, commit.followups);
    return state;
}

}  // namespace

struct Dispatcher::Counters {
    explicit Counters(Metrics& m)
        : answered(m.counter("parley_turns_total", "Turns by how they ended", {{"result", "answered"}})),
          failed(m.counter("parley_turns_total", "Turns by how they ended", {{"result", "failed"}})),
          overdue(m.counter("parley_turns_total", "Turns by how they ended", {{"result", "deadline"}})),
          crashed(m.counter("parley_turns_total", "Turns by how they ended", {{"result", "crashed"}})),
          waiting(m.gauge("parley_inbox_messages", "Messages in memory that wait for their turn or have it")),
          seconds(
              m.histogram("parley_turn_seconds", "From the beginning of a turn to its end", turn_buckets)) {}
    Counter &answered, &failed, &overdue, &crashed;
    Gauge& waiting;
    Histogram& seconds;
};

Dispatcher::Dispatcher(DispatcherOptions options, Ports ports)
    : options_(options), ports_(std::move(ports)), counters_(std::make_unique<Counters>(ports_.metrics)) {}
Dispatcher::~Dispatcher() = default;

void Dispatcher::set_agent(const DeploymentId& deployment, std::shared_ptr<Agent> agent,
                           std::uint32_t state_schema, Millis drain) {
    std::shared_ptr<Agent> replaced, tried;  // released after the lock
    const std::lock_guard lock(mutex_);
    Hosted& hosted = agents_[deployment];
    replaced = std::exchange(hosted.agent, std::move(agent));
    tried = std::exchange(hosted.trial, Hosted::Trial{}).agent;
    hosted.state_schema = state_schema;
    hosted.is_leaving = false;
    for (const auto& one : {replaced, tried})
        if (one) drain_later(one, drain);
}

void Dispatcher::remove_agent(const DeploymentId& deployment) {
    const std::lock_guard lock(mutex_);
    const auto hosted = agents_.find(deployment);
    if (hosted == agents_.end()) return;
    hosted->second.is_leaving = true;
    if (hosted->second.messages == 0) agents_.erase(hosted);
}

void Dispatcher::count_out(const DeploymentId& deployment) {
    const auto hosted = agents_.find(deployment);
    if (hosted == agents_.end()) return;
    if (--hosted->second.messages == 0 && hosted->second.is_leaving) agents_.erase(hosted);
}

void Dispatcher::submit(std::vector<QueuedMessage> messages) {
    std::vector<Start> starts;
    {
        const std::lock_guard lock(mutex_);
        for (QueuedMessage& message : messages) {
            const ConversationId id = message.conversation;
            const auto [found, fresh] = lanes_.try_emplace(id);
            Lane& lane = found->second;
            if (fresh) {
                lane.state = std::move(message.state);
                const auto recent = recent_states_.find(id);
                if (recent != recent_states_.end() && recent->second.revision > lane.state.revision)
                    lane.state = recent->second;
            }
            if (message.deployment) ++agents_[message.deployment->id].messages;
            lane.waiting.push_back(std::move(message));
            ++size_;
            if (lane.postponed)
                ++apart_;
            else if (!lane.turn && !lane.in_line)
                begin_next(id, lane, starts);
        }
        counters_->waiting.set(static_cast<double>(size_));
    }
    begin(std::move(starts));
}

bool Dispatcher::watch(ItemSeq seq, TurnWatcher& watcher) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, lane] : lanes_) {
        if (lane.turn && lane.turn->event().seq == seq) {
            lane.watchers.push_back(std::move(watcher));
            return true;
        }
        for (QueuedMessage& message : lane.waiting) {
            if (message.seq != seq || message.watcher) continue;
            message.watcher = std::move(watcher);
            return true;
        }
    }
    return false;
}

MonoTime Dispatcher::step(MonoTime now) {
    std::vector<Start> overdue, taken, starts;
    MonoTime next = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        while (!deadlines_.empty() && deadlines_.begin()->first.first <= now) {
            const TurnPtr turn = std::move(deadlines_.begin()->second);
            deadlines_.erase(deadlines_.begin());
            Lane& lane = lanes_.at(turn->event().conversation);
            if (turn->deadline() > now)
                keep_deadline(lane, turn);
            else if (turn->revoke())
                overdue.push_back({lane.agent, turn, false});
        }
        end_draining(now, taken, starts);
        begin_due(now, starts);
        if (!postponed_.empty()) next = postponed_.begin()->first;
        for (const Draining& one : draining_) next = std::min(next, one.until);
        if (any_parked_ && !stopped_) retry_parked(starts);
        if (any_parked_ && !stopped_) next = std::min(next, now + unwritable_pause);
        if (!deadlines_.empty()) next = std::min(next, deadlines_.begin()->first.first);
    }
    for (const Start& old : taken) old.agent->cancel(old.turn, "the agent was replaced");
    begin(std::move(starts));
    for (const Start& late : overdue) {
        const TurnEvent& event = late.turn->event();
        counters_->overdue.add();
        late.agent->cancel(late.turn, "deadline");
        const auto seconds = std::chrono::duration<double>(late.turn->deadline() - began(event)).count();
        char reason[64];
        std::snprintf(reason, sizeof reason, "the agent did not answer within %g s", seconds);
        finished(event.conversation, {.error = reason});
    }
    return next;
}

std::size_t Dispatcher::size() const {
    const std::lock_guard lock(mutex_);
    return size_;
}

std::size_t Dispatcher::open_turns() const {
    const std::lock_guard lock(mutex_);
    return open_turns_;
}

void Dispatcher::stop_starting() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
}

void Dispatcher::begin_next(ConversationId id, Lane& lane, std::vector<Start>& starts) {
    lane.parked = false;
    if (lane.waiting.empty()) {
        if (readers_ > 0) recent_states_[id] = std::move(lane.state);
        lanes_.erase(id);
        return;
    }
    if (stopped_ || !ports_.store.is_writable()) {
        lane.parked = true;
        any_parked_ = true;
        return ports_.wakeup.wake_at(ports_.clock.mono() + unwritable_pause);
    }
    const auto hosted = agents_.find(lane.waiting.front().deployment->id);
    if (hosted != agents_.end() && hosted->second.open_turns >= options_.max_turns) {
        lane.in_line = true;
        return hosted->second.line.push_back(id);
    }
    QueuedMessage message = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    TurnEvent event;
    event.deployment = std::move(message.deployment);
    event.conversation = id;
    event.seq = message.seq;
    event.message = std::move(message.message);
    event.canonical_json = std::move(message.canonical_json);
    event.state = lane.state;
    if (event.message.kind == EventKind::followup) forget_key(event.state.followups, event.message.text);
    event.received_at = message.received_at;
    event.attempt = message.attempt;
    event.trace_id = message.trace_id;
    if (message.watcher) lane.watchers.push_back(std::move(message.watcher));
    if (hosted != agents_.end()) {
        lane.hosted = &hosted->second;
        ++lane.hosted->open_turns;
    }
    ++open_turns_;
    open_turn(id, lane, std::move(event), starts);
}

void Dispatcher::open_turn(ConversationId id, Lane& lane, TurnEvent event, std::vector<Start>& starts) {
    event.deadline = ports_.clock.mono() + event.deployment->deadline;
    event.span = make_span(event.trace_id, event.attempt,
                           static_cast<std::uint64_t>(event.deadline.time_since_epoch().count()));
    event.trace = event.deployment->is_recorded ? std::make_shared<TurnTrace>(ports_.clock.wall()) : nullptr;
    if (lane.hosted != nullptr) choose_agent(id, lane);
    lane.turn = std::make_shared<Turn>(std::move(event),
                                       [this, id](TurnResult result) { finished(id, std::move(result)); });
    keep_deadline(lane, lane.turn);
    starts.push_back({lane.agent, lane.turn, std::exchange(lane.is_again, false)});
}

void Dispatcher::end_draining(MonoTime now, std::vector<Start>& taken, std::vector<Start>& starts) {
    for (auto one = draining_.begin(); one != draining_.end();) {
        const std::shared_ptr<Agent> old = one->agent.lock();
        if (old && one->until > now) {
            ++one;
            continue;
        }
        one = draining_.erase(one);
        if (!old) continue;
        for (auto& [id, lane] : lanes_) {
            if (!lane.turn || lane.agent != old || !lane.turn->revoke()) continue;
            taken.push_back({old, lane.turn, false});
            deadlines_.erase({lane.deadline, id});
            open_turn(id, lane, lane.turn->event(), starts);
        }
    }
}

void Dispatcher::begin_line(Hosted& hosted, std::vector<Start>& starts) {
    while (hosted.open_turns < options_.max_turns && !hosted.line.empty()) {
        const ConversationId id = hosted.line.front();
        hosted.line.pop_front();
        Lane& lane = lanes_.at(id);  // it has a message, so it stays
        lane.in_line = false;
        begin_next(id, lane, starts);
    }
}

void Dispatcher::keep_deadline(Lane& lane, const TurnPtr& turn) {
    lane.deadline = turn->deadline();
    deadlines_.emplace(std::pair(lane.deadline, turn->event().conversation), turn);
    ports_.wakeup.wake_at(lane.deadline);
}

void Dispatcher::retry_parked(std::vector<Start>& starts) {
    any_parked_ = false;
    std::vector<ConversationId> parked;
    for (const auto& [id, lane] : lanes_)
        if (lane.parked) parked.push_back(id);
    for (const ConversationId id : parked) begin_next(id, lanes_.at(id), starts);
}

void Dispatcher::begin(std::vector<Start> starts) {
    for (Start& start : starts) {
        const TurnEvent& event = start.turn->event();
        if (event.attempt >= event.deployment->attempts) {
            counters_->crashed.add();
            start.turn->finish(
                false, "the agent crashed " + std::to_string(event.attempt) + " times on this message");
            continue;
        }
        if (!start.agent) {
            start.turn->finish(false, "the deployment has no running agent");
            continue;
        }
        const Presence& presence = event.deployment->presence;
        if (presence.read && !start.is_again && event.message.kind == EventKind::message)
            ports_.presence.show_presence(event.message.id, event.deployment,
                                          presence.typing && !event.message.is_note);
        if (ports_.observer != nullptr) ports_.observer->begins(start.turn);
        log_about(LogLevel::debug, "turn begins", event, {{"attempt", event.attempt}});
        start.agent->deliver(std::move(start.turn));
    }
}

void Dispatcher::begin_again(ConversationId id, bool crashed) {
    std::vector<Start> starts;
    TurnPtr ended;
    std::shared_ptr<Agent> agent;
    {
        const std::lock_guard lock(mutex_);
        Lane& lane = lanes_.at(id);
        deadlines_.erase({lane.deadline, id});
        ended = lane.turn;
        agent = lane.agent;
        TurnEvent event = lane.turn->event();
        event.attempt += crashed ? 1 : 0;
        open_turn(id, lane, std::move(event), starts);
    }
    if (crashed && ports_.observer != nullptr) ports_.observer->crashed(*ended, agent.get());
    begin(std::move(starts));
}

void Dispatcher::finished(ConversationId id, TurnResult result) {
    if (result.ending != Ending::finished) return begin_again(id, result.ending == Ending::crashed);
    if (result.ok && result.again_in) return postpone(id, *result.again_in);
    TurnPtr turn;
    std::shared_ptr<Agent> agent;
    std::uint32_t state_schema = 0;
    {
        const std::lock_guard lock(mutex_);
        const Lane& lane = lanes_.at(id);  // stays until the turn is committed
        turn = lane.turn;
        agent = lane.agent;
        state_schema = lane.state_schema;
        deadlines_.erase({lane.deadline, id});
    }
    const TurnEvent& event = turn->event();
    std::vector<NewOutbound> replies = replies_of(event, result);
    counters_->seconds.observe(std::chrono::duration<double>(ports_.clock.mono() - began(event)).count());
    (result.ok ? counters_->answered : counters_->failed).add();
    log_end(event, result, replies.size());
    if (ports_.observer != nullptr) ports_.observer->ended(turn, result, agent.get());
    TurnCommit commit = commit_of(event, std::move(result), state_schema);
    commit.began_at = commit.at - std::chrono::duration_cast<Millis>(ports_.clock.mono() - began(event));
    if (agent) commit.agent = agent->name().text();
    commit.replies = std::move(replies);
    const WallTime window_from = event.message.kind == EventKind::message
                                     ? window_start(event.message.sent_at, event.received_at)
                                     : WallTime{};
    TurnSummary summary{commit.state == InboundState::answered, commit.replies, commit.annotations};
    ConversationState state = state_after(event, commit);
    const WallTime due = first_due(commit.followups);
    ports_.store.commit_turn(
        std::move(commit), [this, id, window_from, due, summary = std::move(summary),
                            state = std::move(state)](Result<std::vector<OutboundId>> ids) mutable {
            if (ids && due != WallTime::max() && ports_.on_followup) ports_.on_followup(due);
            committed(id, window_from, std::move(summary), std::move(state), std::move(ids));
        });
}

TurnCommit Dispatcher::commit_of(const TurnEvent& event, TurnResult result, std::uint32_t state_schema) {
    TurnCommit commit;
    commit.seq = event.seq;
    commit.conversation = event.conversation;
    commit.at = ports_.clock.wall();
    commit.attempt = event.attempt;
    if (!result.ok) {
        commit.state = InboundState::dead;
        commit.dead_letter = DeadLetter{"the agent could not answer", std::move(result.error)};
        return commit;
    }
    commit.has_state = result.has_state;
    if (result.has_state)
        commit.new_state = {std::move(result.state_json), event.state.revision + 1, state_schema};
    commit.annotations = std::move(result.annotations);
    if (!result.followups.empty()) add_followups(commit, event, std::move(result.followups));
    return commit;
}

// A turn is all or nothing: one reply that cannot be sent makes it a failed one.
std::vector<NewOutbound> Dispatcher::replies_of(const TurnEvent& event, TurnResult& result) {
    if (result.ok) {
        auto replies = outbound_of(event, result.replies);
        if (replies) return std::move(*replies);
        result = {.error = replies.error().message()};
    }
    if (event.deployment->fallback.empty() || event.message.is_note) return {};
    auto fallback = outbound_of(event, {to_text_message(event.deployment->fallback)});
    return fallback ? std::move(*fallback) : std::vector<NewOutbound>{};
}

Result<std::vector<NewOutbound>> Dispatcher::outbound_of(const TurnEvent& event,
                                                         const std::vector<std::string>& replies) {
    std::vector<NewOutbound> messages;
    if (!replies.empty() && event.message.from.wa_id.empty() && event.message.from.user_id.empty())
        return Error(Errc::invalid_input, "there is nobody to reply to");
    for (std::size_t i = 0; i < replies.size(); ++i) {
        auto parts = ports_.prepare(replies[i]);
        if (!parts) return parts.error().within("reply " + std::to_string(i + 1));
        for (PreparedMessage& part : *parts) {
            NewOutbound message;
            message.channel = event.deployment->channel;
            message.to = {event.message.from.wa_id, event.message.from.user_id};
            message.payload_json = std::move(part.native_json);
            message.user_callback = std::move(part.user_callback);
            message.callback = make_callback_id(ports_.clock, ports_.random);
            messages.push_back(std::move(message));
        }
    }
    return messages;
}

void Dispatcher::committed(ConversationId id, WallTime window_from, TurnSummary summary,
                           ConversationState state, Result<std::vector<OutboundId>> ids) {
    std::vector<TurnWatcher> watchers;
    std::vector<Start> starts;
    TurnPtr ended;
    {
        const std::lock_guard lock(mutex_);
        Lane& lane = lanes_.at(id);
        ended = lane.turn;
        watchers = std::move(lane.watchers);
        lane.watchers.clear();
        if (ids) lane.state = std::move(state);
    }
    for (TurnWatcher& watcher : watchers) watcher(summary);
    if (ids) {
        std::vector<OutboundMessage> queued;
        for (std::size_t i = 0; i < ids->size(); ++i) {
            queued.push_back({std::move(summary.replies[i]), (*ids)[i], id, 0, ports_.clock.wall(),
                              window_from, ended->event().trace_id});
        }
        if (!queued.empty()) ports_.pump.enqueue(std::move(queued));
    } else {
        // A commit that the store refuses for good is a mistake of ours; the message stays open for the next
        // start.
        log_about(LogLevel::error, "turn not committed", ended->event(), {{"reason", ids.error().message()}});
    }
    {
        const std::lock_guard lock(mutex_);
        Lane& lane = lanes_.at(id);
        Hosted* const hosted = std::exchange(lane.hosted, nullptr);
        lane.turn = nullptr;
        lane.agent = nullptr;
        --open_turns_;
        --size_;
        counters_->waiting.set(static_cast<double>(size_));
        if (hosted != nullptr) {
            --hosted->open_turns;
            begin_line(*hosted, starts);  // those who wait longer come first
        }
        begin_next(id, lane, starts);
        count_out(ended->event().deployment->id);
    }
    begin(std::move(starts));
}

}  // namespace parley

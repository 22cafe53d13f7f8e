#include "app/chat_session.hpp"

#include <condition_variable>
#include <future>
#include <mutex>

#include "app/agent_roster.hpp"
#include "app/stored_message.hpp"
#include "base/json_text.hpp"
#include "core/dispatcher.hpp"
#include "core/followups.hpp"
#include "net/curl_client.hpp"
#include "store/sqlite_store.hpp"
#include "whatsapp/canonical_message.hpp"
#include "whatsapp/send_payload.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace parley {
namespace {

constexpr std::uint64_t first_person = 919876543210;
constexpr Millis stop_limit{2'000};

// Takes every message and keeps none: the session shows replies from the turn itself.
class NobodySends final : public Sender {
  public:
    void send(const OutboundMessage& message, DeploymentPtr, Completion<SendOutcome> done) override {
        done(Sent{MessageId("wamid." + message.callback)});
    }
    bool needs_window(const OutboundMessage&) const override { return false; }
    void show_presence(const MessageId&, DeploymentPtr, bool) override {}
};

class NoInflightLog final : public InflightLog {
  public:
    bool note(OutboundId) override { return true; }
    void clear(OutboundId) override {}
};

// Hands follow-ups on as they are due and keeps what came of them.
class ChatSink final : public InboundSink {
  public:
    explicit ChatSink(std::unique_ptr<Dispatcher>& dispatcher) : dispatcher_(dispatcher) {}
    void arrived(std::vector<QueuedMessage> messages) override {
        {
            const std::lock_guard lock(mutex_);
            open_ += messages.size();
        }
        for (QueuedMessage& message : messages)
            message.watcher = [this](const TurnSummary& summary) {
                const std::lock_guard lock(mutex_);
                ended_.push_back(summary);
                --open_;
                changed_.notify_all();
            };
        dispatcher_->submit(std::move(messages));
    }
    void settled(const Applied&) override {}
    bool watch(ItemSeq, TurnWatcher) override { return false; }

    // Waits until all that arrived have ended.
    std::vector<TurnSummary> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_ == 0; });
        return std::exchange(ended_, {});
    }

  private:
    std::unique_ptr<Dispatcher>& dispatcher_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t open_ = 0;
    std::vector<TurnSummary> ended_;
};

std::string to_value(const ChatInput& input, const std::string& channel, const std::string& person,
                     const std::string& id, WallTime now) {
    std::string value = R"({"messaging_product":"whatsapp","metadata":{"phone_number_id":)" +
                        json_string(channel) + R"(},"contacts":[{"profile":{"name":"You"},"wa_id":")" +
                        person + R"("}],"messages":[{"from":")" + person + R"(","id":)" + json_string(id) +
                        R"(,"timestamp":")" + std::to_string(unix_ms(now) / 1000) + R"(",)";
    if (input.reply_kind.empty()) {
        value += R"("type":"text","text":{"body":)" + json_string(input.text) + "}";
    } else {
        value += R"("type":"interactive","interactive":{"type":)" + json_string(input.reply_kind) + "," +
                 json_string(input.reply_kind) + R"(:{"id":)" + json_string(input.reply_id) + R"(,"title":)" +
                 json_string(input.text) + "}}";
    }
    return value + "}]}";
}

}  // namespace

struct ChatSession::Parts {
    Parts(const Config& c, EngineEnvironment e)
        : config(c), environment(std::move(e)), timers(environment.clock) {}
    Result<> start(const DeploymentConfig& wanted);

    const Config& config;
    EngineEnvironment environment;
    Metrics metrics;
    AccountRegistry accounts;
    TimerLoop timers;
    NobodySends sender;
    NoInflightLog inflight;
    std::unique_ptr<MessageStore> store;
    CurlClient curl{CurlOptions{}};
    TrialHttp http{curl};
    std::unique_ptr<OutboxPump> pump;
    std::unique_ptr<Dispatcher> dispatcher;
    ChatSink sink{dispatcher};
    std::unique_ptr<AgentRoster> roster;
    DeploymentPtr account;
    DeploymentConfig deployment;
    unsigned messages = 0;
    std::uint64_t person = first_person;
};

Result<> ChatSession::Parts::start(const DeploymentConfig& wanted) {
    deployment = wanted;
    auto opened = open_sqlite_store({.path = ":memory:"}, environment.clock);
    if (!opened) return opened.error();
    KeyValueStore* const key_values = opened->get();
    store = std::move(*opened);
    Deployment unpaced = deployment.deployment;
    unpaced.pace = {0, 0, 0};
    accounts.replace({std::move(unpaced)});
    account = accounts.all().front();
    pump = std::make_unique<OutboxPump>(
        OutboxOptions{}, OutboxPump::Ports{*store, sender, inflight, accounts, environment.clock,
                                           environment.random, metrics, timers});
    dispatcher = std::make_unique<Dispatcher>(
        DispatcherOptions{}, Dispatcher::Ports{*store, *pump, sender, environment.clock, environment.random,
                                               metrics, timers, &to_messages});
    roster = std::make_unique<AgentRoster>(config, environment, http, metrics, nullptr, nullptr, key_values);
    auto hosted = roster->start(deployment);
    if (!hosted) return hosted.error();
    roster->serves(account->id, *hosted);
    dispatcher->set_agent(account->id, std::move(hosted->agent), hosted->state_schema);
    timers.add([this](MonoTime now) { return pump->step(now); });
    timers.add([this](MonoTime now) { return dispatcher->step(now); });
    timers.start();
    return {};
}

Result<std::unique_ptr<ChatSession>> ChatSession::start(const Config& config,
                                                        const DeploymentConfig& deployment,
                                                        EngineEnvironment environment) {
    std::unique_ptr<ChatSession> session(
        new ChatSession(std::make_unique<Parts>(config, std::move(environment))));
    if (auto started = session->parts_->start(deployment); !started) return started.error();
    return session;
}

ChatSession::ChatSession(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

ChatSession::~ChatSession() {
    Parts& p = *parts_;
    if (p.dispatcher) p.dispatcher->stop_starting();
    p.timers.stop();
    if (p.roster) p.roster->shutdown(stop_limit);
    p.store.reset();
}

// Fills `message` for the dispatcher, all but its watcher.
Result<StoredItem> ChatSession::store(const ChatInput& input, QueuedMessage* message, bool is_said) {
    Parts& p = *parts_;
    const WallTime now = p.environment.clock.wall();
    const std::string id = "wamid.chat" + std::to_string(++p.messages);
    auto item =
        read_stored(to_value(input, p.account->channel.str(), std::to_string(p.person), id, now), "", now);
    if (!item) return item.error();
    message->deployment = p.account;
    message->message = *item->message;
    message->canonical_json = to_canonical(*item, *p.account);
    message->received_at = now;
    item->opens_window = is_said;
    InboundBatch batch;
    batch.post.received_at = now;
    batch.items.push_back({std::move(*item)});
    auto stored = std::make_shared<std::promise<Result<StoredItem>>>();
    auto told = stored->get_future();
    p.store->add_inbound(std::move(batch), [stored](Result<std::vector<StoredItem>> items) {
        if (!items) return stored->set_value(items.error());
        stored->set_value(std::move(items->front()));
    });
    auto done = told.get();
    if (!done) return done.error();
    message->seq = done->seq;
    message->trace_id = done->trace_id;
    message->conversation = done->conversation;
    if (done->state) message->state = *done->state;
    return done;
}

Result<TurnSummary> ChatSession::say(const ChatInput& input) {
    QueuedMessage message;
    if (const auto stored = store(input, &message); !stored) return stored.error();
    auto ended = std::make_shared<std::promise<Result<TurnSummary>>>();
    auto summary = ended->get_future();
    message.watcher = [ended](const TurnSummary& s) { ended->set_value(s); };
    std::vector<QueuedMessage> messages;
    messages.push_back(std::move(message));
    parts_->dispatcher->submit(std::move(messages));
    return summary.get();
}

Result<std::string> ChatSession::state() {
    // A message that no agent gets: the store tells the state of its conversation.
    QueuedMessage message;
    if (const auto stored = store({"/state", "", ""}, &message, false); !stored) return stored.error();
    return message.state.json;
}

Result<std::vector<TurnSummary>> ChatSession::advance(Millis duration, AdvancedClock& clock) {
    Parts& p = *parts_;
    std::vector<TurnSummary> all;
    const WallTime end = p.environment.clock.wall() + duration;
    for (;;) {
        FollowupCall call{p.environment.clock.wall(), {p.account->channel}};
        std::promise<Result<FiredFollowups>> answer;
        auto told = answer.get_future();
        p.store->fire_followups(std::move(call),
                                [&](Result<FiredFollowups> fired) { answer.set_value(std::move(fired)); });
        auto fired = told.get();
        if (!fired) return fired.error();
        std::vector<QueuedMessage> messages;
        for (OpenMessage& open : fired->messages) {
            auto queued = to_queued(std::move(open), p.accounts, *p.store);
            if (!queued) return queued.error();
            messages.push_back(std::move(*queued));
        }
        p.sink.arrived(std::move(messages));
        for (TurnSummary& summary : p.sink.take()) all.push_back(std::move(summary));
        const WallTime now = p.environment.clock.wall();
        if (now >= end) return all;
        clock.advance(std::max(std::min(end, fired->next) - now, Millis{0}));
    }
}

void ChatSession::reset() {
    ++parts_->person;
}

Result<> ChatSession::swap(const std::string& agent_file) {
    DeploymentConfig other = parts_->deployment;
    std::error_code trouble;
    other.deployment.agent = std::filesystem::absolute(agent_file, trouble).string();
    auto hosted = parts_->roster->start(other);
    if (!hosted) return hosted.error();
    parts_->roster->hand_over(parts_->account->id, *hosted);
    parts_->roster->serves(parts_->account->id, *hosted);
    parts_->dispatcher->set_agent(parts_->account->id, std::move(hosted->agent), hosted->state_schema);
    return {};
}

TrialHttp& ChatSession::http() {
    return parts_->http;
}

std::string ChatSession::agent_id() const {
    return parts_->roster->of(parts_->account->id).id;
}

}  // namespace parley

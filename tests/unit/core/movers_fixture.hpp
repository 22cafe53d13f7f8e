// The movers on fakes: a store in maps, a sender and an agent that wait for the test, a clock that it moves.
#pragma once

#include <gtest/gtest.h>

#include "core/dispatcher.hpp"
#include "core/intake.hpp"
#include "core/outbox_pump.hpp"
#include "fakes/fake_agent.hpp"
#include "fakes/fake_clock.hpp"
#include "fakes/fake_inflight_log.hpp"
#include "fakes/fake_message_store.hpp"
#include "fakes/fake_random.hpp"
#include "fakes/fake_sender.hpp"

namespace parley::fakes {

class RecordingWakeup final : public Wakeup {
  public:
    void wake_at(MonoTime when) override {
        const std::lock_guard lock(mutex_);
        earliest_ = std::min(earliest_, when);
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        earliest_ = MonoTime::max();
    }
    MonoTime earliest() const {
        const std::lock_guard lock(mutex_);
        return earliest_;
    }

  private:
    mutable std::mutex mutex_;
    MonoTime earliest_ = MonoTime::max();
};

class Movers : public ::testing::Test {
  protected:
    Movers() {
        Deployment deployment;
        deployment.id = DeploymentId("shop");
        deployment.channel = PhoneNumberId("111");
        deployment.fallback = "Sorry.";
        deployment.deadline = Millis{20'000};
        deployment.presence = {false, false};
        deployment.pace = {0, 0, 0};
        use(std::move(deployment));
        dispatcher.set_agent(DeploymentId("shop"), agent, 7);
    }

    void use(Deployment deployment) { accounts.replace({std::move(deployment)}); }
    Deployment current() const { return *accounts.all().front(); }
    void step() {
        dispatcher.step(clock.mono());
        pump.step(clock.mono());
    }
    void advance(Millis by) {
        clock.advance(by);
        step();
    }

    NewItem item_from(const std::string& user, const std::string& id,
                      const std::string& text = "hello") const {
        NewItem item;
        item.item.kind = ItemKind::message;
        item.item.channel = PhoneNumberId("111");
        item.item.field = "messages";
        item.item.dedup_id = id;
        item.item.timestamp = clock.wall();
        item.item.raw_json = "{}";
        InboundMessage message;
        message.id = MessageId(id);
        message.from.wa_id = user;
        message.type = "text";
        message.text = text;
        item.item.message = std::move(message);
        item.item.opens_window = true;
        return item;
    }

    // Stores a message and returns it as the door would hand it on.
    QueuedMessage stored(const std::string& user, const std::string& id, const std::string& text = "hello") {
        InboundBatch batch;
        batch.post.received_at = clock.wall();
        batch.items.push_back(item_from(user, id, text));
        QueuedMessage queued;
        queued.message = *batch.items[0].item.message;
        store.add_inbound(std::move(batch), [&queued](Result<std::vector<StoredItem>> done) {
            queued.seq = done->at(0).seq;
            queued.conversation = done->at(0).conversation;
            if (done->at(0).state) queued.state = *done->at(0).state;
        });
        queued.deployment = accounts.by_channel(PhoneNumberId("111"));
        queued.received_at = clock.wall();
        return queued;
    }
    void arrive(const std::string& user, const std::string& id, const std::string& text = "hello") {
        submit(stored(user, id, text));
    }
    void submit(QueuedMessage message) {
        std::vector<QueuedMessage> messages;
        messages.push_back(std::move(message));
        dispatcher.submit(std::move(messages));
    }

    OutboundState state_of(OutboundId id) const { return store.tables().outbound.at(id).state; }

    FakeClock clock;
    FakeRandom random;
    Metrics metrics;
    AccountRegistry accounts;
    FakeMessageStore store;
    FakeSender sender;
    FakeInflightLog inflight;
    RecordingWakeup wakeup;
    std::shared_ptr<FakeAgent> agent = std::make_shared<FakeAgent>();
    OutboxPump pump{OutboxOptions{}, {store, sender, inflight, accounts, clock, random, metrics, wakeup}};
    static constexpr std::size_t max_turns = 4;
    Dispatcher dispatcher{{max_turns},
                          {store, pump, sender, clock, random, metrics, wakeup,
                           [](const std::string& native) -> Result<std::vector<PreparedMessage>> {
                               if (native == "unfit")
                                   return Error(Errc::invalid_input, "text.body: is empty");
                               return std::vector<PreparedMessage>{{native, {}}};
                           }}};
};

}  // namespace parley::fakes

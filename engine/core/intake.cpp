#include "core/intake.hpp"

#include <algorithm>

#include "core/message_log.hpp"

namespace parley {
namespace {

constexpr Millis room_check{10};
constexpr Millis retry_read{500};

}  // namespace

Intake::Intake(IntakeOptions options, InflightDoubts doubts, Dispatcher& dispatcher, OutboxPump& pump,
               MessageStore& store, ReadMessage read, WorkerPool& workers, Wakeup& wakeup)
    : options_(options),
      doubts_(std::move(doubts)),
      dispatcher_(dispatcher),
      pump_(pump),
      store_(store),
      read_(std::move(read)),
      workers_(workers),
      wakeup_(wakeup) {
    wakeup_.wake_at(MonoTime::min());
}

void Intake::arrived(std::vector<QueuedMessage> messages) {
    {
        const std::lock_guard lock(mutex_);
        drop_read(messages);
        if (messages.empty()) return;
        last_arrived_ = messages.back().seq;
        if (phase_ == Phase::live && has_room()) {
            read_until_ = last_arrived_;
        } else {
            for (QueuedMessage& message : messages)
                if (message.watcher) watchers_.emplace(message.seq, std::move(message.watcher));
            if (phase_ == Phase::live) {
                phase_ = Phase::inbox;
                wakeup_.wake_at(MonoTime::min());
            }
            return;
        }
    }
    // Arrivals come one after another on the writer's thread, so the order is kept without the lock.
    dispatcher_.submit(std::move(messages));
}

// A commit is there for readers before its completion runs: a page may have held what arrives only now.
void Intake::drop_read(std::vector<QueuedMessage>& messages) {
    const auto fresh = std::find_if(messages.begin(), messages.end(),
                                    [this](const QueuedMessage& each) { return each.seq > read_until_; });
    for (auto read = messages.begin(); read != fresh; ++read) {
        if (!read->watcher || dispatcher_.watch(read->seq, read->watcher)) continue;
        if (phase_ != Phase::live) watchers_.emplace(read->seq, std::move(read->watcher));
    }
    messages.erase(messages.begin(), fresh);
}

bool Intake::watch(ItemSeq seq, TurnWatcher watcher) {
    if (dispatcher_.watch(seq, watcher)) return true;
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::live || seq <= read_until_) return false;
    return watchers_.emplace(seq, std::move(watcher)).second;
}

MonoTime Intake::step(MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::live) return MonoTime::max();
    if (reading_) return MonoTime::max();  // the reader asks for the next step itself
    if (std::exchange(read_failed_, false)) return now + retry_read;
    if (!has_room()) return now + room_check;
    reading_ = workers_.post([this] { read_on(); });
    return reading_ ? MonoTime::max() : now + room_check;
}

bool Intake::deliver_late(const std::function<std::vector<QueuedMessage>()>& open) {
    {
        const std::lock_guard lock(mutex_);
        if (reading_ || phase_ == Phase::outbox || !has_room()) return false;
        reading_ = true;  // no page is read meanwhile, so none of them is read twice or missed
    }
    {
        const Dispatcher::ReadGuard guard(dispatcher_);
        std::vector<QueuedMessage> messages = open();
        {
            const std::lock_guard lock(mutex_);
            if (phase_ == Phase::live && !messages.empty())
                read_until_ = std::max(read_until_, messages.back().seq);
            std::erase_if(messages, [this](const QueuedMessage& each) { return each.seq > read_until_; });
        }
        dispatcher_.submit(std::move(messages));
        const std::lock_guard lock(mutex_);
        reading_ = false;
    }
    wakeup_.wake_at(MonoTime::min());
    return true;
}

bool Intake::is_live() const {
    const std::lock_guard lock(mutex_);
    return phase_ == Phase::live;
}

bool Intake::has_recovered_outbox() const {
    const std::lock_guard lock(mutex_);
    return phase_ != Phase::outbox;
}

bool Intake::has_room() const {
    return dispatcher_.pressing() + pump_.size() < options_.window && dispatcher_.size() < options_.most;
}

void Intake::read_on() {
    bool outbox = false;
    {
        const std::lock_guard lock(mutex_);
        outbox = phase_ == Phase::outbox;
    }
    const bool finished = outbox ? read_outbox() : read_inbox();
    {
        const std::lock_guard lock(mutex_);
        reading_ = false;
        if (outbox && finished) {
            phase_ = Phase::inbox;
            seen_.clear();
        }
    }
    wakeup_.wake_at(MonoTime::min());
}

bool Intake::failed(const char* what, const Error& error) {
    log_error(what, {{"reason", error.message()}});
    const std::lock_guard lock(mutex_);
    read_failed_ = true;
    return false;
}

bool Intake::read_outbox() {
    auto page = store_.unsent_messages(sent_until_, options_.page);
    if (!page) return failed("unsent messages cannot be read", page.error());
    std::vector<OutboundMessage> sure;
    for (UnsentMessage& unsent : *page) {
        OutboundMessage& message = unsent.message;
        sent_until_ = message.id;
        const bool held = unsent.state == OutboundState::held;
        // Under `hold` a lane has gone on without its held messages.
        const bool is_head = !held && seen_.emplace(message.conversation, true).second;
        const bool noted = std::find(doubts_.ids.begin(), doubts_.ids.end(), message.id) != doubts_.ids.end();
        const bool in_doubt = held || (doubts_.same_boot ? noted : is_head);
        if (!in_doubt) {
            sure.push_back(std::move(message));
            continue;
        }
        pump_.enqueue(std::exchange(sure, {}));
        pump_.enqueue_in_doubt(std::move(message), held ? std::optional(unsent.held_since) : std::nullopt);
    }
    pump_.enqueue(std::move(sure));
    return page->size() < options_.page;
}

bool Intake::read_inbox() {
    const Dispatcher::ReadGuard guard(dispatcher_);
    auto page = store_.open_messages(read_until_, options_.page);
    if (!page) return failed("open messages cannot be read", page.error());
    std::vector<QueuedMessage> messages;
    ItemSeq until = read_until_;
    for (OpenMessage& open : *page) {
        const ItemSeq seq = open.seq;
        until = seq;
        auto message = read_(std::move(open));
        if (message) {
            messages.push_back(std::move(*message));
        } else {
            log_error("stored message set aside",
                      {{"message", message_name(seq)}, {"reason", message.error().message()}});
        }
    }
    {
        const std::lock_guard lock(mutex_);
        for (QueuedMessage& message : messages) {
            const auto watcher = watchers_.find(message.seq);
            if (watcher == watchers_.end()) continue;
            message.watcher = std::move(watcher->second);
            watchers_.erase(watcher);
        }
        read_until_ = until;
    }
    dispatcher_.submit(std::move(messages));
    const std::lock_guard lock(mutex_);
    // Those that came while the page was handed on.
    for (auto each = watchers_.begin(); each != watchers_.end();) {
        if (each->first <= read_until_) dispatcher_.watch(each->first, each->second);
        each = each->first <= read_until_ ? watchers_.erase(each) : std::next(each);
    }
    if (page->size() >= options_.page || last_arrived_ > read_until_) return false;
    phase_ = Phase::live;
    watchers_.clear();
    return true;
}

}  // namespace parley

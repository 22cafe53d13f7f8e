#include "app/kept_delivery.hpp"

#include <algorithm>

#include "core/message_log.hpp"

namespace parley {
namespace {

constexpr Millis pause{50};

}  // namespace

void KeptDelivery::look_for(PhoneNumberId channel, AppId app) {
    {
        const std::lock_guard lock(mutex_);
        numbers_.push_back({std::move(channel), std::move(app), ports_.clock.wall() - retention_});
    }
    ports_.wakeup.wake_at(MonoTime::min());
}

MonoTime KeptDelivery::step(MonoTime now) {
    const std::lock_guard lock(mutex_);
    if (working_ || numbers_.empty()) return MonoTime::max();
    if (now < not_before_) return not_before_;
    working_ = ports_.workers.post([this] { deliver_page(); });
    return working_ ? MonoTime::max() : now + pause;
}

void KeptDelivery::deliver_page() {
    KeptCall call;
    {
        const std::lock_guard lock(mutex_);
        call = numbers_.front();
    }
    bool is_last = false;
    bool failed = false;
    std::size_t delivered = 0;
    const bool is_done = ports_.intake.deliver_late([&] {
        std::vector<QueuedMessage> messages;
        auto page = ports_.records.open_kept(call);
        if (!page) {
            failed = true;
            log_error("kept messages cannot be read", {{"reason", page.error().message()}});
            return messages;
        }
        is_last = page->is_last;
        for (OpenMessage& open : page->messages) {
            const ItemSeq seq = open.seq;
            auto message = ports_.read(std::move(open));
            if (message)
                messages.push_back(std::move(*message));
            else
                log_error("stored message set aside",
                          {{"message", message_name(seq)}, {"reason", message.error().message()}});
        }
        delivered = messages.size();
        return messages;
    });
    if (delivered > 0)
        log_info("messages kept for a number without a deployment are delivered", {{"messages", delivered}});
    {
        const std::lock_guard lock(mutex_);
        if (is_last) numbers_.pop_front();
        working_ = false;
        not_before_ = is_done && !failed ? MonoTime{} : ports_.clock.mono() + pause;
    }
    ports_.wakeup.wake_at(MonoTime::min());
}

}  // namespace parley

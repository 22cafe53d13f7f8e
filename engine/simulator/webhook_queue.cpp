// What waits to be posted to the webhook.
#include "simulator/webhook_queue.hpp"

#include "base/backoff.hpp"

namespace parley::sim {

bool WebhookQueue::push(WebhookItem item, MonoTime now, const Behaviour& behaviour, Random& random) {
    if (waiting_ + behaviour.duplicates >= max_items) {
        ++counts_.dropped;
        return false;
    }
    const bool shuffled = behaviour.shuffle.count() > 0;
    for (unsigned copy = 0; copy <= behaviour.duplicates; ++copy) {
        WebhookItem next = item;
        MonoTime due = now;
        // A lane of its own keeps no order with the others.
        if (shuffled || copy > 0) next.lane += '#' + std::to_string(++last_id_);
        if (shuffled) due += Millis{random.below(static_cast<std::uint64_t>(behaviour.shuffle.count()) + 1)};
        enqueue(std::move(next), due, now);
    }
    return true;
}

void WebhookQueue::enqueue(WebhookItem item, MonoTime due, MonoTime now) {
    const std::string key = item.lane;
    Lane& lane = lanes_[key];
    if (lane.batch != 0) hasten(lane.batch, now);
    if (lane.batch == 0 && lane.items.empty()) ready_.emplace(due, key);
    lane.items.push_back({std::move(item), due});
    ++waiting_;
}

void WebhookQueue::hasten(std::uint64_t batch, MonoTime now) {
    for (auto retry = retries_.begin(); retry != retries_.end(); ++retry) {
        if (retry->second != batch) continue;
        if (retry->first <= now) return;
        retries_.erase(retry);
        retries_.emplace(now, batch);
        return;
    }
}

WebhookBatch* WebhookQueue::take(MonoTime now, const Behaviour& behaviour) {
    if (in_flight_ >= behaviour.webhooks_in_flight) return nullptr;
    WebhookBatch* next = nullptr;
    if (!retries_.empty() && retries_.begin()->first <= now) {
        next = &batches_.at(retries_.begin()->second);
        retries_.erase(retries_.begin());
        counts_.retried += next->items.size();
    } else if (!ready_.empty() && ready_.begin()->first <= now) {
        const std::uint64_t id = ++last_id_;
        next = &batches_[id];
        next->id = id;
        next->first_try = now;
        fill(*next, now, behaviour.batch);
    }
    if (!next) return nullptr;
    ++next->tries;
    ++counts_.posts;
    ++in_flight_;
    return next;
}

void WebhookQueue::fill(WebhookBatch& batch, MonoTime now, unsigned limit) {
    const auto fits = [&](const Lane& lane) {
        return batch.items.empty() || batch.items.front().url == lane.items.front().item.url;
    };
    auto ready = ready_.begin();
    while (batch.items.size() < limit && ready != ready_.end() && ready->first <= now) {
        Lane& lane = lanes_.at(ready->second);
        if (!fits(lane)) {
            ++ready;
            continue;
        }
        ready = ready_.erase(ready);
        lane.batch = batch.id;
        while (batch.items.size() < limit && !lane.items.empty() && lane.items.front().due <= now &&
               fits(lane)) {
            batch.items.push_back(std::move(lane.items.front().item));
            lane.items.pop_front();
            --waiting_;
        }
    }
}

WebhookBatch WebhookQueue::release(std::uint64_t id) {
    WebhookBatch batch = std::move(batches_.at(id));
    batches_.erase(id);
    --in_flight_;
    for (const WebhookItem& item : batch.items) {
        const auto lane = lanes_.find(item.lane);
        if (lane == lanes_.end() || lane->second.batch != id) continue;
        lane->second.batch = 0;
        if (lane->second.items.empty())
            lanes_.erase(lane);
        else
            ready_.emplace(lane->second.items.front().due, item.lane);
    }
    return batch;
}

WebhookBatch WebhookQueue::succeeded(std::uint64_t id) {
    if (!batches_.contains(id)) return {};
    WebhookBatch batch = release(id);
    counts_.delivered += batch.items.size();
    return batch;
}

std::optional<Millis> WebhookQueue::failed(std::uint64_t id, MonoTime now, const Behaviour& behaviour,
                                           Random& random, WebhookBatch& gone) {
    if (!batches_.contains(id)) return std::nullopt;
    const WebhookBatch& batch = batches_.at(id);
    if (now - batch.first_try >= behaviour.retry_for) {
        gone = release(id);
        counts_.given_up += gone.items.size();
        return std::nullopt;
    }
    const Backoff backoff{behaviour.retry_first, behaviour.retry_cap, 2.0};
    const Millis wait = batch.tries == 1 ? Millis{0} : backoff.delay(batch.tries - 1, random);
    retries_.emplace(now + wait, id);
    --in_flight_;
    return wait;
}

const WebhookBatch* WebhookQueue::find(std::uint64_t id) const {
    const auto batch = batches_.find(id);
    return batch == batches_.end() ? nullptr : &batch->second;
}

std::optional<MonoTime> WebhookQueue::next_due(const Behaviour& behaviour) const {
    if (in_flight_ >= behaviour.webhooks_in_flight) return std::nullopt;
    std::optional<MonoTime> due;
    if (!retries_.empty()) due = retries_.begin()->first;
    if (!ready_.empty() && (!due || ready_.begin()->first < *due)) due = ready_.begin()->first;
    return due;
}

void WebhookQueue::clear() {
    const std::uint64_t last = last_id_;
    *this = WebhookQueue{};
    last_id_ = last;  // so that a late answer cannot hit a new batch
}

}  // namespace parley::sim

// Time in the pretended cloud: the status ladder, webhooks and their answers.
#include "simulator/cloud.hpp"

#include <algorithm>
#include <cctype>

#include "simulator/meta_json.hpp"

namespace parley::sim {
namespace {

constexpr Millis read_after_seen{350};
constexpr std::size_t max_shown_body = 16'384;  // bytes of a webhook that the page may ask for

SimulatorNumber made_up_number() {
    return {"300000000000001", "15550001111", "200000000000001", "", "Simulated business"};
}

Json status_element(const std::string& wamid, const std::string& user, bool by_phone,
                    const std::string& status, const std::string& callback, WallTime at) {
    Json element{{"id", wamid}, {"status", status}, {"timestamp", std::to_string(unix_ms(at) / 1000)}};
    element[by_phone ? "recipient_id" : "recipient_user_id"] = user;
    if (!callback.empty()) element["biz_opaque_callback_data"] = callback;
    if (status == "sent" || status == "delivered") {
        element["pricing"] = {
            {"billable", true}, {"pricing_model", "PMP"}, {"type", "regular"}, {"category", "service"}};
    }
    return element;
}

}  // namespace

Cloud::Cloud(CloudOptions options, const Clock& clock, Random& random)
    : clock_(clock),
      random_(random),
      options_(std::move(options)),
      signer_(options_.app_secret),
      learns_numbers_(options_.numbers.empty()),
      media_(random),
      epoch_(static_cast<std::uint64_t>(unix_ms(clock.wall()))),
      verification_{{"state", "none"}} {
    subscriptions_.starts_at(options_.webhook_url);
    if (learns_numbers_) options_.numbers.push_back(made_up_number());
    for (SimulatorNumber& number : options_.numbers) {
        if (number.waba_id.empty()) number.waba_id = made_up_number().waba_id;
        if (number.display_phone_number.empty())
            number.display_phone_number = made_up_number().display_phone_number;
        if (number.verified_name.empty()) number.verified_name = made_up_number().verified_name;
        subscriptions_.subscribe(number.waba_id);
    }
}

SimulatorNumber Cloud::number_of(const std::string& phone_number_id) const {
    for (const SimulatorNumber& number : options_.numbers) {
        if (number.phone_number_id == phone_number_id) return number;
    }
    return made_up_number();
}

Json Cloud::contact_of(const std::string& user) const {
    const auto name = names_.find(user);
    if (name == names_.end()) return nullptr;
    return {{"profile", {{"name", name->second}}}, {"wa_id", user}};
}

void Cloud::start_ladder(std::shared_ptr<const Sent> sent, std::optional<GraphError> later) {
    const Behaviour& behaviour = options_.behaviour;
    if (!behaviour.statuses) return;
    const MonoTime now = clock_.mono();
    if (later) {
        timers_.emplace(now + behaviour.sent_after, StatusStep{std::move(sent), "failed", std::move(later)});
        return;
    }
    timers_.emplace(now + behaviour.sent_after, StatusStep{sent, "sent", {}});
    if (sent->reaction) return;  // Meta tells no more of a reaction
    timers_.emplace(now + behaviour.delivered_after, StatusStep{sent, "delivered", {}});
    if (behaviour.read_after) timers_.emplace(now + *behaviour.read_after, StatusStep{sent, "read", {}});
}

void Cloud::fire(const StatusStep& due, MonoTime now) {
    const Sent& sent = *due.sent;
    WebhookItem item;
    item.kind = WebhookItem::Kind::status;
    item.wamid = sent.wamid;
    item.phone_number_id = sent.phone_number_id;
    item.user = sent.user;
    item.lane = "status/" + sent.wamid;
    item.element =
        status_element(sent.wamid, sent.user, sent.by_phone, due.status, sent.callback, clock_.wall());
    if (due.error) item.element["errors"] = Json::array({status_error(*due.error)});
    if (due.status == "delivered" || due.status == "read") item.contact = contact_of(sent.user);
    accepted_.set_status(sent.wamid, due.status);
    show_status(due, now);
    if (!route(item)) return;
    queue_.push(std::move(item), now, options_.behaviour, random_);
}

void Cloud::show_status(const StatusStep& due, MonoTime now) {
    ChatMessage* message = book_.find(due.sent->wamid);
    if (!message) return;
    message->state = due.status;
    if (due.error) message->error = status_error(*due.error);
    if (due.status == "delivered" && message->seen && !options_.behaviour.read_after) {
        timers_.emplace(now + read_after_seen, StatusStep{due.sent, "read", {}});
    }
    book_.touch(*message);
}

Result<> Cloud::seen(const Json& request) {
    const std::lock_guard lock(mutex_);
    const std::string user = text_of(request, "user");
    if (user.empty()) return Error(Errc::invalid_input, "user: expected the digits of a user");
    const std::string number = text_of(request, "phone_number_id", options_.numbers.front().phone_number_id);
    const MonoTime now = clock_.mono();
    for (ChatMessage* message : book_.chat(number, user, false)) {
        const bool closed =
            message->state == "read" || message->state == "failed" || message->state == "refused";
        if (message->seen || closed) continue;
        message->seen = true;
        if (message->state != "delivered" || options_.behaviour.read_after) continue;
        const bool by_phone =
            std::all_of(user.begin(), user.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        auto sent =
            std::make_shared<const Sent>(Sent{message->id, number, user, message->callback, by_phone, false});
        timers_.emplace(now + read_after_seen, StatusStep{std::move(sent), "read", {}});
    }
    announce();
    return {};
}

std::vector<WebhookPost> Cloud::step(MonoTime now) {
    const std::lock_guard lock(mutex_);
    while (!timers_.empty() && timers_.begin()->first <= now) {
        const StatusStep due = std::move(timers_.begin()->second);
        timers_.erase(timers_.begin());
        fire(due, now);
    }
    std::vector<WebhookPost> posts;
    while (WebhookBatch* batch = queue_.take(now, options_.behaviour)) {
        if (batch->body.empty()) {
            batch->body =
                to_meta_json(webhook_body(batch->items, [&](const auto& id) { return number_of(id); }));
            show_post(*batch);
        }
        posts.push_back({batch->id, batch->items.front().url, batch->body,
                         "sha256=" + to_hex(signer_.mac(batch->body)), options_.behaviour.webhook_timeout});
    }
    return posts;
}

void Cloud::show_post(const WebhookBatch& batch) {
    // Every message of a batch of a thousand keeps a copy.
    std::string shown_body = batch.body.substr(0, max_shown_body);
    if (shown_body.size() < batch.body.size()) shown_body += " … cut for the page";
    for (const WebhookItem& item : batch.items) {
        ChatMessage* message = book_.find(item.wamid);
        if (!message) continue;
        message->webhook = shown_body;
        book_.touch(*message);
    }
}

void Cloud::show_outcome(const WebhookBatch& batch, const char* state, const PostResult& result,
                         Millis retry_in) {
    for (const WebhookItem& item : batch.items) {
        ChatMessage* message = book_.find(item.wamid);
        if (!message) continue;
        // A status that is refused does not change what became of the message itself.
        if (item.kind == WebhookItem::Kind::message && message->state != "read") message->state = state;
        message->delivery = {{"state", state},
                             {"tries", batch.tries},
                             {"http_status", result.http_status},
                             {"reason", result.reason},
                             {"retry_in_ms", retry_in.count()}};
        book_.touch(*message);
    }
}

void Cloud::answered(std::uint64_t post, const PostResult& result) {
    const std::lock_guard lock(mutex_);
    if (!queue_.find(post)) return;
    if (result.http_status == 200) {
        show_outcome(queue_.succeeded(post), "accepted", result, Millis{0});
    } else {
        last_webhook_error_ = {{"http_status", result.http_status}, {"reason", result.reason}};
        WebhookBatch gone;
        const auto wait = queue_.failed(post, clock_.mono(), options_.behaviour, random_, gone);
        if (wait)
            show_outcome(*queue_.find(post), "retrying", result, *wait);
        else
            show_outcome(gone, "given_up", result, Millis{0});
    }
    announce();
}

std::optional<MonoTime> Cloud::next_due() const {
    const std::lock_guard lock(mutex_);
    std::optional<MonoTime> due = queue_.next_due(options_.behaviour);
    if (!timers_.empty() && (!due || timers_.begin()->first < *due)) due = timers_.begin()->first;
    return due;
}

void Cloud::announce() {
    if (on_work_) on_work_();
    changed_.notify_all();
}

bool Cloud::idle() const {
    return timers_.empty() && queue_.waiting() == 0 && queue_.in_flight() == 0 && queue_.retrying() == 0;
}

bool Cloud::wait_accepted(std::uint64_t total, Millis timeout) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return accepted_.total() >= total; });
}

bool Cloud::wait_idle(Millis timeout) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return idle(); });
}

}  // namespace parley::sim

#include "firestore/webhook_log.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "firestore/webhook_document.hpp"

namespace parley::firestore {
namespace {

constexpr std::size_t erased_at_once = 300;

Counter& logs(Metrics& metrics, const char* result) {
    return metrics.counter("parley_firestore_webhook_logs_total",
                           "Items and refused POSTs by what became of their copy in Firestore",
                           {{"result", result}});
}

struct SizeOf {
    std::size_t operator()(const LoggedItem& one) const { return one.item.raw_json.size(); }
    std::size_t operator()(const RefusedPost& one) const { return one.body.size(); }
};

Json equals(const char* field, const std::string& value) {
    return {{"fieldFilter", {{"field", {{"fieldPath", field}}}, {"op", "EQUAL"}, {"value", text(value)}}}};
}

bool is_about(const LoggedItem& logged, const PhoneNumberId& channel, const Recipient& person) {
    const Party about = person_of(logged);
    return logged.item.channel == channel && ((!person.wa_id.empty() && about.wa_id == person.wa_id) ||
                                              (!person.user_id.empty() && about.user_id == person.user_id));
}

}  // namespace

FirestoreWebhookLog::FirestoreWebhookLog(WebhookLogOptions options, Client& client, const Clock& clock,
                                         Pause& pause, Metrics& metrics)
    : options_(options),
      client_(client),
      clock_(clock),
      pause_(pause),
      written_(logs(metrics, "written")),
      full_(logs(metrics, "full")),
      limited_(logs(metrics, "limited")),
      not_taken_(logs(metrics, "not_taken")),
      lost_(logs(metrics, "lost")),
      refusals_(options.refused_per_second, options.refused_burst, clock.mono()) {}

FirestoreWebhookLog::~FirestoreWebhookLog() {
    stop();
}

void FirestoreWebhookLog::add(Entry entry) {
    const std::size_t bytes = std::visit(SizeOf{}, entry);
    if (queue_.size() >= options_.most_queued || bytes_ + bytes > options_.most_bytes) return full_.add();
    bytes_ += bytes;
    queue_.push_back(std::move(entry));
}

void FirestoreWebhookLog::accepted(std::vector<LoggedItem> items) {
    {
        const std::lock_guard lock(mutex_);
        for (LoggedItem& one : items) add(std::move(one));
    }
    wake_.notify_one();
}

void FirestoreWebhookLog::refused(RefusedPost post) {
    {
        const std::lock_guard lock(mutex_);
        if (!refusals_.take(clock_.mono())) return limited_.add();
        add(std::move(post));
    }
    wake_.notify_one();
}

bool FirestoreWebhookLog::is_empty() const {
    const std::lock_guard lock(mutex_);
    return queue_.empty();
}

void FirestoreWebhookLog::take_batch() {
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    while (!queue_.empty() && batch_.size() < options_.most_in_batch) {
        const std::size_t next = std::visit(SizeOf{}, queue_.front());
        if (!batch_.empty() && bytes + next > options_.most_batch_bytes) return;
        bytes += next;
        bytes_ -= next;
        batch_.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
}

Result<> FirestoreWebhookLog::write(std::size_t first, std::size_t count) {
    std::vector<Json> writes;
    for (std::size_t i = first; i < first + count; ++i) {
        LogDocument document = std::visit(
            [this](const auto& one) {
                if constexpr (std::is_same_v<std::decay_t<decltype(one)>, LoggedItem>)
                    return to_document(one, one.post.received_at + options_.keep);
                else
                    return to_document(one, one.at + options_.keep);
            },
            batch_[i]);
        writes.push_back(client_.update(std::string(logs_collection) + "/" + document.id,
                                        std::move(document.fields), Client::no_matter()));
    }
    return client_.commit(writes);
}

// One document that Firestore does not take would hold up all others.
void FirestoreWebhookLog::write_one_by_one() {
    while (!batch_.empty()) {
        const auto done = write(batch_.size() - 1, 1);
        if (!done && done.error().code() == Errc::unavailable) return;  // the rest later
        (done ? written_ : not_taken_).add();
        batch_.pop_back();
    }
}

bool FirestoreWebhookLog::write_some() {
    const std::lock_guard writing(writing_);
    if (batch_.empty()) take_batch();
    if (batch_.empty()) return true;
    const auto done = write(0, batch_.size());
    if (done) {
        written_.add(static_cast<double>(batch_.size()));
        batch_.clear();
    } else if (done.error().code() != Errc::unavailable) {
        write_one_by_one();
    }
    const bool fails = !batch_.empty();
    if (fails != is_failing_) {
        if (fails)
            log_warning("webhook logs wait for Firestore",
                        {{"reason", done ? std::string() : done.error().message()}});
        else
            log_info("webhook logs are written again");
    }
    return !(is_failing_ = fails);
}

void FirestoreWebhookLog::start() {
    thread_ = std::thread([this] { run(); });
}

void FirestoreWebhookLog::run() {
    name_this_thread("firestore-log");
    while (true) {
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
            if (is_stopping_ && queue_.empty()) return;
        }
        while (!write_some())
            if (!pause_.wait(options_.retry_after)) return;
    }
}

void FirestoreWebhookLog::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    const std::lock_guard writing(writing_);
    const std::lock_guard lock(mutex_);
    const std::size_t left = batch_.size() + queue_.size();
    if (left == 0) return;
    lost_.add(static_cast<double>(left));
    log_warning("webhook logs were not written to Firestore", {{"items", left}});
    batch_.clear();
    queue_.clear();
}

void FirestoreWebhookLog::forget(const PhoneNumberId& channel, const Recipient& person) {
    const auto is_theirs = [&](const Entry& one) {
        const auto* logged = std::get_if<LoggedItem>(&one);
        return logged != nullptr && is_about(*logged, channel, person);
    };
    std::erase_if(batch_, is_theirs);
    const std::lock_guard lock(mutex_);
    for (const Entry& one : queue_)
        if (is_theirs(one)) bytes_ -= std::visit(SizeOf{}, one);
    std::erase_if(queue_, is_theirs);
}

Result<> FirestoreWebhookLog::erase_where(const PhoneNumberId& channel, const char* field,
                                          const std::string& name) {
    if (name.empty()) return {};
    Json filters = Json::array({equals("phone_number_id", channel.str()), equals(field, name)});
    const Json query{{"from", Json::array({{{"collectionId", logs_collection}}})},
                     {"where", {{"compositeFilter", {{"op", "AND"}, {"filters", std::move(filters)}}}}},
                     {"limit", erased_at_once}};
    while (true) {
        const auto found = client_.query(query);
        if (!found) return found.error();
        std::vector<Json> writes;
        for (const Document& one : *found)
            writes.push_back(
                client_.remove(std::string(logs_collection) + "/" + one.id, Client::no_matter()));
        if (writes.empty()) return {};
        if (auto gone = client_.commit(writes); !gone) return gone;
    }
}

Result<> FirestoreWebhookLog::erase(const PhoneNumberId& channel, const Recipient& person) {
    const std::lock_guard writing(writing_);
    forget(channel, person);
    if (auto gone = erase_where(channel, "user", person.wa_id); !gone) return gone;
    if (auto gone = erase_where(channel, "user_id", person.user_id); !gone) return gone;
    return {};
}

}  // namespace parley::firestore

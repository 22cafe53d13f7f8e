#include "whatsapp/trial_replies.hpp"

#include <algorithm>

#include "base/json_text.hpp"

namespace parley {
namespace {

std::string reply_json(const NewOutbound& reply) {
    std::string out = R"({"to":)";
    append_json_string(out, reply.to.wa_id.empty() ? reply.to.user_id : reply.to.wa_id);
    const auto open = reply.payload_json.find('{');
    const auto first =
        reply.payload_json.find_first_not_of(" \t\r\n", open == std::string::npos ? open : open + 1);
    if (first == std::string::npos || reply.payload_json[first] == '}') return out + "}";
    out += ',';
    return out.append(reply.payload_json, first, std::string::npos);
}

std::vector<NewOutbound> recorded_replies(const MessageRecord& record) {
    std::vector<NewOutbound> replies;
    for (const UnsentMessage& reply : record.replies) replies.push_back(reply.message);
    return replies;
}

bool is_over(const MessageRecord& record) {
    return record.state == InboundState::answered || record.state == InboundState::dead;
}

struct Recall {
    MessageStore& store;
    InboundSink& sink;
    std::shared_ptr<TrialWait> wait;
    std::size_t message;
    TrialMessage which;

    std::optional<MessageRecord> find() const {
        const auto found = store.find_message(which.channel, which.id, which.timestamp);
        return found ? *found : std::nullopt;
    }

    void operator()() {
        auto record = find();
        if (record && !is_over(*record)) {
            if (sink.watch(record->seq, TrialReplies::watcher(wait, message))) return;
            record = find();  // it ended between the two questions
        }
        if (!record) return wait->tell(message, {}, {});
        wait->tell(message, recorded_replies(*record), record->annotations);
    }
};

}  // namespace

TrialWait::TrialWait(std::string ack, std::size_t messages, MonoTime deadline, Responder respond)
    : ack_(std::move(ack)),
      told_(messages),
      open_(messages),
      deadline_(deadline),
      respond_(std::make_unique<Responder>(std::move(respond))) {}

void TrialWait::tell(std::size_t message, const std::vector<NewOutbound>& replies,
                     const Annotations& annotations) {
    const std::lock_guard lock(mutex_);
    Told& told = told_.at(message);
    if (told.is_known || !respond_) return;
    told.is_known = true;
    for (const NewOutbound& reply : replies) {
        if (!told.replies.empty()) told.replies += ',';
        told.replies += reply_json(reply);
    }
    told.annotations = annotations;
    if (--open_ == 0) answer_locked();
}

void TrialWait::expire() {
    const std::lock_guard lock(mutex_);
    if (respond_) answer_locked();
}

bool TrialWait::is_over() const {
    const std::lock_guard lock(mutex_);
    return !respond_;
}

void TrialWait::answer_locked() {
    std::string body = std::move(ack_);
    body.pop_back();
    body += R"(,"replies":[)";
    Annotations all;
    for (const Told& told : told_) {
        if (!told.replies.empty() && body.back() != '[') body += ',';
        body += told.replies;
        for (const auto& note : told.annotations) {
            const auto known = std::find_if(all.begin(), all.end(),
                                            [&](const auto& other) { return other.first == note.first; });
            if (known == all.end())
                all.push_back(note);
            else
                known->second = note.second;
        }
    }
    body += R"(],"annotations":{)";
    for (const auto& [key, value] : all) {
        if (body.back() != '{') body += ',';
        append_json_string(body, key);
        body += ':';
        append_json_string(body, value);
    }
    body += "}}";
    (*respond_)(HttpResponse::json(200, std::move(body)));
    respond_.reset();
}

TrialReplies::TrialReplies(MessageStore& store, InboundSink& sink, WorkerPool& workers)
    : store_(store), sink_(sink), workers_(workers) {}

TrialReplies::~TrialReplies() {
    for (const auto& wait : waits_) wait->expire();
}

std::shared_ptr<TrialWait> TrialReplies::begin(std::string ack, std::size_t messages, MonoTime deadline,
                                               Responder respond) {
    auto wait = std::make_shared<TrialWait>(std::move(ack), messages, deadline, std::move(respond));
    if (messages == 0) {
        wait->expire();
        return wait;
    }
    const std::lock_guard lock(mutex_);
    waits_.push_back(wait);
    return wait;
}

TurnWatcher TrialReplies::watcher(std::shared_ptr<TrialWait> wait, std::size_t message) {
    return [wait = std::move(wait), message](const TurnSummary& summary) {
        wait->tell(message, summary.replies, summary.annotations);
    };
}

void TrialReplies::recall(std::shared_ptr<TrialWait> wait, std::size_t message, TrialMessage which) {
    if (!workers_.post(Recall{store_, sink_, wait, message, std::move(which)})) wait->tell(message, {}, {});
}

MonoTime TrialReplies::step(MonoTime now) {
    std::vector<std::shared_ptr<TrialWait>> over;
    MonoTime next = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(waits_, [&](const std::shared_ptr<TrialWait>& wait) {
            if (wait->is_over()) return true;
            if (wait->deadline() > now) {
                next = std::min(next, wait->deadline());
                return false;
            }
            over.push_back(wait);
            return true;
        });
    }
    for (const auto& wait : over) wait->expire();
    return next;
}

}  // namespace parley

#include "admin/message_way.hpp"

#include <algorithm>

#include "admin/message_json.hpp"
#include "base/utc_text.hpp"
#include "core/service_window.hpp"

namespace parley {
namespace {

constexpr Millis late{60'000};

std::string seconds_of(Millis time) {
    if (time < Millis{1}) return "under 1 ms";
    if (time < Millis{1000}) return std::to_string(time.count()) + " ms";
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

Millis since(WallTime begin, WallTime end) {
    return std::chrono::duration_cast<Millis>(end - begin);
}

std::string counted(std::size_t number, const std::string& noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string error_text(std::int32_t code, const std::string& text) {
    if (code == 0 || text.find("(#" + std::to_string(code) + ")") != std::string::npos) return text;
    return "Graph error " + std::to_string(code) + (text.empty() ? "" : ": " + text);
}

Json error_details(std::int32_t code, const std::string& text) {
    Json details = Json::object();
    if (code != 0) details["code"] = code;
    if (!text.empty()) details["reason"] = text;
    return details;
}

// A remedy of the error table is a clause.
std::string to_sentence(std::string text) {
    if (text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    if (!text.ends_with('.')) text += '.';
    return text;
}

bool is_bad(OutboundState state) {
    return state == OutboundState::failed || state == OutboundState::expired || state == OutboundState::held;
}

}  // namespace

void MessageWay::add_step(WallTime at, const char* step, std::string text, Json ok, Json details) {
    steps_.push_back({{"at", at == WallTime{} ? Json() : Json(to_utc_text(at))},
                      {"step", step},
                      {"text", std::move(text)},
                      {"ok", std::move(ok)},
                      {"details", std::move(details)}});
}

void MessageWay::add_post(const ItemRow& item) {
    const PostFacts& facts = item.facts;
    if (item.kind == ItemKind::followup)
        return add_step(facts.received_at, "webhook", "A follow-up that its agent had asked for was due.",
                        true);
    std::string text =
        "A webhook of " + counted(facts.bytes, "byte") + " from " + facts.peer + " brought it, " +
        (facts.app.empty() ? "unsigned (a local trial)." : "signed by the app " + facts.app.str() + ".");
    const Millis delay = since(item.at, facts.received_at);
    if (delay > late) text += " WhatsApp had it " + seconds_of(delay) + " before.";
    add_step(facts.received_at, "webhook", std::move(text), true,
             {{"bytes", facts.bytes},
              {"peer", facts.peer},
              {"app", facts.app.str()},
              {"webhook", "post-" + std::to_string(to_int(item.post))},
              {"timestamp", to_utc_text(item.at)}});
}

void MessageWay::add_turn(const ItemRow& item, const std::vector<DeadLetterRecord>& letters) {
    const std::string agent = item.agent.empty() ? "its agent" : item.agent;
    if (item.attempt > 0)
        add_step({}, "turn", "The agent crashed on it " + counted(item.attempt, "time") + ".", false,
                 {{"crashes", item.attempt}});
    if (item.ended_at == WallTime{}) {
        if (item.routed && item.answerable)
            add_step({}, "turn", "It waits for its turn, or has it now.", Json());
        return;
    }
    if (item.began_at != WallTime{}) {
        const Millis waited = since(item.facts.received_at, item.began_at);
        add_step(item.began_at, "turn",
                 "Its turn began with " + agent +
                     (waited > Millis{1000} ? ", after " + seconds_of(waited) + " in its conversation's line."
                                            : "."),
                 true, {{"agent", item.agent}, {"waited_ms", std::max<std::int64_t>(0, waited.count())}});
    }
    const bool dead = item.state == InboundState::dead;
    const std::string took =
        item.began_at == WallTime{} ? "" : " in " + seconds_of(since(item.began_at, item.ended_at));
    Json details{{"replies", item.replies}};
    for (const auto& [key, value] : item.annotations) details[key] = value;
    if (!dead)
        add_step(item.ended_at, "turn", "Answered" + took + " with " + counted(item.replies, "message") + ".",
                 true, std::move(details));
    else
        add_step(item.ended_at, "turn",
                 "The turn failed" + took +
                     (item.replies > 0 ? "; the fallback was sent." : "; no fallback is configured."),
                 false, std::move(details));
    for (const DeadLetterRecord& letter : letters)
        add_step(letter.at, "dead_letter", letter.letter.reason + ": " + letter.letter.detail, false,
                 {{"letter", letter.id}});
}

MessageWay::Verdict MessageWay::judge(const ItemRow& item,
                                      const std::vector<DeadLetterRecord>& letters) const {
    if (!item.routed)
        return {"Nobody answers for this number: no deployment had the phone_number_id " +
                    item.channel.str() + " when it came.",
                "Give the id to a deployment, or mend the one that should have it; messages of the app that "
                "signed "
                "them are answered then."};
    if (!item.answerable)
        return {
            "It was kept for the record only: its agent does not ask for such events, or it came too late.",
            {}};
    if (item.state == InboundState::dead)
        return {"The agent could not answer" + (letters.empty() ? "." : ": " + letters.back().letter.detail),
                letters.empty()
                    ? ""
                    : "Mend the agent, then retry dead letter " + std::to_string(letters.back().id) + "."};
    if (item.ended_at == WallTime{}) return {"It waits for its turn, or has it now.", {}};
    if (item.replies == 0) return {"The agent ended its turn without a reply.", {}};
    return {};
}

Result<> MessageWay::add(const ItemRow& item) {
    const auto letters = view_.history.letters_about(item.seq);
    if (!letters) return letters.error();
    add_post(item);
    if (!item.routed)
        add_step(item.facts.received_at, "lane", "No deployment had the number " + item.channel.str() + ".",
                 false);
    add_turn(item, *letters);
    verdict_ = judge(item, *letters);
    for (std::uint32_t i = 0; i < item.replies; ++i) {
        const auto reply = view_.history.outbound(OutboundId{to_int(item.first_reply) + i});
        if (!reply) return reply.error();
        if (!*reply) continue;
        const Verdict before = verdict_;
        if (auto done = add(**reply); !done) return done;
        // The first that went wrong tells; of a failed turn the turn.
        if (!before.text.empty()) verdict_ = before;
        const bool keep =
            is_bad((*reply)->state) || item.state == InboundState::dead || i + 1 == item.replies;
        if (!keep) verdict_ = {};
    }
    return {};
}

void MessageWay::add_decision(const AttemptRow& decided) {
    const bool cancelled = decided.state == OutboundState::cancelled;
    if (cancelled) cancelled_by_ = decided.by;
    add_step(decided.at, "by_hand",
             std::string(cancelled ? "A person cancelled it" : "A person had it sent again") +
                 ", with the key \"" + decided.by + "\".",
             Json(), {{"key", decided.by}});
}

Result<> MessageWay::add_attempts(const OutboundRow& message) {
    const auto attempts = view_.history.attempts(message.message.id);
    if (!attempts) return attempts.error();
    for (const AttemptRow& attempt : *attempts) {
        if (!attempt.by.empty()) {
            add_decision(attempt);
            continue;
        }
        const std::string said = error_text(attempt.error_code, attempt.error_text);
        const char* then = attempt.state == OutboundState::queued    ? " It is tried again."
                           : attempt.state == OutboundState::held    ? " It is open whether WhatsApp has it."
                           : attempt.state == OutboundState::expired ? " It is not sent any more."
                                                                     : " It is not tried again.";
        add_step(attempt.at, "attempt",
                 (attempt.tries == 0 ? "Not called: " : "Call " + std::to_string(attempt.tries) + ": ") +
                     (said.empty() ? "no answer." : said + ".") + then,
                 false, error_details(attempt.error_code, attempt.error_text));
    }
    if (message.sent_at != WallTime{})
        add_step(message.sent_at, "attempt",
                 "Call " + std::to_string(std::max<std::uint32_t>(1, message.message.tries)) +
                     ": WhatsApp took it.",
                 true, {{"wamid", message.wamid.str()}});
    return {};
}

Result<> MessageWay::add_statuses(const OutboundRow& message) {
    const auto statuses = view_.history.statuses(message);
    if (!statuses) return statuses.error();
    for (const ItemRow& status : *statuses) {
        const auto read = view_.read_item(status);
        if (!read || !read->update) continue;
        const DeliveryUpdate& update = *read->update;
        const bool failed = update.state == OutboundState::failed;
        const std::string said = error_text(update.error_code, update.error_text);
        add_step(update.at, "status",
                 "WhatsApp says: " + update.word + (said.empty() ? "." : ". " + said + "."), !failed,
                 error_details(update.error_code, update.error_text));
    }
    return {};
}

MessageWay::Verdict MessageWay::judge(const OutboundRow& message) const {
    const ErrorMeaning meaning = view_.explain(message.error_code);
    const std::string said = error_text(message.error_code, message.error_text);
    switch (message.state) {
        case OutboundState::delivered:
            return {"Answered; the reply was delivered.", {}};
        case OutboundState::read:
        case OutboundState::played:
            return {"Answered; the reply was read.", {}};
        case OutboundState::sent:
            return {
                "WhatsApp took the reply; that it was delivered it has not said yet.",
                "The phone may be off. When nothing is ever delivered, see whether statuses are subscribed."};
        case OutboundState::failed:
            return {"The reply was refused: " +
                        (meaning.meaning.empty() ? said : meaning.meaning + " (" + said + ")") + ".",
                    meaning.remedy};
        case OutboundState::expired:
            return {"The reply was not sent: " + said + ".", meaning.remedy};
        case OutboundState::held:
            return {"It is open whether WhatsApp has the reply: " + said + ".",
                    "A status settles it; else it is treated as unknown_sends says. Who knows better sends "
                    "it again, or "
                    "cancels it, by hand: parley outbox."};
        case OutboundState::cancelled:
            return {cancelled_by_.empty()
                        ? "The reply was cancelled."
                        : "The reply was cancelled by a person, with the key \"" + cancelled_by_ + "\".",
                    {}};
        default:
            break;
    }
    if (const std::string trouble = view_.trouble_of(message.message.channel); !trouble.empty())
        return {"The reply waits, because nothing is sent from this number now: " + trouble + ".",
                meaning.remedy};
    if (!said.empty()) return {"The reply waits for another try: " + said + ".", meaning.remedy};
    return {"The reply waits to be sent.", {}};
}

Result<> MessageWay::add(const OutboundRow& message) {
    add_step(message.message.created_at, "reply",
             message.turn == ItemSeq{} ? message_id(message.message.id) + " was queued."
                                       : message_id(message.message.id) + " was queued as its reply.",
             Json(), {{"message", message_id(message.message.id)}});
    if (auto done = add_attempts(message); !done) return done;
    if (auto done = add_statuses(message); !done) return done;
    const auto letters = view_.history.letters_about(message.message.id);
    if (!letters) return letters.error();
    for (const DeadLetterRecord& letter : *letters)
        add_step(letter.at, "dead_letter", letter.letter.reason + ".", false, {{"letter", letter.id}});
    verdict_ = judge(message);
    return {};
}

Result<MessageWay> MessageWay::of(const HistoryRow& row, const HistoryView& view) {
    MessageWay way(view);
    const auto done = std::visit([&](const auto& one) { return way.add(one); }, row);
    if (!done) return done.error();
    return way;
}

Json MessageWay::json() const {
    return {{"verdict", verdict_.text},
            {"remedy", verdict_.remedy.empty() ? Json() : Json(to_sentence(verdict_.remedy))},
            {"timeline", steps_}};
}

}  // namespace parley

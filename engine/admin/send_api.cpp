#include "admin/send_api.hpp"

#include <algorithm>
#include <future>

#include "admin/account_api.hpp"
#include "admin/account_request.hpp"
#include "admin/message_json.hpp"
#include "admin/view_json.hpp"
#include "base/crypto/hmac.hpp"
#include "core/callback_id.hpp"
#include "core/message_log.hpp"
#include "core/recipient_text.hpp"
#include "core/service_window.hpp"

namespace parley {
namespace {

constexpr const char* test_text = "This is a test message.";
constexpr std::size_t longest_key = 255;

// The same for the same key, so that the store itself refuses a second message; of the form of make_callback_id.
std::string callback_of(const DeploymentId& account, const std::string& key, std::size_t part) {
    static constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const Sha256 hash = sha256("send\n" + account.str() + "\n" + key + "\n" + std::to_string(part));
    std::string text = "p1.";
    for (std::size_t i = 0; i < 26; ++i) text += digits[hash[i] & 31U];
    return text;
}

// "interactive.body.text: 1025 characters, at most 1024"
AccountFailure over_limit(const std::string& told) {
    const auto colon = told.find(": ");
    if (colon == std::string::npos) return refused({{"", told}});
    return refused({{told.substr(0, colon), told.substr(colon + 2)}});
}

std::string trace_of_caller(std::string_view traceparent) {
    const auto parent = parse_traceparent(traceparent);
    return parent ? to_text(parent->trace) : "";
}

nlohmann::json native_of(BodyReader& body, bool is_test) {
    nlohmann::json native = body.object();
    for (const char* frame :
         {"account_id", "to", "message", "messaging_product", "recipient_type", "recipient"})
        native.erase(frame);
    if (!body.has("message")) {
        if (body.has("type") || !is_test) return native;
        native["type"] = "text";
        native["text"] = {{"body", test_text}};
        return native;
    }
    if (body.has("type")) {
        body.wrong("message", "stands beside `type`; write either a text or a native message");
    } else if (body.object()["message"].is_object()) {
        if (!native.empty()) body.wrong("message", "is a native message; nothing else may stand beside it");
        native = body.object()["message"];
    } else if (const std::string text = body.text("message", 1U << 20); !text.empty()) {
        native["type"] = "text";
        native["text"] = {{"body", text}};
    }
    return native;
}

}  // namespace

void SendApi::add_routes(Router& router) {
    ApiPages pages(router, ports_.gate, ports_.workers);
    for (const bool is_test : {false, true})
        pages.add_late(
            "POST", is_test ? "/api/bsp/send-test-message" : "/api/bsp/send-message", ApiScope::send,
            [this, is_test](const ApiCall& call, ResponderPtr respond) {
                const std::string wish = query_value(call.query, "wait");
                if (!wish.empty() && wish != "true" && wish != "false")
                    return (*respond)(problem(400, "Bad request", "wait: expected true or false"));
                if (call.idempotency_key.size() > longest_key)
                    return (*respond)(problem(400, "Bad request", "Idempotency-Key: at most 255 bytes"));
                handle({call.body, call.idempotency_key, call.request_id, trace_of_caller(call.traceparent),
                        is_test || wish == "true", is_test},
                       std::move(respond));
            });
}

void SendApi::handle(Call call, ResponderPtr respond) {
    auto order = read(call.body, call.is_test);
    if (!order) return (*respond)(to_problem(order.error()));
    order->idempotency_key = std::move(call.idempotency_key);
    order->waits = call.waits;
    order->request_id = std::move(call.request_id);
    order->caller_trace = std::move(call.caller_trace);
    auto waiting = std::make_shared<Waiting>();
    auto fresh = queue(*order, waiting->parts);
    if (!fresh) return (*respond)(to_problem(fresh.error()));
    if (!order->waits || fresh->empty()) {
        HttpResponse response = answer(waiting->parts);
        ports_.pump.enqueue(std::move(*fresh));
        return (*respond)(std::move(response));
    }
    waiting->respond = std::move(respond);
    waiting->due = ports_.clock.mono() + options_.patience;
    wait(std::move(*fresh), std::move(waiting));
}

AccountResult<SendApi::Order> SendApi::read(const std::string& text, bool is_test) {
    BodyReader body(text);
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));
    const DeploymentId id = body.account_id();
    body.must_have("to");
    const std::string to = body.text("to", 128);
    const nlohmann::json native = native_of(body, is_test);
    if (!body.has("message") && !native.contains("type"))
        body.wrong("message", "is missing: write a text, or a native message with its type");
    else if (native.contains("type") && !native["type"].is_string())
        body.wrong("type", "expected a word, as \"template\"");
    if (!body.mistakes().empty()) return refused(std::move(body.mistakes()));

    auto account = account_of(id);
    if (!account) return account.error();
    Order order{std::move(*account), to_recipient(to), {}, {}, false, {}, {}};
    const std::string native_json = native.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    auto parts = ports_.prepare(native_json);
    if (!parts) return over_limit(parts.error().message());
    if (parts->size() > 1 && (!body.has("message") || !body.object()["message"].is_string()))
        return over_limit("text.body: longer than 4096 characters");
    order.parts = std::move(*parts);
    if (const auto open = check_window(order, native_json); !open) return open.error();
    return order;
}

AccountResult<DeploymentPtr> SendApi::account_of(const DeploymentId& id) {
    DeploymentPtr account = ports_.accounts.by_id(id);
    if (account && account->takes_messages) return account;
    const auto view = ports_.directory.find(id);
    if (!view) return view.error();
    if (view->state != AccountState::active)
        return AccountFailure(Errc::conflict, "the account " + id.str() + " is " + to_string(view->state) +
                                                  ", so nothing is sent from it");
    return AccountFailure(Errc::conflict, "the account " + id.str() + " does not run" +
                                              (view->problem.empty() ? "" : ": " + view->problem));
}

AccountResult<bool> SendApi::check_window(const Order& order, const std::string& native_json) {
    if (!order.account->outside_window.template_name.empty() || !ports_.needs_window(native_json))
        return true;
    const auto conversation = ports_.records.find_conversation(order.account->channel, order.to);
    if (!conversation) return AccountFailure(conversation.error());
    if (*conversation == ConversationId{})
        return true;  // maybe known to WhatsApp from elsewhere: it will tell
    std::promise<Result<WallTime>> asked;
    auto known = asked.get_future();
    ports_.store.last_inbound(*conversation,
                              [&](Result<WallTime> last) { asked.set_value(std::move(last)); });
    const auto last = known.get();
    if (!last) return AccountFailure(last.error());
    if (*last == WallTime{} || !is_window_closed(*last, ports_.clock.wall())) return true;
    AccountFailure closed(Errc::invalid_input,
                          "this person wrote last more than 24 hours ago; WhatsApp takes only templates now");
    closed.remedy = "Send a message of type template, or set outside_window for this deployment.";
    closed.fields.push_back({"type", "expected \"template\" outside of the 24-hour window"});
    return closed;
}

// What is stored once is not stored again: the callback id of a message with an Idempotency-Key says which it is.
AccountResult<std::vector<OutboundMessage>> SendApi::queue(const Order& order, std::vector<Part>& parts) {
    std::vector<OutboundMessage> fresh;
    for (const PreparedMessage& part : order.parts) {
        NewOutbound message;
        message.channel = order.account->channel;
        message.to = order.to;
        message.payload_json = part.native_json;
        message.user_callback = part.user_callback;
        message.callback = order.idempotency_key.empty()
                               ? make_callback_id(ports_.clock, ports_.random)
                               : callback_of(order.account->id, order.idempotency_key, parts.size());
        std::promise<Result<OutboundMessage>> stored;
        auto made = stored.get_future();
        ports_.store.add_outbound(message, ports_.clock.wall(),
                                  [&](Result<OutboundMessage> one) { stored.set_value(std::move(one)); });
        auto one = made.get();
        if (one) {
            const TraceId trace = trace_of(*one);
            log_about(LogLevel::debug, "message queued", *one, order.account,
                      {{"request_id", order.request_id}, {"caller_trace", order.caller_trace}});
            parts.push_back({one->id, std::nullopt, trace});
            fresh.push_back(std::move(*one));
            continue;
        }
        if (one.error().code() != Errc::conflict || order.idempotency_key.empty()) {
            ports_.pump.enqueue(std::move(fresh));  // they are stored: they would go out at the next start
            return AccountFailure(one.error());
        }
        const auto before = known(order, message);
        if (!before) return AccountFailure(before.error());
        Part repeated{before->message.id, std::nullopt, trace_of(before->message)};
        if (is_settled(before->state))
            repeated.ending =
                SendEnding{before->state, before->wamid, before->error_code, before->error_text, 0, {}};
        parts.push_back(std::move(repeated));
    }
    return fresh;
}

Result<OutboundRecord> SendApi::known(const Order& order, const NewOutbound& message) {
    auto record = ports_.records.find_outbound(message.callback);
    if (!record) return record.error();
    if (!*record) return Error(Errc::fault, "a message was stored, and cannot be found");
    const OutboundMessage& before = (*record)->message;
    if (before.channel == order.account->channel && before.to.wa_id == message.to.wa_id &&
        before.to.user_id == message.to.user_id && before.payload_json == message.payload_json)
        return std::move(**record);
    return Error(Errc::conflict, "Idempotency-Key: another message was sent with this key");
}

void SendApi::wait(std::vector<OutboundMessage> fresh, WaitingPtr waiting) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(waiting);
    }
    ports_.wakeup.wake_at(waiting->due);
    for (OutboundMessage& one : fresh) {
        const OutboundId id = one.id;
        ports_.pump.enqueue_watched(
            std::move(one), [this, waiting, id](const SendEnding& ending) { ended(waiting, id, ending); });
    }
}

void SendApi::ended(const WaitingPtr& waiting, OutboundId id, const SendEnding& ending) {
    HttpResponse response;
    {
        const std::lock_guard lock(mutex_);
        for (Part& part : waiting->parts)
            if (part.id == id) part.ending = ending;
        const auto is_open = [](const Part& part) { return !part.ending; };
        if (std::any_of(waiting->parts.begin(), waiting->parts.end(), is_open)) return;
        if (waiting_.remove(waiting) == 0) return;  // it was answered already
        response = answer(waiting->parts);
    }
    (*waiting->respond)(std::move(response));
}

MonoTime SendApi::step(MonoTime now) {
    std::vector<std::pair<WaitingPtr, HttpResponse>> late;
    MonoTime next = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        for (auto one = waiting_.begin(); one != waiting_.end();) {
            if ((*one)->due > now) {
                next = std::min(next, (*one)->due);
                ++one;
                continue;
            }
            late.emplace_back(*one, answer((*one)->parts));
            one = waiting_.erase(one);
        }
    }
    for (auto& [waiting, response] : late) {
        for (const Part& part : waiting->parts) ports_.pump.unwatch(part.id);
        (*waiting->respond)(std::move(response));
    }
    return next;
}

HttpResponse SendApi::answer(const std::vector<Part>& parts) const {
    Json messages = Json::array();
    bool all_sent = true;
    for (const Part& part : parts) {
        const bool is_sent = part.ending && part.ending->state != OutboundState::failed &&
                             part.ending->state != OutboundState::expired &&
                             part.ending->state != OutboundState::cancelled;
        if (part.ending && !is_sent) {
            AccountFailure failure(Errc::invalid_input,
                                   "WhatsApp did not take the message: " + part.ending->reason);
            failure.graph_code = part.ending->code;
            failure.remedy = ports_.advice(part.ending->code);
            return to_problem(failure);
        }
        all_sent = all_sent && is_sent;
        Json one{{"id", message_id(part.id)}, {"trace_id", text_or_null(to_text(part.trace_id))}};
        if (is_sent) one["wamid"] = part.ending->wamid.empty() ? Json() : Json(part.ending->wamid.str());
        messages.push_back(std::move(one));
    }
    Json body = messages.front();
    body["status"] = all_sent ? "sent" : "queued";
    if (messages.size() > 1) body["messages"] = std::move(messages);
    return json_response(all_sent ? 200 : 202, body);
}

}  // namespace parley

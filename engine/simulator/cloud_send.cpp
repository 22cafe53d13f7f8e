// The Graph side of the pretended cloud.
#include <algorithm>

#include "simulator/cloud.hpp"
#include "simulator/graph_access.hpp"
#include "simulator/media_calls.hpp"
#include "simulator/send_validator.hpp"
#include "simulator/wire_ids.hpp"

namespace parley::sim {
namespace {

constexpr std::chrono::seconds typing_for{25};
constexpr std::size_t max_shown_typing = 1000;
constexpr std::string_view broken_proxy = "<html><body>The simulator was told to fail.</body></html>";
constexpr std::size_t max_learned_numbers = 1000;

GraphError unknown_path(std::string_view version) {
    GraphError error = graph_error(2500);
    error.http_status = 400;
    error.message = "Unknown path components: /" + std::string(version);
    return error;
}

// The native object as the phone page shows it: what was sent without the frame.
Json content_of(const Json& body) {
    Json content{{"type", text_of(body, "type", "text")}};
    for (const char* key : {"text", "image", "video", "audio", "document", "sticker", "location", "contacts",
                            "reaction", "interactive", "template"}) {
        if (const Json* value = member(body, key)) content[key] = *value;
    }
    if (const Json* context = member(body, "context"))
        content["context"] = {{"id", text_of(*context, "message_id")}};
    return content;
}

}  // namespace

const SimulatorNumber* Cloud::number_for(const std::string& phone_number_id) {
    const auto known = std::find_if(
        options_.numbers.begin(), options_.numbers.end(),
        [&](const SimulatorNumber& number) { return number.phone_number_id == phone_number_id; });
    if (known != options_.numbers.end()) return &*known;
    if (!learns_numbers_ || !is_digits(phone_number_id) || options_.numbers.size() >= max_learned_numbers)
        return nullptr;
    SimulatorNumber learned = options_.numbers.front();
    learned.phone_number_id = phone_number_id;
    learned.display_phone_number = "1555" + std::to_string(1000000 + options_.numbers.size());
    book_.touch();
    return &options_.numbers.emplace_back(std::move(learned));
}

std::optional<GraphError> Cloud::check_token(std::string_view version, std::string_view authorization) const {
    if (!is_version(version)) return unknown_path(version);
    if (bearer_of(authorization).empty()) return bad_token();
    if (options_.behaviour.token_expired) return expired_token();
    return std::nullopt;
}

std::optional<GraphError> Cloud::admit(std::string_view version, const std::string& phone_number_id,
                                       std::string_view authorization) {
    if (auto error = check_token(version, authorization)) return error;
    const SimulatorNumber* number = number_for(phone_number_id);
    if (!number) return unknown_object(phone_number_id);
    return opens(*number, authorization) ? std::nullopt : std::optional(bad_token());
}

GraphAnswer Cloud::refuse(const GraphError& error) {
    ++refused_[error.code];
    HttpResponse response = graph_response(error.http_status, error_body(error, make_trace_id(random_)));
    response.headers.emplace_back("WWW-Authenticate", authenticate_header(error));
    return {std::move(response)};
}

GraphAnswer Cloud::send(std::string_view version, const std::string& phone_number_id,
                        std::string_view authorization, std::string_view body, std::string_view traceparent) {
    const std::optional<Json> parsed = parse_object(body);
    const std::lock_guard lock(mutex_);
    const auto answer = [&] {
        if (const auto error = admit(version, phone_number_id, authorization)) return refuse(*error);
        if (!is_registered(phone_number_id)) return refuse(graph_error(133010));
        if (!parsed) return refuse(parameter_error("The request body is not a JSON object."));
        if (member(*parsed, "status")) return read_receipt(*parsed);
        return send_message({phone_number_id, recipient_of(*parsed), *parsed, body, traceparent});
    };
    GraphAnswer answered = answer();
    tell_usage(answered.response, phone_number_id);
    return answered;
}

GraphAnswer Cloud::read_receipt(const Json& body) {
    if (const auto error = check_read_receipt(body)) return refuse(*error);
    ++counts_["read_receipts"];
    // A message that this cloud did not deliver itself may have been posted to the webhook by a test: nothing
    // to show.
    if (ChatMessage* message = book_.find(text_of(body, "message_id")); message && message->from_user) {
        const std::uint64_t newest = message->order;
        for (ChatMessage* earlier : book_.chat(message->phone_number_id, message->user, true)) {
            if (earlier->order > newest) continue;
            if (earlier->state == "read") break;
            earlier->state = "read";
            book_.touch(*earlier);
        }
        if (member(body, "typing_indicator")) {
            const MonoTime now = clock_.mono();
            if (typing_.size() >= max_shown_typing)
                std::erase_if(typing_, [&](const auto& t) { return t.second <= now; });
            typing_[message->phone_number_id + '/' + message->user] = now + typing_for;
            book_.touch();
        }
        announce();
    }
    return {graph_response(200, R"({"success":true})")};
}

Verdict Cloud::judge(const Send& send) {
    const Behaviour& behaviour = options_.behaviour;
    Verdict verdict;
    if (!passes_media(send, verdict)) return verdict;
    if (behaviour.throughput && !limits_.take_throughput(send.phone_number_id, clock_.mono())) {
        verdict.refused = graph_error(130429);
    } else if (behaviour.pair_rate && !limits_.take_pair(send.phone_number_id, send.to, clock_.mono())) {
        verdict.refused = graph_error(131056);
    } else if (auto wrong =
                   templates_.check(number_of(send.phone_number_id).waba_id, send.body, clock_.wall())) {
        verdict.refused = std::move(wrong);
    } else if (behaviour.unreachable.contains(send.to) || blocked_.contains(send.phone_number_id, send.to)) {
        verdict.later = graph_error(131026);
    } else if (behaviour.window != WindowRule::off && text_of(send.body, "type") != "template" &&
               !limits_.window_open(send.phone_number_id, send.to, clock_.wall())) {
        (behaviour.window == WindowRule::answer ? verdict.refused : verdict.later) = graph_error(131047);
    }
    return verdict;
}

GraphAnswer Cloud::send_message(const Send& send) {
    Complaint wrong = check_send(send.body);
    if (!wrong && send.to == digits_of(number_of(send.phone_number_id))) wrong = graph_error(131021);
    if (wrong) return refuse_and_show(send, *wrong);
    if (const auto fault = faults_.next(send.to, send.phone_number_id, random_)) {
        const auto accept_it = [&] {
            std::optional<GraphError> later;
            if (fault->later) later = graph_error(fault->graph_code);
            return GraphAnswer{graph_response(200, accept(send, std::move(later)))};
        };
        return play(*fault, accept_it, [&](const GraphError& error) {
            return fault->accept ? refuse(error) : refuse_and_show(send, error);
        });
    }
    Verdict verdict = judge(send);
    if (verdict.refused) return refuse_and_show(send, *verdict.refused);
    return {graph_response(200, accept(send, std::move(verdict.later)))};
}

GraphAnswer Cloud::play(const FaultRule& fault, const std::function<GraphAnswer()>& do_it,
                        const std::function<GraphAnswer(const GraphError&)>& refuse_it) {
    using Cut = FaultRule::Cut;
    ++counts_["faults"];
    GraphAnswer answer;
    const bool error_answer = !fault.later && (fault.graph_code != 0 || fault.http_status >= 300);
    if (fault.cut == Cut::after || (fault.cut == Cut::none && (fault.accept || !error_answer)))
        answer = do_it();
    if (fault.cut != Cut::none) {
        ++counts_[fault.cut == Cut::before ? "cut_before" : "cut_after"];
        answer.response.abort_connection = true;
    } else if (error_answer && fault.graph_code != 0) {
        GraphError error = graph_error(fault.graph_code);
        error.subcode = fault.graph_subcode;
        if (fault.http_status != 0) error.http_status = fault.http_status;
        answer = refuse_it(error);
    } else if (error_answer) {
        answer = {{fault.http_status, "text/html", std::string(broken_proxy), {}, false}};
    } else if (fault.http_status != 0) {
        answer.response.status = fault.http_status;
    }
    answer.delay = fault.delay;
    return answer;
}

std::string Cloud::accept(const Send& send, std::optional<GraphError> later) {
    const auto& [phone_number_id, to, body, raw, traceparent] = send;
    const bool by_phone = member(body, "to") != nullptr;
    const std::string wamid = make_wamid(to, ++last_id_, random_);
    const std::string type = text_of(body, "type", "text");
    const std::string callback = text_of(body, "biz_opaque_callback_data");
    const Json* text = member(body, "text");

    Json contact{{"input", text_of(body, by_phone ? "to" : "recipient")}};
    contact[by_phone ? "wa_id" : "user_id"] = to;
    Json message{{"id", wamid}};
    if (type == "template") message["message_status"] = "accepted";
    std::string answer = to_text({{"messaging_product", "whatsapp"},
                                  {"contacts", Json::array({std::move(contact)})},
                                  {"messages", Json::array({std::move(message)})}});

    accepted_.add({wamid, phone_number_id, to, callback, type, text ? text_of(*text, "body") : std::string(),
                   "accepted", clock_.wall(), std::string(traceparent)});
    ChatMessage shown;
    shown.id = wamid;
    shown.phone_number_id = phone_number_id;
    shown.user = to;
    shown.at = clock_.wall();
    shown.content = content_of(body);
    shown.state = "accepted";
    shown.request = raw;
    shown.response = answer;
    shown.callback = callback;
    book_.add(std::move(shown));
    typing_.erase(phone_number_id + '/' + to);
    start_ladder(std::make_shared<const Sent>(
                     Sent{wamid, phone_number_id, to, callback, by_phone, type == "reaction"}),
                 std::move(later));
    announce();
    return answer;
}

GraphAnswer Cloud::refuse_and_show(const Send& send, const GraphError& error) {
    GraphAnswer answer = refuse(error);
    if (send.to.empty()) return answer;
    ChatMessage shown;
    shown.id = "refused-" + std::to_string(++last_id_);
    shown.phone_number_id = send.phone_number_id;
    shown.user = send.to;
    shown.at = clock_.wall();
    shown.content = content_of(send.body);
    shown.state = "refused";
    shown.error = {{"http_status", error.http_status},
                   {"code", error.code},
                   {"message", error.message},
                   {"details", error.details}};
    shown.request = send.raw;
    shown.response = answer.response.body;
    book_.add(std::move(shown));
    announce();
    return answer;
}

}  // namespace parley::sim

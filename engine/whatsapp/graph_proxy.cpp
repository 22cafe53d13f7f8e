#include "whatsapp/graph_proxy.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "core/callback_id.hpp"
#include "core/message_log.hpp"
#include "net/bearer_token.hpp"
#include "whatsapp/json_document.hpp"
#include "whatsapp/proxy_answers.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

constexpr std::size_t most_digits = 20;

bool opens(const DeploymentPtr& account, std::string_view token) {
    return account && !account->proxy_token.empty() && account->proxy_token.equals(token);
}

// Graph takes +, blanks, hyphens and brackets; empty when it is no number.
std::string digits_of(const std::string& number) {
    std::string digits;
    for (const char c : number) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (std::string_view("+ -()").find(c) == std::string_view::npos)
            return {};
    }
    return digits.size() > most_digits ? std::string() : digits;
}

Result<Recipient> recipient_of(const JsonValue& message, std::string& input) {
    if (message["recipient_type"].text() == "group")
        return Error(Errc::invalid_input,
                     "recipient_type: messages to groups are not supported by this engine");
    input = message["to"].text();
    if (!input.empty()) {
        Recipient to{digits_of(input), {}};
        if (to.wa_id.empty()) return Error(Errc::invalid_input, "to: expected a phone number");
        return to;
    }
    input = message["recipient"].text();
    if (input.empty()) return Error(Errc::invalid_input, "to: is missing");
    return Recipient{{}, input};
}

}  // namespace

GraphProxy::GraphProxy(Options options, Ports ports)
    : options_(std::move(options)), ports_(ports), calls_(options_.calls, ports.http, ports.media) {}

RouteHandler GraphProxy::of_number(Handler handler, std::size_t place) const {
    return [this, place, handler = std::move(handler)](const HttpRequest& request, const PathArguments& path,
                                                       Responder respond) {
        DeploymentPtr account = ports_.accounts.by_channel(PhoneNumberId(path.at(place)));
        if (!opens(account, bearer_token(request))) return respond(wrong_token());
        handler(request, path, std::move(account), std::move(respond));
    };
}

RouteHandler GraphProxy::of_token(Handler handler) const {
    return [this, handler = std::move(handler)](const HttpRequest& request, const PathArguments& path,
                                                Responder respond) {
        const std::string_view token = bearer_token(request);
        const std::string number = query_value(request.query(), "phone_number_id");
        DeploymentPtr found;
        for (const DeploymentPtr& account : ports_.accounts.all())
            if (opens(account, token) && (!found || account->channel.str() == number)) found = account;
        if (!found || (!number.empty() && found->channel.str() != number)) return respond(wrong_token());
        handler(request, path, std::move(found), std::move(respond));
    };
}

DeploymentPtr GraphProxy::of_account(const std::string& waba_id, const HttpRequest& request) const {
    for (const DeploymentPtr& account : ports_.accounts.all())
        if (!waba_id.empty() && account->waba_id == waba_id && opens(account, bearer_token(request)))
            return account;
    return nullptr;
}

void GraphProxy::add_routes(Router& router) {
    router.add(
        "POST", "/graph/{version}/{number}/messages",
        of_number(
            [this](const HttpRequest& request, const PathArguments&, DeploymentPtr account,
                   Responder respond) { post_message(request, std::move(account), std::move(respond)); },
            1));
    add_media_routes(router);
    add_template_routes(router);
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
        router.add(
            method, "/graph/{rest...}",
            of_token([](const HttpRequest&, const PathArguments&, const DeploymentPtr&, Responder respond) {
                respond(
                    not_passed("It passes messages, media and the profile of the deployment's own number, "
                               "and the templates of its waba_id"));
            }));
}

void GraphProxy::add_media_routes(Router& router) {
    const auto by_id = [](const PathArguments& path, std::size_t place) -> const std::string& {
        return path.at(place);
    };
    router.add("POST", "/graph/{version}/{number}/media",
               of_number(
                   [this](const HttpRequest& request, const PathArguments&, DeploymentPtr account,
                          Responder respond) {
                       calls_.upload_media(request, std::move(account), std::move(respond));
                   },
                   1));
    router.add("GET", "/graph/media/{number}/{media}",
               of_number(
                   [this, by_id](const HttpRequest&, const PathArguments& path, DeploymentPtr account,
                                 Responder respond) {
                       if (!is_path_safe(by_id(path, 1))) return respond(not_passed("this id is no media"));
                       calls_.download_media(by_id(path, 1), std::move(account), std::move(respond));
                   },
                   0));
    router.add("GET", "/graph/{version}/{media}",
               of_token([this, by_id](const HttpRequest& request, const PathArguments& path,
                                      DeploymentPtr account, Responder respond) {
                   if (!is_path_safe(by_id(path, 1))) return respond(not_passed("this id is no media"));
                   calls_.look_up_media(by_id(path, 1), std::string(request.header("Host")),
                                        std::move(account), std::move(respond));
               }));
    router.add("DELETE", "/graph/{version}/{media}",
               of_token([this, by_id](const HttpRequest&, const PathArguments& path, DeploymentPtr account,
                                      Responder respond) {
                   if (!is_path_safe(by_id(path, 1))) return respond(not_passed("this id is no media"));
                   calls_.delete_media(by_id(path, 1), std::move(account), std::move(respond));
               }));
}

void GraphProxy::add_template_routes(Router& router) {
    for (const char* method : {"GET", "POST"})
        router.add(method, "/graph/{version}/{number}/whatsapp_business_profile",
                   of_number(
                       [this](const HttpRequest& request, const PathArguments&, DeploymentPtr account,
                              Responder respond) {
                           calls_.profile(request, std::move(account), std::move(respond));
                       },
                       1));
    for (const char* method : {"GET", "POST", "DELETE"})
        router.add(method, "/graph/{version}/{waba}/message_templates",
                   [this](const HttpRequest& request, const PathArguments& path, Responder respond) {
                       DeploymentPtr account = of_account(path.at(1), request);
                       if (!account) return respond(wrong_token());
                       calls_.templates(request, std::move(account), std::move(respond));
                   });
}

void GraphProxy::post_message(const HttpRequest& request, DeploymentPtr account, Responder respond) {
    thread_local JsonDocument document;
    const std::string body(request.body());
    const auto message = document.parse(body);
    if (!message || !message->is_object()) return respond(bad_parameter("the body must be a JSON object"));
    if ((*message)["messaging_product"].text() != "whatsapp")
        return respond(bad_parameter("messaging_product: expected \"whatsapp\""));
    for (const std::string_view member : forbidden_members)
        if (!(*message)[member].raw().empty())
            return respond(bad_parameter("the member " + std::string(member) + " is not passed on"));
    if ((*message)["status"].text() == "read") {
        const MessageId read((*message)["message_id"].text());
        if (read.empty()) return respond(bad_parameter("message_id: is missing"));
        const bool typing = (*message)["typing_indicator"].is_object();
        return calls_.presence(read, typing, std::move(account), std::move(respond));
    }
    std::string input;
    auto to = recipient_of(*message, input);
    if (!to) return respond(bad_parameter(to.error().message()));
    const bool is_template = (*message)["type"].text() == "template";
    auto prepared = to_messages(body);
    if (!prepared) return respond(bad_parameter(prepared.error().message()));
    if (prepared->size() != 1) return respond(bad_parameter("text.body: longer than 4096 characters"));
    NewOutbound outbound;
    outbound.channel = account->channel;
    outbound.to = *to;
    outbound.payload_json = std::move(prepared->front().native_json);
    outbound.user_callback = std::move(prepared->front().user_callback);
    outbound.callback = make_callback_id(ports_.clock, ports_.random);
    queue(std::move(outbound), Send{std::move(respond),
                                    std::move(input),
                                    std::move(*to),
                                    is_template,
                                    {},
                                    &request,
                                    std::move(account)});
}

namespace {

void log_queued(const OutboundMessage& message, const HttpRequest& request, const DeploymentPtr& account) {
    if (!log_enabled(LogLevel::debug)) return;
    const auto caller = parse_traceparent(request.header("traceparent"));
    log_about(LogLevel::debug, "message queued", message, account,
              {{"request_id", request.request_id()}, {"caller_trace", caller ? to_text(caller->trace) : ""}});
}

}  // namespace

void GraphProxy::queue(NewOutbound message, Send send) {
    ports_.store.add_outbound(
        std::move(message), ports_.clock.wall(),
        [this, send = std::make_unique<Send>(std::move(send))](Result<OutboundMessage> made) mutable {
            if (!made) {
                log_warning("a bot's message was not taken", {{"request_id", send->request->request_id()},
                                                              {"deployment", send->account->id.str()},
                                                              {"reason", made.error().message()}});
                return send->respond(graph_refusal(503, 2, "Service temporarily unavailable; send it again"));
            }
            log_queued(*made, *send->request, send->account);
            const OutboundId id = made->id;
            const MonoTime due = ports_.clock.mono() + options_.patience;
            send->due = due;
            {
                const std::lock_guard lock(mutex_);
                waiting_.emplace(id, std::move(send));
            }
            ports_.wakeup.wake_at(due);
            ports_.pump.enqueue_watched(std::move(*made),
                                        [this, id](const SendEnding& ending) { ended(id, ending); });
        });
}

std::unique_ptr<GraphProxy::Send> GraphProxy::take(OutboundId message) {
    const std::lock_guard lock(mutex_);
    auto node = waiting_.extract(message);
    return node ? std::move(node.mapped()) : nullptr;
}

void GraphProxy::ended(OutboundId message, const SendEnding& ending) {
    std::unique_ptr<Send> send = take(message);
    if (!send) return;
    if (ending.state != OutboundState::sent) return send->respond(refused_send(ending));
    if (ending.wamid.empty()) return give_provisional_id(message, std::move(*send));
    send->respond(taken(ending.wamid.str(), send->input, send->to, send->is_template));
}

// Should it not be remembered, the statuses carry WhatsApp's own id; the message goes out all the same, and an error
// would make the bot send it twice.
void GraphProxy::give_provisional_id(OutboundId message, Send send) {
    ports_.store.give_provisional_id(
        message, [message, send = std::make_unique<Send>(std::move(send))](Result<std::string> id) mutable {
            if (!id)
                log_error("provisional id not kept",
                          {{"message", message_name(message)}, {"reason", id.error().message()}});
            send->respond(taken(id ? *id : "wamid.parley." + std::to_string(to_int(message)), send->input,
                                send->to, send->is_template));
        });
}

MonoTime GraphProxy::step(MonoTime now) {
    std::vector<std::pair<OutboundId, std::unique_ptr<Send>>> late;
    MonoTime next = MonoTime::max();
    {
        const std::lock_guard lock(mutex_);
        for (auto one = waiting_.begin(); one != waiting_.end();) {
            if (one->second->due > now) {
                next = std::min(next, one->second->due);
                ++one;
                continue;
            }
            late.emplace_back(one->first, std::move(one->second));
            one = waiting_.erase(one);
        }
    }
    for (auto& [message, send] : late) {
        ports_.pump.unwatch(message);
        give_provisional_id(message, std::move(*send));
    }
    return next;
}

}  // namespace parley

#include "whatsapp/proxy_calls.hpp"

#include <algorithm>
#include <array>

#include "whatsapp/graph_answer.hpp"
#include "whatsapp/proxy_answers.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

constexpr Millis transfer_limit{180'000};
constexpr std::array<std::string_view, 1> profile_parameters{"fields"};
constexpr std::array<std::string_view, 11> template_parameters{
    "fields", "limit",    "after",    "before",  "name",           "hsm_id",
    "status", "category", "language", "content", "name_or_content"};
constexpr std::array<std::string_view, 1> upload_parameters{"messaging_product"};

// Graph's field expansion reads other nodes: owner{…}. Plain names only.
bool is_plain_list(const std::string& fields) {
    return std::all_of(fields.begin(), fields.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ',';
    });
}

// The allowed parameters written anew; what is wrong otherwise.
Result<std::string> checked_query(std::string_view query, std::span<const std::string_view> allowed) {
    std::string out;
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        if (part.empty()) continue;
        const std::string name = percent_decode(part.substr(0, part.find('=')));
        if (name == "access_token") continue;  // the bot's own
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
            return Error(Errc::invalid_input, "the parameter " + name.substr(0, 64) + " is not passed on");
        const std::string value = query_value(part, name);
        if (name == "fields" && !is_plain_list(value))
            return Error(Errc::invalid_input, "fields may name members only, without expansion");
        out += (out.empty() ? "?" : "&") + name + "=" + percent_encode(value);
    }
    return out;
}

Result<> check_body(std::string_view body) {
    const GraphJson root = GraphJson::parse(body, nullptr, false);
    if (!root.is_object()) return Error(Errc::invalid_input, "the body must be a JSON object");
    for (const std::string_view member : forbidden_members)
        if (root.contains(member))
            return Error(Errc::invalid_input, "the member " + std::string(member) + " is not passed on");
    return {};
}

bool is_form(std::string_view content_type) {
    return content_type.starts_with("multipart/form-data;");
}

bool names_forbidden_field(std::string_view form) {
    return std::any_of(forbidden_members.begin(), forbidden_members.end(), [&](std::string_view member) {
        return form.find("name=\"" + std::string(member) + '"') != std::string_view::npos ||
               form.find("name=" + std::string(member)) != std::string_view::npos;
    });
}

bool is_media(const GraphJson& answer) {
    return answer.is_object() && !text_of(answer, "url").empty() && !text_of(answer, "mime_type").empty() &&
           !text_of(answer, "sha256").empty();
}

bool is_good(const HttpOutcome& outcome) {
    return outcome.reply && outcome.reply->status >= 200 && outcome.reply->status < 300;
}

}  // namespace

ProxyCalls::ProxyCalls(Options options, HttpClient& http, GraphMedia& media)
    : options_(std::move(options)), caller_(options_.graph), http_(http), media_(media) {}

void ProxyCalls::start(HttpCall call, DeploymentPtr account, Responder respond) {
    http_.start(std::move(call),
                [account = std::move(account), respond = std::move(respond)](HttpOutcome outcome) mutable {
                    respond(passed_on(outcome, account->access_token.reveal()));
                });
}

void ProxyCalls::presence(const MessageId& message, bool typing, DeploymentPtr account, Responder respond) {
    HttpCall call = caller_.make_json("POST", account->channel.str() + "/messages", account->access_token,
                                      to_presence_body(message, typing));
    start(std::move(call), std::move(account), std::move(respond));
}

void ProxyCalls::find_media(const std::string& media_id, DeploymentPtr account,
                            Completion<HttpOutcome> done) {
    http_.start(
        caller_.make("GET", media_id + "?phone_number_id=" + account->channel.str(), account->access_token),
        std::move(done));
}

void ProxyCalls::look_up_media(const std::string& media_id, const std::string& host, DeploymentPtr account,
                               Responder respond) {
    const std::string url = (options_.has_tls ? "https://" : "http://") + host + "/graph/media/" +
                            account->channel.str() + "/" + media_id;
    find_media(media_id, account, [url, account, respond = std::move(respond)](HttpOutcome outcome) mutable {
        HttpResponse answer = passed_on(outcome, account->access_token.reveal());
        if (!is_good(outcome)) return respond(std::move(answer));
        GraphJson facts = parse_answer(answer.body);
        if (!is_media(facts)) return respond(not_passed("this id is no media"));
        facts["url"] = url;
        answer.body = facts.dump(-1, ' ', false, GraphJson::error_handler_t::replace);
        respond(std::move(answer));
    });
}

void ProxyCalls::delete_media(const std::string& media_id, DeploymentPtr account, Responder respond) {
    find_media(media_id, account,
               [this, media_id, account, respond = std::move(respond)](HttpOutcome outcome) mutable {
                   if (!is_good(outcome)) return respond(passed_on(outcome, account->access_token.reveal()));
                   if (!is_media(parse_answer(outcome.reply->body)))
                       return respond(not_passed("this id is no media"));
                   HttpCall call =
                       caller_.make("DELETE", media_id + "?phone_number_id=" + account->channel.str(),
                                    account->access_token);
                   start(std::move(call), account, std::move(respond));
               });
}

void ProxyCalls::download_media(const std::string& media_id, DeploymentPtr account, Responder respond) {
    media_.look_up(media_id, account, [this, account, respond = std::move(respond)](auto facts) mutable {
        if (!facts) return respond(graph_refusal(404, 100, "(#100) The media cannot be found now"));
        media_.download(facts->url, options_.most_file, account,
                        [type = facts->mime_type, respond = std::move(respond)](auto bytes) mutable {
                            if (!bytes)
                                return respond(graph_refusal(502, 2, "The media cannot be fetched now"));
                            HttpResponse answer;
                            answer.content_type = type;
                            answer.body = std::move(*bytes);
                            answer.headers.emplace_back("X-Content-Type-Options", "nosniff");
                            respond(std::move(answer));
                        });
    });
}

void ProxyCalls::upload_media(const HttpRequest& request, DeploymentPtr account, Responder respond) {
    const std::string type(request.header("Content-Type"));
    if (!is_form(type)) return respond(bad_parameter("media is uploaded as multipart/form-data"));
    const std::string_view form = request.body();
    if (names_forbidden_field(form))
        return respond(bad_parameter("the form has a field that is not passed on"));
    const auto query = checked_query(request.query(), upload_parameters);
    if (!query) return respond(bad_parameter(query.error().message()));
    HttpCall call = caller_.make("POST", account->channel.str() + "/media" + *query, account->access_token);
    call.headers.emplace_back("Content-Type", type);
    call.body = std::string(form);
    call.timeout = transfer_limit;
    start(std::move(call), std::move(account), std::move(respond));
}

void ProxyCalls::profile(const HttpRequest& request, DeploymentPtr account, Responder respond) {
    const std::string node = account->channel.str();
    pass(request, node, "whatsapp_business_profile", profile_parameters, std::move(account),
         std::move(respond));
}

void ProxyCalls::templates(const HttpRequest& request, DeploymentPtr account, Responder respond) {
    const std::string node = account->waba_id;
    pass(request, node, "message_templates", template_parameters, std::move(account), std::move(respond));
}

void ProxyCalls::pass(const HttpRequest& request, const std::string& node, const std::string& edge,
                      std::span<const std::string_view> parameters, DeploymentPtr account,
                      Responder respond) {
    const auto query = checked_query(request.query(), parameters);
    if (!query) return respond(bad_parameter(query.error().message()));
    HttpCall call = caller_.make(request.method(), node + "/" + edge + *query, account->access_token);
    if (request.method() == "POST") {
        if (const auto fine = check_body(request.body()); !fine)
            return respond(bad_parameter(fine.error().message()));
        call.headers.emplace_back("Content-Type", "application/json");
        call.body = std::string(request.body());
    }
    start(std::move(call), std::move(account), std::move(respond));
}

}  // namespace parley

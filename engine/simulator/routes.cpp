// The HTTP surface of the simulator.
#include <algorithm>

#include "simulator/page_files.hpp"
#include "simulator/simulator.hpp"

namespace parley {
namespace {

using sim::Json;

constexpr std::size_t max_polls = 256;
constexpr std::uint64_t max_wait_s = 60;
constexpr std::uint64_t max_listed = 100'000;

std::uint64_t number_in(std::string_view query, std::string_view name, std::uint64_t otherwise) {
    const std::string text = query_value(query, name);
    if (text.empty() || text.size() > 18) return otherwise;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return otherwise;
    return std::stoull(text);
}

int status_of(Errc code) {
    switch (code) {
        case Errc::invalid_input:
            return 400;
        case Errc::not_found:
            return 404;
        case Errc::busy:
            return 503;
        default:
            return 500;
    }
}

// A page of another origin may send a POST without asking first; its browser names that origin.
bool is_foreign(const HttpRequest& request) {
    const std::string_view origin = request.header("origin");
    return !origin.empty() && origin != "http://" + std::string(request.header("host"));
}

sim::GraphCall graph_call(const HttpRequest& request, const PathArguments& path, const std::string& edge) {
    return {request.method(),
            path[0],
            path[1],
            edge,
            request.header("authorization"),
            request.query(),
            request.header("content-type"),
            request.body(),
            "http://" + std::string(request.header("host"))};
}

std::string_view content_type_of(std::string_view path) {
    if (path.ends_with(".html")) return "text/html; charset=utf-8";
    if (path.ends_with(".css")) return "text/css; charset=utf-8";
    if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
    return "image/svg+xml";
}

HttpResponse page_response(const EmbeddedFile& file) {
    HttpResponse response{200, std::string(content_type_of(file.path)), std::string(file.bytes), {}, false};
    response.headers = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-cache"}};
    return response;
}

void serve_page(Router& router) {
    for (const EmbeddedFile& file : sim::page_files()) {
        const auto serve = [&file](const HttpRequest&, const PathArguments&, Responder respond) {
            respond(page_response(file));
        };
        if (file.path == "index.html") {
            router.add("GET", "/", serve);
            router.add("GET", "/phone", serve);
        } else {
            router.add("GET", "/page/" + std::string(file.path), serve);
        }
    }
}

}  // namespace

void Simulator::add_routes() {
    serve_page(router_);
    add_control_routes();
    add_graph_routes();
}

void Simulator::add_graph_routes() {
    router_.add("POST", "/{version}/{phone_number_id}/messages",
                [this](const HttpRequest& request, const PathArguments& path, Responder respond) {
                    answer_send(request, path, std::move(respond));
                });
    const auto add = [this](const char* method, const std::string& edge) {
        const std::string pattern = "/{version}/{node}" + (edge.empty() ? "" : '/' + edge);
        router_.add(method, pattern,
                    [this, edge](const HttpRequest& request, const PathArguments& path, Responder respond) {
                        sim::GraphAnswer answer = cloud_.graph(graph_call(request, path, edge));
                        if (answer.handshake) return shake(std::move(*answer.handshake), std::move(respond));
                        give(std::move(answer), std::move(respond));
                    });
    };
    for (const char* edge : {"media", "request_code", "verify_code", "register", "deregister",
                             "phone_numbers", "whatsapp_business_profile", ""})
        add("POST", edge);
    for (const char* edge : {"phone_numbers", "whatsapp_business_profile", ""}) add("GET", edge);
    for (const char* method : {"GET", "POST", "DELETE"}) {
        add(method, "message_templates");
        add(method, "block_users");
        add(method, "subscribed_apps");
        add(method, "subscriptions");
    }
    router_.add("GET", "/whatsapp_business/attachments/",
                [this](const HttpRequest& request, const PathArguments&, Responder respond) {
                    respond(cloud_.download(request.header("authorization"), request.query()));
                });
    add("DELETE", "");
}

void Simulator::answer_send(const HttpRequest& request, const PathArguments& path, Responder respond) {
    give(cloud_.send(path[0], path[1], request.header("authorization"), request.body(),
                     request.header("traceparent")),
         std::move(respond));
}

void Simulator::give(sim::GraphAnswer answer, Responder respond) {
    if (answer.delay.count() == 0) {
        respond(std::move(answer.response));
    } else {
        const std::lock_guard lock(mutex_);
        held_.push_back({clock_.mono() + answer.delay, std::move(respond), std::move(answer.response)});
    }
    wake();
}

void Simulator::add_control(const char* method, const char* path,
                            std::function<Result<Json>(const Json&)> act) {
    router_.add(
        method, path,
        [this, act = std::move(act)](const HttpRequest& request, const PathArguments&, Responder respond) {
            if (is_foreign(request))
                return respond(problem(403, "Forbidden", "requests of other origins are refused"));
            Json body = Json::object();
            if (!request.body().empty()) body = Json::parse(request.body(), nullptr, false);
            if (!body.is_structured())
                return respond(problem(400, "Bad Request", "the body is not a JSON object"));
            const Result<Json> answer = act(body);
            if (!answer) {
                const int status = status_of(answer.error().code());
                return respond(
                    problem(status, status == 400 ? "Bad Request" : "Refused", answer.error().message()));
            }
            respond(HttpResponse::json(200, sim::to_text(*answer)));
            wake();
        });
}

void Simulator::add_control_routes() {
    add_control("POST", "/sim/messages", [this](const Json& body) -> Result<Json> {
        auto wamid = cloud_.user_message(body);
        if (!wamid) return wamid.error();
        return Json{{"id", *wamid}};
    });
    const auto done = [](const Result<>& result, Json answer) -> Result<Json> {
        if (!result) return result.error();
        return answer;
    };
    add_control("POST", "/sim/seen", [this, done](const Json& body) {
        return done(cloud_.seen(body), {{"seen", true}});
    });
    add_control("GET", "/sim/codes", [this](const Json&) -> Result<Json> { return cloud_.codes(); });
    add_control("PUT", "/sim/numbers", [this, done](const Json& body) {
        return done(cloud_.change_number(body), {{"changed", true}});
    });
    add_control("POST", "/sim/faults", [this, done](const Json& body) {
        return done(cloud_.add_faults(body), {{"faults", cloud_.state("-", 0)["faults"]}});
    });
    add_control("DELETE", "/sim/faults", [this](const Json&) -> Result<Json> {
        cloud_.clear_faults();
        return Json{{"faults", Json::array()}};
    });
    add_control("PUT", "/sim/behaviour", [this](const Json& body) -> Result<Json> {
        if (auto changed = cloud_.change_behaviour(body); !changed) return changed.error();
        return cloud_.behaviour();
    });
    add_control("POST", "/sim/reset", [this](const Json&) -> Result<Json> {
        cloud_.reset();
        return Json{{"reset", true}};
    });
    router_.add(
        "GET", "/sim/state", [this](const HttpRequest& request, const PathArguments&, Responder respond) {
            const auto limit =
                static_cast<std::size_t>(std::min(number_in(request.query(), "limit", 100), max_listed));
            respond(HttpResponse::json(
                200, sim::to_text(cloud_.state(query_value(request.query(), "to"), limit))));
        });
    router_.add("GET", "/sim/events",
                [this](const HttpRequest& request, const PathArguments&, Responder respond) {
                    answer_events(request, std::move(respond));
                });
}

void Simulator::answer_events(const HttpRequest& request, Responder respond) {
    const std::uint64_t after = number_in(request.query(), "after", 0);
    const auto wait = std::min<std::uint64_t>(number_in(request.query(), "wait", 0), max_wait_s);
    {
        const std::lock_guard lock(mutex_);
        if (polls_.size() >= max_polls) {
            return respond(problem(503, "Service Unavailable", "too many pages wait for events"));
        }
        polls_.push_back({clock_.mono() + std::chrono::seconds(wait), after, std::move(respond)});
    }
    wake();
}

}  // namespace parley

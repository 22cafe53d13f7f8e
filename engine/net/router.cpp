// Matching paths against patterns, and the problem documents of what matches nothing.
#include "net/router.hpp"

#include <algorithm>
#include <optional>

#include "base/json_text.hpp"

namespace parley {

namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty() && path.front() == '/') {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        segments.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

bool is_placeholder(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool takes_rest(std::string_view segment) {
    return is_placeholder(segment) && segment.ends_with("...}");
}

std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

// Compares as received, so that an encoded slash cannot pretend to be a separator.
std::optional<PathArguments> match(const Router::Route& route, std::string_view path) {
    PathArguments arguments;
    for (const auto& segment : route.segments) {
        if (path.empty() || path.front() != '/') return std::nullopt;
        if (takes_rest(segment)) {
            arguments.push_back(percent_decode(path.substr(1)));
            return arguments;
        }
        const auto found = take_segment(path);
        if (!is_placeholder(segment)) {
            if (found != segment) return std::nullopt;
        } else if (found.empty()) {
            return std::nullopt;
        } else {
            arguments.push_back(percent_decode(found));
        }
    }
    if (!path.empty()) return std::nullopt;
    return arguments;
}

void allow(std::string& methods, std::string_view method) {
    if (!methods.empty()) methods += ", ";
    methods += method;
}

}  // namespace

void Router::add(std::string_view method, std::string_view pattern, RouteHandler handler) {
    routes_.push_back({std::string(method), std::string(pattern), split(pattern), std::move(handler)});
}

void Router::handle(const HttpRequest& request, Responder respond) const {
    const auto method = request.method() == "HEAD" ? std::string_view("GET") : request.method();
    std::string allowed;
    for (const auto& route : routes_) {
        if (route.method != method && allowed.find(route.method) != std::string::npos) continue;
        auto arguments = match(route, request.path());
        if (!arguments) continue;
        if (route.method == method) return route.handler(request, *arguments, std::move(respond));
        allow(allowed, route.method);
    }
    if (allowed.empty()) return respond(problem(404, "Not Found", "there is nothing at this path"));
    if (allowed.find("GET") != std::string::npos) allow(allowed, "HEAD");
    auto response = problem(405, "Method Not Allowed", "this path answers " + allowed);
    response.headers.emplace_back("Allow", allowed);
    respond(std::move(response));
}

HttpResponse problem(int status, std::string_view title, std::string_view detail) {
    std::string body = R"({"type":"about:blank","title":)";
    append_json_string(body, title);
    body += R"(,"status":)" + std::to_string(status) + R"(,"detail":)";
    append_json_string(body, detail);
    body += '}';
    return {status, "application/problem+json", std::move(body), {}};
}

}  // namespace parley

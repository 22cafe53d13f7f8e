// Finds the handler of a request by method and path pattern.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_server.hpp"

namespace parley {

// What `{name}` segments of the pattern matched, decoded, in order.
using PathArguments = std::vector<std::string>;
using RouteHandler = std::function<void(const HttpRequest&, const PathArguments&, Responder)>;

// Filled at start, then only read: any thread may call handle().
class Router {
  public:
    // pattern: "/webhook/{deployment}"; a last segment "{rest...}" takes everything that is left.
    void add(std::string_view method, std::string_view pattern, RouteHandler handler);

    // 404 for an unknown path, 405 with Allow for a known one. HEAD is answered as GET without body.
    void handle(const HttpRequest& request, Responder respond) const;

    struct Route {
        std::string method, pattern;
        std::vector<std::string> segments;
        RouteHandler handler;
    };
    const std::vector<Route>& routes() const { return routes_; }  // for checking the API document

  private:
    std::vector<Route> routes_;
};

// RFC 9457 problem details: {"type":"about:blank","title":…,"status":…,"detail":…}.
HttpResponse problem(int status, std::string_view title, std::string_view detail);

}  // namespace parley

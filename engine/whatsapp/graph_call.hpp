// What every call to the Graph API shares: its address, the token's place, and keeping the token out of texts.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"

namespace parley {

struct GraphOptions {
    std::string graph_url = "https://graph.facebook.com";
    std::string api_version = "v25.0";
    Millis timeout{30'000};
    Millis connect_timeout{5'000};
};

// Whether an id can become part of the URL that carries the token.
bool is_path_safe(std::string_view id) noexcept;

// Makes calls to {graph_url}/{api_version}/…; starts none. Any thread.
class GraphCaller {
  public:
    explicit GraphCaller(GraphOptions options);

    // `path` without a leading slash, its ids judged by is_path_safe. The token leaves in the Authorization header only.
    HttpCall make(std::string_view method, std::string_view path, const Secret& token) const;
    HttpCall make_json(std::string_view method, std::string_view path, const Secret& token,
                       std::string body) const;

    const GraphOptions& options() const noexcept { return options_; }  // graph_url without a slash at its end

  private:
    GraphOptions options_;
};

// Every occurrence becomes "***".
void blot_out(std::string& text, std::string_view secret);

}  // namespace parley

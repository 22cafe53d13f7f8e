// Who may come as far as the signature: by network and by client certificate.
#pragma once

#include <optional>
#include <string>

#include "base/metrics.hpp"
#include "net/client_address.hpp"

namespace parley {

struct WebhookGateOptions {
    Networks trusted_proxies;   // whose X-Forwarded-For is believed
    Networks allowed_networks;  // empty: any
    std::string client_name;    // the common name a client certificate must have; empty: none is asked for
};

// Any thread.
class WebhookGate {
  public:
    explicit WebhookGate(Metrics& metrics);

    struct Refusal {
        HttpResponse response;
        std::string why;  // for the log
    };
    // `client` is the request's client_address(). Counts what it refuses.
    std::optional<Refusal> refusal(const WebhookGateOptions& options, const HttpRequest& request,
                                   const std::string& client);

  private:
    Counter &network_, &certificate_;
};

}  // namespace parley

// Who may come as far as the signature: by network, by client certificate, and not too often without a good one.
#pragma once

#include <optional>
#include <string>

#include "base/metrics.hpp"
#include "net/client_address.hpp"
#include "whatsapp/address_limit.hpp"

namespace parley {

struct WebhookGateOptions {
    Networks trusted_proxies;   // whose X-Forwarded-For is believed
    Networks allowed_networks;  // empty: any
    std::string client_name;    // the common name a client certificate must have; empty: none is asked for
    double rate_limit =
        0;  // requests a second from an address without a good signature in the last hour; 0: off
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
                                   const std::string& client, MonoTime now);

    // It is not limited for an hour from now.
    void signed_well(const WebhookGateOptions& options, const std::string& client, MonoTime now);

  private:
    AddressLimit limit_;
    Counter &network_, &certificate_, &rate_;
};

}  // namespace parley

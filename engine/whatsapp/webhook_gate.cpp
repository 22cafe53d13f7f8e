#include "whatsapp/webhook_gate.hpp"

#include "net/router.hpp"

namespace parley {
namespace {

Counter& counter(Metrics& metrics, const char* reason) {
    return metrics.counter("parley_webhook_turned_away_total",
                           "Webhook requests refused before their signature was looked at",
                           {{"reason", reason}});
}

}  // namespace

WebhookGate::WebhookGate(Metrics& metrics)
    : network_(counter(metrics, "network")),
      certificate_(counter(metrics, "certificate")),
      rate_(counter(metrics, "rate")) {}

std::optional<WebhookGate::Refusal> WebhookGate::refusal(const WebhookGateOptions& options,
                                                         const HttpRequest& request,
                                                         const std::string& client, MonoTime now) {
    if (!options.allowed_networks.empty() && !options.allowed_networks.contain(client)) {
        network_.add();
        return Refusal{problem(403, "Forbidden", "webhooks are not taken from this address"),
                       "not from an allowed network"};
    }
    if (!options.client_name.empty()) {
        const ClientCertificate& certificate = request.client_certificate();
        if (certificate.name != options.client_name) {
            certificate_.add();
            return Refusal{problem(403, "Forbidden", "webhooks need the right client certificate"),
                           certificate.name.empty()
                               ? certificate.problem
                               : "the client certificate is another's: " + certificate.name};
        }
    }
    if (options.rate_limit <= 0) return std::nullopt;
    if (const auto wait = limit_.wait_for(client, options.rate_limit, now)) {
        rate_.add();
        Refusal refusal{problem(429, "Too Many Requests", "this address has sent no good signature lately"),
                        "too often without a good signature"};
        refusal.response.headers.emplace_back("Retry-After", std::to_string(wait->count()));
        return refusal;
    }
    return std::nullopt;
}

void WebhookGate::signed_well(const WebhookGateOptions& options, const std::string& client, MonoTime now) {
    if (options.rate_limit > 0) limit_.trust_address(client, now);
}

}  // namespace parley

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
    : network_(counter(metrics, "network")), certificate_(counter(metrics, "certificate")) {}

std::optional<WebhookGate::Refusal> WebhookGate::refusal(const WebhookGateOptions& options,
                                                         const HttpRequest& request,
                                                         const std::string& client) {
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
    return std::nullopt;
}

}  // namespace parley

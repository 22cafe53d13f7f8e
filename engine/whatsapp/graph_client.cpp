#include "whatsapp/graph_client.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "whatsapp/graph_error.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

const std::vector<double> call_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

Counter& calls(Metrics& metrics, const char* result) {
    return metrics.counter("parley_graph_calls_total", "Sends to the Graph API by how they ended",
                           {{"result", result}});
}

// It becomes part of the URL that carries the token.
bool is_path_safe(const std::string& id) {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
    });
}

void blot_out(std::string& text, std::string_view secret) {
    if (secret.empty()) return;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
        text.replace(at, secret.size(), "***");
    }
}

void blot_out(SendOutcome& outcome, std::string_view secret) {
    std::visit(
        [&](auto& ending) {
            if constexpr (requires { ending.reason; }) blot_out(ending.reason, secret);
        },
        outcome);
}

}  // namespace

GraphClient::GraphClient(GraphOptions options, HttpClient& http, const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      http_(http),
      clock_(clock),
      sent_(calls(metrics, "sent")),
      retried_(calls(metrics, "retry_later")),
      rejected_(calls(metrics, "rejected")),
      unknown_(calls(metrics, "unknown")),
      presence_failed_(
          metrics.counter("parley_graph_presence_failed_total", "Read marks that Graph did not take")),
      seconds_(
          metrics.histogram("parley_graph_call_seconds", "From a send's start to its answer", call_buckets)) {
    while (options_.graph_url.ends_with('/')) options_.graph_url.pop_back();
}

void GraphClient::send(const OutboundMessage& message, DeploymentPtr account, Completion<SendOutcome> done) {
    const MonoTime began = clock_.mono();
    const auto refuse = [&](std::string why) {
        const SendOutcome outcome = Rejected{'N', 0, std::move(why)};
        count(outcome, began);
        done(outcome);
    };
    if (!account || account->access_token.empty()) return refuse("the deployment has no access token");
    if (!is_path_safe(message.channel.str())) return refuse("the phone_number_id is no id");
    auto body = to_graph_body(message);
    if (!body) return refuse(body.error().message());
    const std::uint32_t tries = message.tries;
    HttpCall call = call_for(message.channel, *account, std::move(*body));
    http_.start(std::move(call), [this, began, tries, account = std::move(account),
                                  done = std::move(done)](HttpOutcome outcome) mutable {
        SendOutcome ending = to_send_outcome(outcome, tries);
        blot_out(ending, account->access_token.reveal());
        note_version(outcome);
        count(ending, began);
        done(std::move(ending));
    });
}

bool GraphClient::needs_window(const OutboundMessage& message) const {
    return !is_template(message.payload_json);
}

void GraphClient::show_presence(const MessageId& message, DeploymentPtr account, bool typing) {
    if (!account || account->access_token.empty() || message.empty() || !is_path_safe(account->channel.str()))
        return;
    HttpCall call = call_for(account->channel, *account, to_presence_body(message, typing));
    http_.start(std::move(call), [this](HttpOutcome outcome) {
        const int status = outcome.reply ? outcome.reply->status : 0;
        if (status >= 200 && status < 300) return;
        presence_failed_.add();
        log_debug("read mark failed", {{"status", status}});
    });
}

HttpCall GraphClient::call_for(const PhoneNumberId& number, const Deployment& account,
                               std::string body) const {
    HttpCall call;
    call.method = "POST";
    call.url = options_.graph_url + "/" + options_.api_version + "/" + number.str() + "/messages";
    call.headers = {{"Authorization", "Bearer " + std::string(account.access_token.reveal())},
                    {"Content-Type", "application/json"}};
    call.body = std::move(body);
    call.timeout = options_.timeout;
    call.connect_timeout = options_.connect_timeout;
    call.max_response = 1U << 20;
    return call;
}

void GraphClient::count(const SendOutcome& outcome, MonoTime began) {
    Counter* const counters[] = {&sent_, &retried_, &rejected_, &unknown_};
    counters[outcome.index()]->add();
    seconds_.observe(std::chrono::duration<double>(clock_.mono() - began).count());
}

// Graph serves an expired version as another one without a word; its header tells.
void GraphClient::note_version(const HttpOutcome& outcome) {
    if (!outcome.reply) return;
    const std::string served = outcome.reply->header("facebook-api-version");
    if (served.empty() || served == options_.api_version || version_noted_.exchange(true)) return;
    log_warning("graph api version", {{"configured", options_.api_version}, {"served", served}});
}

}  // namespace parley

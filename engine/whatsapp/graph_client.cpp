#include "whatsapp/graph_client.hpp"

#include "base/log.hpp"
#include "whatsapp/graph_error.hpp"
#include "whatsapp/send_payload.hpp"

namespace parley {
namespace {

const std::vector<double> call_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

constexpr std::size_t most_kept_answer = 16U << 10;

Counter& calls(Metrics& metrics, const char* result) {
    return metrics.counter("parley_graph_calls_total", "Sends to the Graph API by how they ended",
                           {{"result", result}});
}

void blot_out_of(SendOutcome& outcome, std::string_view secret) {
    std::visit(
        [&](auto& ending) {
            if constexpr (requires { ending.reason; }) blot_out(ending.reason, secret);
            if constexpr (requires { ending.answer; }) blot_out(ending.answer, secret);
        },
        outcome);
}

std::uint64_t step_of(const OutboundMessage& message) {
    return static_cast<std::uint64_t>(to_int(message.id)) << 8U | message.tries;
}

std::uint64_t moment_of(MonoTime time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

// A bot behind the proxy wants to read Graph's own words.
void keep_answer(SendOutcome& ending, const HttpOutcome& outcome) {
    auto* const rejected = std::get_if<Rejected>(&ending);
    if (rejected == nullptr || !outcome.reply || outcome.reply->body.size() > most_kept_answer) return;
    rejected->status = outcome.reply->status;
    rejected->answer = outcome.reply->body;
}

}  // namespace

GraphClient::GraphClient(GraphOptions options, HttpClient& http, const Clock& clock, Metrics& metrics)
    : caller_(std::move(options)),
      http_(http),
      clock_(clock),
      sent_(calls(metrics, "sent")),
      retried_(calls(metrics, "retry_later")),
      rejected_(calls(metrics, "rejected")),
      unknown_(calls(metrics, "unknown")),
      presence_failed_(
          metrics.counter("parley_graph_presence_failed_total", "Read marks that Graph did not take")),
      seconds_(metrics.histogram("parley_graph_call_seconds", "From a send's start to its answer",
                                 call_buckets)) {}

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
    HttpCall call = caller_.make_json("POST", message.channel.str() + "/messages", account->access_token,
                                      std::move(*body));
    if (const TraceId trace = trace_of(message); !trace.is_none())
        call.headers.emplace_back(
            "traceparent", to_traceparent(trace, make_span(trace, step_of(message), moment_of(began))));
    http_.start(std::move(call), [this, began, tries, account = std::move(account),
                                  done = std::move(done)](HttpOutcome outcome) mutable {
        SendOutcome ending = to_send_outcome(outcome, tries);
        keep_answer(ending, outcome);
        blot_out_of(ending, account->access_token.reveal());
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
    HttpCall call = caller_.make_json("POST", account->channel.str() + "/messages", account->access_token,
                                      to_presence_body(message, typing));
    http_.start(std::move(call), [this](HttpOutcome outcome) {
        const int status = outcome.reply ? outcome.reply->status : 0;
        if (status >= 200 && status < 300) return;
        presence_failed_.add();
        log_debug("read mark failed", {{"status", status}});
    });
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
    if (served.empty() || served == caller_.options().api_version || version_noted_.exchange(true)) return;
    log_warning("graph api version", {{"configured", caller_.options().api_version}, {"served", served}});
}

}  // namespace parley

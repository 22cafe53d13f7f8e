// The forwarder: POSTs each message to the bot. In the format bsp it tries again while the turn lasts and replies what
// the bot answers; in the format whatsapp the bot gets what Meta would send, and sends by itself.
#include <algorithm>
#include <stdexcept>
#include <string>

#include <parley/sdk.hpp>

#include "bot_answer.hpp"
#include "circuit_breaker.hpp"
#include "forwarder_config.hpp"
#include "meta_envelope.hpp"
#include "retry.hpp"
#include "webhook_signature.hpp"

namespace forwarder {
namespace {

// Kept back of the turn, so that a bot that hangs ends it with our words and not by the host's deadline.
constexpr Millis reserve{100};
constexpr Millis shortest_try{250};

class HttpForwarder : public parley::Agent<HttpForwarder> {
  public:
    explicit HttpForwarder(const parley::Config& config) : config_(read_config(config)) {}

    void start() {
        if (is_meta() && !host_can_postpone())
            throw parley::ConfigError("format: whatsapp needs a host with parley.postpone/1");
    }

    parley::Task on_message(parley::Turn turn) {
        return is_meta() ? pass_on(std::move(turn)) : ask(std::move(turn));
    }
    parley::Task on_status(parley::Turn turn) { return pass_on(std::move(turn)); }

  private:
    parley::Task ask(parley::Turn turn) {
        const std::string id = is_signed() ? to_webhook_id(turn.message_json, config_.signing_key) : "";
        for (int attempt = 1;; ++attempt) {
            for (Millis pause = breaker_.ask(now()); pause > Millis(0); pause = breaker_.ask(now()))
                co_await wait_for_breaker(turn, pause);
            const parley::HttpAnswer answer = co_await request(turn, id);
            note(answer, turn.conversation);
            const Verdict verdict = judge(answer);
            if (verdict == Verdict::accepted) {
                for (const std::string& reply : read_replies(answer.body)) turn.reply_json(reply);
                co_return;
            }
            if (verdict == Verdict::refused) throw std::runtime_error(describe(answer));
            const Millis wait = next_wait(turn, answer, attempt);
            log_retry(turn, answer, attempt, wait);
            co_await turn.sleep(wait);
        }
    }

    // One try a turn: between tries the conversation waits in the engine, for as long as retry_for says.
    parley::Task pass_on(parley::Turn turn) {
        const Millis age = age_of(turn);
        const bool is_last = age >= config_.retry_for;
        if (!is_last) {
            if (const Millis pause = breaker_.ask(now()); pause > Millis(0)) {
                turn.postpone(spread(std::min(pause, config_.retry_for - age), turn.random()));
                co_return;
            }
        }
        const parley::HttpAnswer answer = co_await deliver(turn);
        note(answer, turn.conversation);
        if (answer.ok()) co_return;
        if (is_last)
            throw std::runtime_error(describe(answer) + "; given up, it was not accepted within retry_for");
        const auto told = retry_after(answer.headers_json, turn.now_unix_ms());
        const Millis wait = std::min(pause_between(age, told, turn.random()), config_.retry_for - age);
        turn.log(parley::LogLevel::warning, "the bot did not accept a webhook: " + describe(answer),
                 "{\"wait_ms\":" + std::to_string(wait.count()) + '}');
        turn.postpone(wait);
    }

    parley::HttpCall deliver(parley::Turn& turn) const {
        const std::string body = to_meta_envelope(turn.message_json);
        auto call = turn.http(config_.url).post(body).header("Content-Type", "application/json");
        for (const auto& [name, value] : config_.headers) std::move(call).header(name, value);
        if (!config_.app_secret.empty())
            std::move(call).header("X-Hub-Signature-256", sign_as_meta(config_.app_secret, body));
        // A turn that misses its deadline would be lost, so a slow machine gets a tenth of it.
        const Millis kept = std::max(reserve, turn.remaining() / 10);
        const Millis left = std::max(turn.remaining() - kept, Millis(1));
        std::move(call).timeout(std::min(config_.timeout, left));
        return call;
    }

    parley::SleepWaiter wait_for_breaker(parley::Turn& turn, Millis pause) const {
        const Millis left = turn.remaining() - shortest_try;
        if (pause > left)
            throw std::runtime_error("the bot has not answered the last requests; it is asked again in " +
                                     std::to_string(pause.count()) + " ms, after this turn");
        return turn.sleep(std::min(spread(pause, turn.random()), left));
    }

    // Whatever is no trouble of the bot's own shows that it is there.
    void note(const parley::HttpAnswer& answer, const std::string& conversation) {
        if (judge(answer) == Verdict::try_again)
            breaker_.failed(now(), conversation);
        else
            breaker_.answered();
    }

    Millis now() const {
        return Millis(static_cast<std::int64_t>(host().now_mono_ns(host().ctx) / 1'000'000));
    }
    static Millis age_of(const parley::Turn& turn) {
        const auto received = static_cast<std::int64_t>(turn.received_unix_ms);
        return std::max(Millis(turn.now_unix_ms() - received), Millis(0));
    }
    bool host_can_postpone() const {
        return host().get_extension(host().ctx, PARLEY_EXT_POSTPONE) != nullptr;
    }
    bool is_meta() const { return config_.format == Format::whatsapp; }
    bool is_signed() const { return !config_.signing_key.empty(); }

    parley::HttpCall request(parley::Turn& turn, const std::string& id) const {
        const std::string& body = turn.message_json;
        auto call = turn.http(config_.url).post(body).header("Content-Type", "application/json");
        for (const auto& [name, value] : config_.headers) std::move(call).header(name, value);
        if (is_signed()) {
            const std::int64_t now = turn.now_unix_ms() / 1000;
            std::move(call).header("webhook-id", id).header("webhook-timestamp", std::to_string(now));
            std::move(call).header("webhook-signature", sign(config_.signing_key, id, now, body));
        }
        const Millis left = std::max(turn.remaining() - reserve, Millis(1));
        std::move(call).timeout(std::min(config_.timeout, left));
        return call;
    }

    // Throws when there is no point, or no time, for another try.
    Millis next_wait(parley::Turn& turn, const parley::HttpAnswer& answer, int attempt) const {
        if (attempt >= config_.max_attempts)
            throw std::runtime_error(describe(answer) + "; given up at attempt " + std::to_string(attempt) +
                                     ", the last of max_attempts");
        const Millis left = turn.remaining() - shortest_try;
        const auto wished = retry_after(answer.headers_json, turn.now_unix_ms());
        if (wished && *wished <= left) return *wished;
        const Millis wait = backoff(attempt, turn.random());
        if (wait <= left) return wait;
        throw std::runtime_error(describe(answer) + "; given up at attempt " + std::to_string(attempt) +
                                 ", no time is left in the turn");
    }

    static void log_retry(const parley::Turn& turn, const parley::HttpAnswer& answer, int attempt,
                          Millis wait) {
        turn.log(
            parley::LogLevel::warning, "the bot is tried again: " + describe(answer),
            "{\"attempt\":" + std::to_string(attempt) + ",\"wait_ms\":" + std::to_string(wait.count()) + '}');
    }

    const ForwarderConfig config_;
    CircuitBreaker breaker_;
};

}  // namespace
}  // namespace forwarder

// clang-format off: it takes part of the raw string for code
PARLEY_PLUGIN_MANIFEST(forwarder::HttpForwarder, "dev.parley.http-forwarder", "0.1.0",
                       "Forwards every message to a bot behind HTTP and replies what it answers", R"(
  "requires": ["parley.http/1", "parley.timer/1"], "optional": ["parley.postpone/1"], "features": [], "concurrency": "conversation",
  "state_schema": 1,
  "events_when": [
    {"config": {"format": "whatsapp"},
     "events": ["reaction", "system", "edit", "revoke", "request_welcome", "unsupported"]},
    {"config": {"format": "whatsapp", "statuses": true}, "events": ["status"]}
  ],
  "config_schema": {
    "type": "object",
    "additionalProperties": false,
    "required": ["url"],
    "properties": {
      "url": {"type": "string", "description": "Where messages are POSTed to: https://… or http://…"},
      "secret": {"type": "string", "writeOnly": true,
                 "description": "Signs requests by Standard Webhooks: whsec_ and base64, or any other text as it is"},
      "format": {"type": "string", "default": "bsp",
                 "description": "bsp: the bot answers with its reply; whatsapp: it gets webhooks as from Meta, and sends through /graph"},
      "app_secret": {"type": "string", "writeOnly": true,
                     "description": "With format whatsapp: signs each webhook as Meta does, in X-Hub-Signature-256"},
      "statuses": {"type": "boolean", "default": false,
                   "description": "With format whatsapp: the statuses of messages too"},
      "retry_for": {"type": "string", "default": "24h",
                    "description": "With format whatsapp: how long each webhook is tried until the bot accepts it"},
      "timeout_ms": {"type": "integer", "minimum": 1, "maximum": 600000,
                     "description": "How long one try may take; without it, what is left of the turn"},
      "max_attempts": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10,
                       "description": "Tries for each message, the first one included"},
      "headers": {"type": "object", "additionalProperties": {"type": "string"},
                  "description": "Headers of every request; ${secret:NAME} in a value is filled in by the host"}
    }
  }
)")
// clang-format on

// The forwarder: POSTs each message to the bot, tries again while the turn lasts, and replies what the bot
// answers.
#include <algorithm>
#include <stdexcept>
#include <string>

#include <parley/sdk.hpp>

#include "bot_answer.hpp"
#include "forwarder_config.hpp"
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

    parley::Task on_message(parley::Turn turn) {
        const std::string id = is_signed() ? to_webhook_id(turn.message_json, config_.signing_key) : "";
        for (int attempt = 1;; ++attempt) {
            const parley::HttpAnswer answer = co_await request(turn, id);
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

  private:
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
};

}  // namespace
}  // namespace forwarder

PARLEY_PLUGIN_MANIFEST(forwarder::HttpForwarder, "dev.parley.http-forwarder", "0.1.0",
                       "Forwards every message to a bot behind HTTP and replies what it answers", R"(
  "requires": ["parley.http/1", "parley.timer/1"], "optional": [], "features": [], "concurrency": "conversation",
  "state_schema": 1,
  "config_schema": {
    "type": "object",
    "additionalProperties": false,
    "required": ["url"],
    "properties": {
      "url": {"type": "string", "description": "Where messages are POSTed to: https://… or http://…"},
      "secret": {"type": "string", "writeOnly": true,
                 "description": "Signs requests by Standard Webhooks: whsec_ and base64, or any other text as it is"},
      "format": {"type": "string", "default": "bsp", "description": "bsp"},
      "timeout_ms": {"type": "integer", "minimum": 1, "maximum": 600000,
                     "description": "How long one try may take; without it, what is left of the turn"},
      "max_attempts": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10,
                       "description": "Tries for each message, the first one included"},
      "headers": {"type": "object", "additionalProperties": {"type": "string"},
                  "description": "Headers of every request; ${secret:NAME} in a value is filled in by the host"}
    }
  }
)")

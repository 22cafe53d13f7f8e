// The plugin: configuration in, turns through the dialogue, replies, state and annotations out.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>

#include "dialogue/dialogue.hpp"
#include "llm/exchange.hpp"
#include "llm/guard.hpp"
#include "shipped.hpp"

namespace edge {
namespace {

// One reminder of an unfinished application, inside WhatsApp's 24 hours.
constexpr std::string_view reminder_key = "reminder";
constexpr std::chrono::minutes soonest_reminder{10}, latest_reminder{23 * 60};

// Everything a configuration decides; replaced as a whole.
struct Setup {
    Facts facts;
    Content content;
    std::unique_ptr<const Dialogue> dialogue;
    std::optional<LlmSettings> llm;
    std::optional<std::chrono::minutes> remind_after;
    std::unique_ptr<const Guard> guard;
};

Facts facts_of(parley::Settings& settings) {
    const auto path = settings.text("facts");
    if (!path)
        throw parley::ConfigError(
            "facts: is missing; write, for example:  config: { facts: card-facts.yaml }");
    std::string error;
    const auto text = read_file(*path, error);
    if (!text)
        throw parley::ConfigError("facts: " + error +
                                  "; write the path of a file with lines such as  fees.annual: \"₹322\"");
    auto facts = Facts::parse(*text, *path, error);
    if (!facts) throw parley::ConfigError("facts: " + error);
    return std::move(*facts);
}

Content content_of(parley::Settings& settings) {
    const auto folder = settings.text("content");
    Content::Files files;
    std::string error;
    if (folder) {
        for (std::string_view name : Content::file_names) {
            const auto text = read_file(*folder + "/" + std::string(name), error);
            if (!text)
                throw parley::ConfigError(
                    "content: " + error +
                    "; the folder needs english.yaml, hindi.yaml, hinglish.yaml and next.yaml");
            files.emplace(name, *text);
        }
    } else {
        files = shipped::content_files();
    }
    auto content = Content::parse(files, folder ? *folder + "/" : "", error);
    if (!content) throw parley::ConfigError("content: " + error);
    return std::move(*content);
}

std::optional<LlmSettings> llm_of(parley::Settings& settings) {
    const auto* block = settings.find("llm");
    if (!block) return std::nullopt;
    std::string error;
    auto llm = read_llm_settings(block->dump(), error);
    if (!llm) throw parley::ConfigError(error);
    return llm;
}

// "20h" or "90m".
std::optional<std::chrono::minutes> minutes_of(const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (error != std::errc{} || number <= 0 || number > 10'000 || (unit != "h" && unit != "m"))
        return std::nullopt;
    return unit == "h" ? std::chrono::hours(number) : std::chrono::minutes(number);
}

std::optional<std::chrono::minutes> reminder_of(parley::Settings& settings, const Content& content) {
    const auto* block = settings.find("reminder");
    if (!block) return std::nullopt;
    const auto after = block->is_object() ? block->find("after") : block->end();
    if (!block->is_object() || after == block->end() || block->size() != 1)
        throw parley::ConfigError(
            "reminder: expected one member, after; write, for example:  reminder: { after: 20h }");
    const auto delay = after->is_string() ? minutes_of(after->get<std::string>()) : std::nullopt;
    if (!delay || *delay < soonest_reminder || *delay > latest_reminder)
        throw parley::ConfigError("reminder.after: expected a time from 10m to 23h, found " + after->dump() +
                                  "; 24 hours after a message WhatsApp takes templates only");
    for (const Language language : {Language::english, Language::hindi, Language::hinglish})
        if (!content.has(language, "REMINDER"))
            throw parley::ConfigError("reminder: the wording in `content` has no REMINDER (" +
                                      std::string(name_of(language)) + ")");
    return delay;
}

// The same wording for one conversation in every process.
bool gets_variant_b(std::string_view conversation) {
    std::uint32_t hash = 2166136261u;
    for (char c : conversation) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
    return ((hash ^ (hash >> 15)) & 1u) != 0;
}

std::string tapped_id(const parley::Turn& turn) {
    if (turn.type != "interactive" && turn.type != "button") return {};
    const auto message = nlohmann::json::parse(turn.message_json, nullptr, false);
    for (const char* path :
         {"/interactive/button_reply/id", "/interactive/list_reply/id", "/button/payload"}) {
        const nlohmann::json::json_pointer pointer(path);
        if (message.is_object() && message.contains(pointer) && message[pointer].is_string())
            return message[pointer].get<std::string>();
    }
    return {};
}

}  // namespace

class CreditCardAgent : public parley::Agent<CreditCardAgent> {
  public:
    void configure(const parley::Config& config) {
        if (!understanding_) understanding_ = ShippedUnderstanding::open();
        if (!understanding_)
            throw parley::ConfigError("the built-in model cannot be read; build the agent again");
        parley::Settings settings(config);
        auto setup = std::make_shared<Setup>();
        setup->facts = facts_of(settings);
        setup->content = content_of(settings);
        if (const auto unknown = setup->content.unknown_facts(setup->facts); !unknown.empty())
            throw parley::ConfigError("content: " + unknown);
        const bool plain_text = settings.flag("plain_text").value_or(false);
        setup->llm = llm_of(settings);
        setup->remind_after = reminder_of(settings, setup->content);
        const bool reminds = setup->remind_after.has_value();
        settings.no_others();
        setup->dialogue = std::make_unique<Dialogue>(understanding_->understander(), setup->facts,
                                                     setup->content, plain_text);
        setup->guard = std::make_unique<Guard>(setup->facts, understanding_->understander());
        const bool sample = setup->facts.is_sample();
        replace(std::move(setup));
        if (reminds && host().get_extension(host().ctx, PARLEY_EXT_FOLLOWUP) == nullptr)
            log(parley::LogLevel::warning, "reminder: this host has no follow-ups, so nobody is reminded");
        if (sample)
            log(parley::LogLevel::warning,
                "the facts file is the shipped sample: its amounts and links are made up. Replace every "
                "value from "
                "the issuer's current key fact statement and terms before real users write to this number");
    }

    void reconfigure(const parley::Config& config) { configure(config); }

    parley::Task on_message(parley::Turn turn) {
        const auto setup = current();
        const Incoming message{turn.type, turn.text, turn.sender_name, tapped_id(turn),
                               gets_variant_b(turn.conversation)};
        Outcome outcome = setup->dialogue->answer(message, ConversationState::from_json(turn.state_json));
        turn.annotate("language", name_of(outcome.language));
        turn.annotate("intent", name_of(outcome.intent));
        turn.annotate("confidence", std::to_string(outcome.confidence).substr(0, 4));
        turn.annotate("stage", name_of(outcome.state.stage));
        if (outcome.has_variants) turn.annotate("variant", message.variant_b ? "b" : "a");
        if (outcome.state.opted_out) turn.annotate("opted_out", "true");
        if (setup->llm && outcome.may_ask_elsewhere && outcome.confidence < setup->llm->below) {
            const parley::HttpAnswer answer = co_await asked(turn, *setup, outcome);
            take_over(turn, *setup, answer, outcome);
        }
        if (setup->remind_after && turn.can_follow_up() &&
            Dialogue::may_remind(outcome.state, outcome.intent))
            turn.follow_up(reminder_key, parley::after(*setup->remind_after).unless_written().in_window());
        turn.put_state_json(outcome.state.to_json());
        if (!outcome.reply.text.empty()) turn.reply_json(native_message(outcome.reply));
        co_return;
    }

    // What was scheduled may have lost its reason: the configuration and the agent may be others by now.
    parley::Task on_followup(parley::Turn turn, parley::Followup followup) {
        const auto setup = current();
        const auto before = ConversationState::from_json(turn.state_json);
        if (followup.key != reminder_key || !setup->remind_after ||
            !Dialogue::may_remind(before, Intent::unclear))
            co_return;
        const Outcome outcome = setup->dialogue->remind(before, turn.sender_name);
        if (outcome.reply.text.empty()) co_return;
        turn.annotate("language", name_of(outcome.language));
        turn.annotate("stage", name_of(outcome.state.stage));
        turn.annotate("reminder", "sent");
        turn.put_state_json(outcome.state.to_json());
        turn.reply_json(native_message(outcome.reply));
    }

  private:
    // Conversations run side by side, and a turn that waits keeps the setup it began with.
    std::shared_ptr<const Setup> current() const {
        const std::lock_guard lock(mutex_);
        return setup_;
    }
    void replace(std::shared_ptr<const Setup> setup) {
        const std::lock_guard lock(mutex_);
        setup_.swap(setup);
    }

    static parley::HttpCall asked(parley::Turn& turn, const Setup& setup, const Outcome& outcome) {
        const LlmSettings& llm = *setup.llm;
        const std::string_view topic = outcome.state.topic ? name_of(*outcome.state.topic) : "";
        auto call = turn.http(llm.url)
                        .post(llm_request(llm, setup.facts, turn.text, outcome.reply_language, topic))
                        .header("Content-Type", "application/json")
                        .timeout(llm.timeout);
        if (llm.authorization.empty()) return call;
        return std::move(call).header("Authorization", llm.authorization);
    }

    // The model's answer where it passes every rule; else the built-in one stays.
    static void take_over(parley::Turn& turn, const Setup& setup, const parley::HttpAnswer& answer,
                          Outcome& outcome) {
        std::string why;
        const auto text = answer.ok() ? llm_answer(answer.body) : std::nullopt;
        if (!answer.ok())
            why = answer.status == 0 ? "did not answer" : "answered " + std::to_string(answer.status);
        else if (!text)
            why = "answered no chat completion";
        else if (auto rule = setup.guard->broken_rule(*text, outcome.reply_language); !rule.empty())
            why = "was refused: the answer " + rule;
        turn.annotate("answered_by", why.empty() ? "llm" : "built-in");
        if (!why.empty()) return turn.log(parley::LogLevel::warning, "the language model " + why);
        outcome.reply.text = *text + outcome.offer_text;
        outcome.state.unclear = 0;
    }

    std::unique_ptr<const ShippedUnderstanding> understanding_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Setup> setup_;
};

}  // namespace edge

PARLEY_PLUGIN_MANIFEST(edge::CreditCardAgent, "dev.parley.credit-card-agent", "0.1.0",
                       "Answers questions about one credit card in English, Hindi and Hinglish", R"(
  "requires": [], "optional": ["parley.http/1", "parley.followup/1"], "features": [], "concurrency": "conversation", "state_schema": 1,
  "config_schema": {
    "type": "object",
    "additionalProperties": false,
    "required": ["facts"],
    "properties": {
      "facts": {"type": "string", "format": "path",
                "description": "YAML file with what may be said about the card; see config/card-facts.yaml"},
      "content": {"type": "string", "format": "path",
                  "description": "Folder with wording of your own: english.yaml, hindi.yaml, hinglish.yaml, next.yaml"},
      "llm": {
        "type": "object", "additionalProperties": false, "required": ["url", "model"],
        "description": "A language model for what the built-in understanding is unsure of",
        "properties": {
          "url": {"type": "string", "description": "Of its OpenAI-compatible chat completions"},
          "model": {"type": "string"},
          "authorization": {"type": "string", "description": "Header; Bearer ${secret:llm} when absent"},
          "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 15000},
          "below": {"type": "number", "description": "Asked when the confidence is below this; 0.55 when absent"}
        }
      },
      "reminder": {
        "type": "object", "additionalProperties": false, "required": ["after"],
        "description": "One reminder of an unfinished application, unless the person writes before; off when absent",
        "properties": {"after": {"type": "string", "pattern": "^[1-9][0-9]*[hm]$", "description": "From 10m to 23h"}}
      },
      "plain_text": {"type": "boolean", "description": "Send no buttons"}
    }
  }
)")

// The plugin: configuration in, turns through the dialogue, replies, state and annotations out.
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <parley/sdk.hpp>
#include <parley/sdk/settings.hpp>

#include "dialogue/dialogue.hpp"
#include "shipped.hpp"

namespace edge {
namespace {

// Everything a configuration decides; replaced as a whole.
struct Setup {
    Facts facts;
    Content content;
    std::unique_ptr<const Dialogue> dialogue;
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
        auto setup = std::make_unique<Setup>();
        setup->facts = facts_of(settings);
        setup->content = content_of(settings);
        const bool plain_text = settings.flag("plain_text").value_or(false);
        settings.no_others();
        setup->dialogue = std::make_unique<Dialogue>(understanding_->understander(), setup->facts,
                                                     setup->content, plain_text);
        setup_ = std::move(setup);
        if (setup_->facts.is_sample())
            log(parley::LogLevel::warning,
                "the facts file is the shipped sample: its amounts and links are made up. Replace every "
                "value from "
                "the issuer's current key fact statement and terms before real users write to this number");
    }

    void reconfigure(const parley::Config& config) { configure(config); }

    parley::Task on_message(parley::Turn turn) {
        const Incoming message{turn.type, turn.text, turn.sender_name, tapped_id(turn)};
        const Outcome outcome =
            setup_->dialogue->answer(message, ConversationState::from_json(turn.state_json));
        turn.annotate("language", name_of(outcome.language));
        turn.annotate("intent", name_of(outcome.intent));
        turn.annotate("confidence", std::to_string(outcome.confidence).substr(0, 4));
        turn.put_state_json(outcome.state.to_json());
        if (!outcome.reply.text.empty()) turn.reply_json(native_message(outcome.reply));
        co_return;
    }

  private:
    std::unique_ptr<const ShippedUnderstanding> understanding_;
    std::unique_ptr<const Setup> setup_;
};

}  // namespace edge

PARLEY_PLUGIN_MANIFEST(edge::CreditCardAgent, "dev.parley.credit-card-agent", "0.1.0",
                       "Answers questions about one credit card in English, Hindi and Hinglish", R"(
  "requires": [], "optional": [], "features": [], "concurrency": "conversation", "state_schema": 1,
  "config_schema": {
    "type": "object",
    "additionalProperties": false,
    "required": ["facts"],
    "properties": {
      "facts": {"type": "string", "format": "path",
                "description": "YAML file with what may be said about the card; see config/card-facts.yaml"},
      "content": {"type": "string", "format": "path",
                  "description": "Folder with wording of your own: english.yaml, hindi.yaml, hinglish.yaml, next.yaml"},
      "plain_text": {"type": "boolean", "description": "Send no buttons"}
    }
  }
)")

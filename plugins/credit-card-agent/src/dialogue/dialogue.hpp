// One turn of conversation: what was meant in its context, what is answered, what is remembered.
//
// Promise   The same message and state give the same outcome. A reply is made of content and facts only:
//           nothing the user wrote is repeated but the profile name in a greeting.
// Threads   Const objects are shared freely. Everything given to the constructor must outlive the dialogue.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialogue/aspects.hpp"
#include "dialogue/state.hpp"
#include "replies/content.hpp"
#include "replies/facts.hpp"
#include "replies/reply.hpp"
#include "understanding/understander.hpp"

namespace edge {

struct Incoming {
    std::string type = "text";  // Meta's word
    std::string text;           // what a person would read
    std::string sender_name;    // WhatsApp profile name; may be empty
    std::string button_id;      // of a tapped quick reply; else empty
    bool variant_b = false;     // which of two wordings this conversation gets, where there are two
};

struct Outcome {
    Language language = Language::english;  // of the message
    Language reply_language = Language::english;
    Intent intent = Intent::unclear;  // resolved by the context
    float confidence = 0;
    bool may_ask_elsewhere = false;  // a guess about a harmless text, worth a language model's answer
    bool has_variants = false;       // the reply holds a text of which there are two wordings
    std::string offer_text;          // the end of the reply, when it offers something
    Reply reply;
    ConversationState state;
};

class Dialogue {
  public:
    Dialogue(const Understander& understander, const Facts& facts, const Content& content, bool plain_text);

    Outcome answer(const Incoming& message, const ConversationState& before) const;

    // Whether a person who falls silent after `last` may be reminded of their application: it was spoken of and is not
    // finished, nothing else is wrong, they want messages, and none has reminded them before.
    static bool may_remind(const ConversationState& state, Intent last);
    // The reminder, in the conversation's language; the state that goes with it says that it was sent.
    Outcome remind(const ConversationState& before, const std::string& sender_name) const;

  private:
    struct Turn;

    Understanding understood(const Incoming& message, const ConversationState& before) const;
    void resolve(Turn& turn) const;
    bool keeps_topic(const Turn& turn, Intent topic) const;
    void take_up_topic(Turn& turn) const;
    void name_aspects(Turn& turn) const;
    void compose(Turn& turn) const;
    std::string answer_text(Turn& turn, Intent intent, const std::vector<std::string>& aspects) const;
    std::string affirmed(Turn& turn) const;
    void add_offer(Turn& turn) const;
    void add_buttons(Turn& turn) const;
    void remember(Turn& turn) const;
    std::string render(Turn& turn, std::string_view key) const;

    const Understander& understander_;
    const Facts& facts_;
    const Content& content_;
    Aspects aspects_;
    bool plain_text_;
};

}  // namespace edge

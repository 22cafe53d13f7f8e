// Resolves a message in its context and puts the answer together.
#include "dialogue/dialogue.hpp"

#include <algorithm>

namespace edge {
namespace {

// Below this probability a guess is wrong more often than right (cross-validated; see README.md).
constexpr float least_confidence = 0.30f;

// A fragment's topic is preferred to another intent that is not clearly better.
constexpr float topic_preference = 4.0f;
constexpr int fragment_words = 5;

constexpr int unclear_before_support = 3;

bool offers_application(Intent intent) {
    switch (intent) {
        case Intent::card:
        case Intent::cashback:
        case Intent::fees:
        case Intent::eligibility:
        case Intent::limit:
        case Intent::documents:
        case Intent::pan:
        case Intent::kyc:
        case Intent::how_to_apply:
            return true;
        default:
            return false;
    }
}

Stage stage_of(Intent intent) {
    switch (intent) {
        case Intent::card:
        case Intent::cashback:
        case Intent::fees:
        case Intent::limit:
        case Intent::upi:
            return Stage::exploring;
        case Intent::eligibility:
        case Intent::documents:
        case Intent::pan:
        case Intent::kyc:
        case Intent::how_to_apply:
            return Stage::considering;
        case Intent::status:
        case Intent::delivery:
            return Stage::applied;
        default:
            return Stage::opened;
    }
}

// What a language model must not take over: urgent, personal or settled matters.
bool may_be_asked_elsewhere(Intent intent) {
    return intent == Intent::unclear || intent == Intent::off_topic ||
           (is_question(intent) && intent != Intent::status && intent != Intent::security &&
            intent != Intent::pan && intent != Intent::kyc);
}

bool is_incident_topic(Intent intent) {
    return intent == Intent::lost_or_fraud || intent == Intent::wants_to_apply;
}

}  // namespace

struct Dialogue::Turn {
    const Incoming& message;
    const ConversationState& before;
    Understanding said;
    std::vector<std::string> aspects = {};
    std::vector<std::string> second_aspects = {};
    std::string name = {};
    bool missing = false;
    Offer offer = Offer::none;
    Outcome out = {};
};

Dialogue::Dialogue(const Understander& understander, const Facts& facts, const Content& content,
                   bool plain_text)
    : understander_(understander),
      facts_(facts),
      content_(content),
      aspects_(understander.lexicon()),
      plain_text_(plain_text) {}

Outcome Dialogue::answer(const Incoming& message, const ConversationState& before) const {
    Turn turn{message, before, understood(message, before)};
    turn.name = greeting_name(message.sender_name);
    turn.out.language = turn.said.has_own_words || !before.language ? turn.said.language : *before.language;
    turn.out.reply_language = turn.said.wanted_language.value_or(turn.out.language);
    turn.out.intent = turn.said.intent;
    turn.out.confidence = turn.said.confidence;
    if (message.text.empty() && message.button_id.empty()) {
        turn.out.state = before;
        if (message.type != "reaction") turn.out.reply.text = render(turn, "MEDIA");
        return turn.out;
    }
    resolve(turn);
    name_aspects(turn);
    compose(turn);
    remember(turn);
    const bool settled = turn.said.by_rule || turn.said.has_secret_number || turn.said.words < 2 ||
                         turn.out.state.unclear >= unclear_before_support;
    turn.out.may_ask_elsewhere = !settled && may_be_asked_elsewhere(turn.out.intent);
    return turn.out;
}

bool Dialogue::may_remind(const ConversationState& state, Intent last) {
    const bool is_unfinished = state.stage == Stage::considering || state.stage == Stage::link_sent;
    const bool has_other_worries = state.topic == Intent::lost_or_fraud || last == Intent::lost_or_fraud ||
                                   last == Intent::complaint || last == Intent::human;
    return is_unfinished && !has_other_worries && last != Intent::deny && !state.opted_out && !state.reminded;
}

Outcome Dialogue::remind(const ConversationState& before, const std::string& sender_name) const {
    const Incoming nothing;
    Turn turn{nothing, before, {}};
    turn.name = greeting_name(sender_name);
    turn.out.language = turn.out.reply_language = before.language.value_or(Language::english);
    turn.out.intent = Intent::how_to_apply;
    turn.out.reply.text = render(turn, "REMINDER");
    turn.out.state = before;
    turn.out.state.reminded = true;
    turn.out.state.offer = Offer::apply;
    return turn.out;
}

Understanding Dialogue::understood(const Incoming& message, const ConversationState& before) const {
    Understanding said = understander_.understand(message.text);
    std::optional<Intent> pressed;
    if (message.button_id.starts_with("ask:"))
        pressed = intent_named(std::string_view(message.button_id).substr(4));
    const auto tap = content_.tapped(message.text);
    if (!pressed && tap) pressed = tap->intent;
    if (!pressed) return said;
    said.intent = *pressed;
    said.confidence = 1;
    said.by_rule = true;
    said.second.reset();
    if (tap && before.language && tap->languages[index_of(*before.language)]) said.has_own_words = false;
    return said;
}

void Dialogue::resolve(Turn& turn) const {
    Outcome& out = turn.out;
    const bool asks_for_language = turn.said.wanted_language && turn.said.words <= 5;
    if (asks_for_language && turn.before.topic && (turn.said.subjects == 0 || !is_question(out.intent))) {
        out.intent = *turn.before.topic;
        return;
    }
    if (turn.said.by_rule) return;
    if (out.confidence < least_confidence) out.intent = Intent::unclear;
    take_up_topic(turn);
}

// Fragments that by their words alone would be about something else.
bool Dialogue::keeps_topic(const Turn& turn, Intent topic) const {
    const Understanding& said = turn.said;
    const auto has = [&](std::string_view idea) { return aspects_.has(said.ideas, idea); };
    const Intent intent = turn.out.intent;
    const bool open = is_question(intent) || intent == Intent::off_topic || intent == Intent::unclear;
    if (!open || said.second || said.words > fragment_words) return false;
    const bool only_points =
        said.subjects == 0 && said.words <= 4 && has("points_back") && said.confidence < 0.8f;
    const bool capped = (topic == Intent::cashback || topic == Intent::upi) && intent == Intent::limit &&
                        said.words <= 3 && !has("card");
    const bool for_whom =
        (topic == Intent::documents || topic == Intent::limit) && intent == Intent::eligibility && has("job");
    const bool names_part = (intent == Intent::unclear || intent == Intent::off_topic) &&
                            !aspects_.named(topic, said.ideas).empty();
    return only_points || capped || for_whom || names_part;
}

void Dialogue::take_up_topic(Turn& turn) const {
    Outcome& out = turn.out;
    if (!turn.before.topic || !is_question(*turn.before.topic)) return;
    const Intent topic = *turn.before.topic;
    const auto has = [&](std::string_view idea) { return aspects_.has(turn.said.ideas, idea); };
    const bool short_enough = turn.said.words <= fragment_words;
    const bool points = has("points_back") || has("connects");
    if (out.intent == Intent::unclear && short_enough && (points || has("asks") || has("more"))) {
        out.intent = topic;
        return;
    }
    if (keeps_topic(turn, topic)) {
        out.intent = topic;
        return;
    }
    if (!short_enough || out.intent == topic || turn.said.second) return;
    if (!is_question(out.intent) && out.intent != Intent::off_topic && out.intent != Intent::unclear) return;
    const float preference = points ? topic_preference : has("asks") ? topic_preference / 2 : 1.0f;
    if (turn.said.probabilities[index_of(topic)] * preference > out.confidence) out.intent = topic;
}

void Dialogue::name_aspects(Turn& turn) const {
    const Intent intent = turn.out.intent;
    turn.aspects = aspects_.named(intent, turn.said.ideas);
    if (turn.said.second) {
        turn.aspects = aspects_.named(intent, turn.said.first_ideas);
        turn.second_aspects = aspects_.named(*turn.said.second, turn.said.second_ideas);
        ConversationState first;
        first.topic = intent;
        if (!turn.aspects.empty()) first.aspect = turn.aspects[0];
        std::string aspect = aspects_.from_context(*turn.said.second, turn.said, first);
        if (turn.second_aspects.empty() && !aspect.empty()) turn.second_aspects.push_back(std::move(aspect));
    }
    const bool secret = turn.said.has_secret_number;
    if (secret && (intent == Intent::pan || intent == Intent::kyc || intent == Intent::security)) {
        turn.aspects = {"pasted"};
        return;
    }
    const bool new_card =
        intent == Intent::fees && turn.before.topic && aspects_.has(turn.said.ideas, "new") &&
        (*turn.before.topic == Intent::lost_or_fraud || *turn.before.topic == Intent::delivery);
    if (new_card) turn.aspects = {"replacement"};
    if (!turn.aspects.empty()) return;
    std::string aspect = aspects_.from_context(intent, turn.said, turn.before);
    if (!aspect.empty()) turn.aspects.push_back(std::move(aspect));
}

std::string Dialogue::render(Turn& turn, std::string_view key) const {
    const std::string other = std::string(key) + "~b";
    if (content_.has(turn.out.reply_language, other)) {
        turn.out.has_variants = true;
        if (turn.message.variant_b)
            return content_.render(turn.out.reply_language, other, facts_, turn.name, turn.missing);
    }
    return content_.render(turn.out.reply_language, key, facts_, turn.name, turn.missing);
}

std::string Dialogue::answer_text(Turn& turn, Intent intent, const std::vector<std::string>& aspects) const {
    const std::string name(name_of(intent));
    const bool with_general =
        intent == Intent::cashback || (intent == Intent::eligibility && aspects.size() > 1);
    std::string out = aspects.empty() || with_general ? render(turn, name) : std::string();
    int said = 0;
    for (const std::string& aspect : aspects) {
        const std::string key = name + "." + aspect;
        if (!content_.has(turn.out.reply_language, key) || said == 4) continue;
        if (intent == Intent::eligibility && with_general && aspect != "score") continue;
        if (aspect == "free" && aspects.size() > 1) continue;
        const std::string part = render(turn, key);
        if (part.empty()) continue;
        out += (out.empty() ? "" : "\n") + part;
        ++said;
    }
    if (!out.empty() || turn.missing) return out;
    return render(turn, name);
}

std::string Dialogue::affirmed(Turn& turn) const {
    switch (turn.before.offer) {
        case Offer::apply:
            turn.offer = Offer::apply;
            return render(turn, "AFFIRM.apply");
        case Offer::human:
            turn.offer = Offer::human;
            return render(turn, "AFFIRM.human");
        case Offer::block:
            turn.offer = Offer::block;
            return render(turn, "AFFIRM.block");
        case Offer::overview:
            turn.offer = Offer::apply;
            return render(turn, name_of(Intent::card)) + "\n\n" + render(turn, "OFFER.apply");
        case Offer::none:
            break;
    }
    return render(turn, name_of(Intent::affirm));
}

void Dialogue::compose(Turn& turn) const {
    const Intent intent = turn.out.intent;
    std::string& text = turn.out.reply.text;
    if (intent == Intent::affirm) {
        text = affirmed(turn);
    } else if (intent == Intent::unclear && turn.before.unclear + 1 >= unclear_before_support) {
        text = render(turn, "UNCLEAR.again");
    } else {
        text = answer_text(turn, intent, turn.aspects);
        if (turn.said.second && *turn.said.second != intent) {
            const std::string second = answer_text(turn, *turn.said.second, turn.second_aspects);
            text += (text.empty() || second.empty() ? "" : "\n\n") + second;
        }
    }
    if (turn.missing) text += text.empty() ? render(turn, "MISSING") : "\n" + render(turn, "MISSING.rest");
    add_offer(turn);
    add_buttons(turn);
}

void Dialogue::add_offer(Turn& turn) const {
    const Intent intent = turn.out.intent;
    if (turn.before.opted_out || intent == Intent::opt_out) return;
    if (offers_application(intent)) {
        turn.offer = Offer::apply;
        turn.out.offer_text = "\n\n" + render(turn, "OFFER.apply");
    } else if (intent == Intent::complaint) {
        turn.offer = Offer::human;
        turn.out.offer_text = "\n\n" + render(turn, "OFFER.human");
    } else if (intent == Intent::wants_to_apply || intent == Intent::upi) {
        turn.offer = Offer::apply;
    } else if (intent == Intent::lost_or_fraud) {
        turn.offer = Offer::block;
    } else if (intent == Intent::greeting) {
        turn.offer = Offer::overview;
    } else if (intent == Intent::unclear || intent == Intent::thanks || intent == Intent::off_topic) {
        turn.offer = turn.before.offer;
    }
    turn.out.reply.text += turn.out.offer_text;
}

void Dialogue::add_buttons(Turn& turn) const {
    if (plain_text_ || turn.before.opted_out || turn.out.intent == Intent::opt_out) return;
    for (Intent next : content_.next(turn.out.intent))
        turn.out.reply.buttons.push_back(
            {"ask:" + std::string(name_of(next)), content_.title(turn.out.reply_language, next)});
}

void Dialogue::remember(Turn& turn) const {
    ConversationState& state = turn.out.state;
    const Intent intent = turn.out.intent;
    state = turn.before;
    state.language = turn.out.language;
    state.unclear = intent == Intent::unclear ? state.unclear + 1 : 0;
    state.opted_out = state.opted_out || intent == Intent::opt_out;
    state.offer = turn.offer;
    const bool link_sent =
        intent == Intent::wants_to_apply || (intent == Intent::affirm && turn.before.offer == Offer::apply);
    state.stage = std::max(state.stage, link_sent ? Stage::link_sent : stage_of(intent));
    state.turns = std::min(state.turns + 1, 1'000'000);
    const Intent last = turn.said.second.value_or(intent);
    if (is_question(last) || is_incident_topic(last)) {
        state.topic = last;
        const auto& aspects = turn.said.second ? turn.second_aspects : turn.aspects;
        state.aspect = aspects.empty() || aspects[0] == "pasted" ? "" : aspects[0];
    } else if (intent == Intent::opt_out || intent == Intent::goodbye) {
        state.topic.reset();
        state.aspect.clear();
    }
}

}  // namespace edge

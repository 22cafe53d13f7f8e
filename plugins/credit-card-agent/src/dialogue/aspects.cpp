// The table of aspects and the ideas that name them.
#include "dialogue/aspects.hpp"

#include <algorithm>
#include <array>

namespace edge {
namespace {

struct Row {
    Intent intent;
    std::string_view aspect;
    std::string_view first;
    std::string_view second = {};
};

constexpr std::array rows{Row{Intent::card, "close", "close_card", "mine"},
                          Row{Intent::card, "addon", "addon"},
                          Row{Intent::card, "network", "network"},
                          Row{Intent::card, "benefit", "lounge"},
                          Row{Intent::card, "benefit", "insurance"},
                          Row{Intent::card, "abroad", "forex"},
                          Row{Intent::card, "upgrade", "upgrade"},
                          Row{Intent::card, "issuer", "issuer"},
                          Row{Intent::card, "close", "close_card"},
                          Row{Intent::card, "compare", "compare"},
                          Row{Intent::cashback, "cap", "cap"},
                          Row{Intent::cashback, "cap", "limit"},
                          Row{Intent::cashback, "cap", "how_much", "delay"},
                          Row{Intent::cashback, "credit", "when"},
                          Row{Intent::cashback, "credit", "time"},
                          Row{Intent::cashback, "terms", "redeem"},
                          Row{Intent::cashback, "terms", "expire"},
                          Row{Intent::fees, "late", "late"},
                          Row{Intent::fees, "interest", "interest"},
                          Row{Intent::fees, "forex", "forex"},
                          Row{Intent::fees, "cash", "cash_out"},
                          Row{Intent::fees, "replacement", "replace"},
                          Row{Intent::fees, "replacement", "lost"},
                          Row{Intent::fees, "emi", "emi"},
                          Row{Intent::fees, "other", "other_fee"},
                          Row{Intent::fees, "joining", "joining"},
                          Row{Intent::fees, "annual", "annual"},
                          Row{Intent::fees, "free", "free"},
                          Row{Intent::fees, "waiver", "waiver"},
                          Row{Intent::fees, "tax", "tax"},
                          Row{Intent::eligibility, "impact", "impact"},
                          Row{Intent::eligibility, "score", "score"},
                          Row{Intent::eligibility, "age", "age"},
                          Row{Intent::eligibility, "income", "income"},
                          Row{Intent::eligibility, "job", "job"},
                          Row{Intent::eligibility, "place", "place"},
                          Row{Intent::documents, "other", "other_doc"},
                          Row{Intent::pan, "problem", "mismatch"},
                          Row{Intent::kyc, "problem", "kyc_problem"},
                          Row{Intent::kyc, "timing", "time"},
                          Row{Intent::kyc, "timing", "when"},
                          Row{Intent::how_to_apply, "resume", "resume"},
                          Row{Intent::how_to_apply, "time", "time"},
                          Row{Intent::status, "rejected", "reject"},
                          Row{Intent::limit, "cash", "cash_out"},
                          Row{Intent::limit, "raise", "raise"},
                          Row{Intent::upi, "person", "person"},
                          Row{Intent::upi, "problem", "not_working"},
                          Row{Intent::billing, "emi", "emi"},
                          Row{Intent::billing, "autopay", "autopay"},
                          Row{Intent::billing, "refund", "refund"},
                          Row{Intent::billing, "minimum", "min_due"},
                          Row{Intent::billing, "due", "due_date"},
                          Row{Intent::billing, "outstanding", "outstanding"},
                          Row{Intent::billing, "pay", "pay_how"},
                          Row{Intent::delivery, "virtual", "virtual"},
                          Row{Intent::delivery, "activate", "activate"},
                          Row{Intent::delivery, "activate", "secret"},
                          Row{Intent::delivery, "problem", "returned"},
                          Row{Intent::delivery, "address", "address_change"},
                          Row{Intent::security, "pin", "secret", "forgot"},
                          Row{Intent::security, "genuine", "genuine"},
                          Row{Intent::security, "switches", "freeze"},
                          Row{Intent::security, "switches", "online_switch"},
                          Row{Intent::off_topic, "bot", "bot"}};

// Topics whose answer may be put together from several aspects; elsewhere the first named one is meant.
bool may_combine(Intent intent) {
    return intent == Intent::fees || intent == Intent::cashback || intent == Intent::eligibility;
}

}  // namespace

Aspects::Aspects(const Lexicon& lexicon) : lexicon_(lexicon) {
    for (const Row& row : rows) {
        Rule rule{row.intent, std::string(row.aspect), {lexicon.number_of(row.first)}};
        if (!row.second.empty()) rule.ideas.push_back(lexicon.number_of(row.second));
        rules_.push_back(std::move(rule));
    }
}

bool Aspects::has(const Ideas& ideas, std::string_view idea) const {
    const int number = lexicon_.number_of(idea);
    return number >= 0 && ideas.test(static_cast<std::size_t>(number));
}

std::vector<std::string> Aspects::named(Intent intent, const Ideas& ideas) const {
    std::vector<std::string> out;
    for (const Rule& rule : rules_) {
        const bool fits =
            rule.intent == intent && std::all_of(rule.ideas.begin(), rule.ideas.end(), [&](int idea) {
                return idea >= 0 && ideas.test(static_cast<std::size_t>(idea));
            });
        if (!fits || std::find(out.begin(), out.end(), rule.aspect) != out.end()) continue;
        out.push_back(rule.aspect);
        if (!may_combine(intent)) return out;
    }
    return out;
}

std::string Aspects::from_context(Intent intent, const Understanding& said,
                                  const ConversationState& state) const {
    if (!state.topic) return {};
    const bool fragment = said.words <= 6 || has(said.ideas, "points_back");
    if (intent == *state.topic && fragment && !has(said.ideas, "fee")) return state.aspect;
    if (intent != Intent::fees || !fragment) return {};
    if (*state.topic == Intent::billing && state.aspect == "emi") return "emi";
    if (*state.topic == Intent::lost_or_fraud) return "replacement";
    if (!has(said.ideas, "points_back")) return {};
    if (*state.topic == Intent::billing) return "late";
    if (*state.topic == Intent::limit && state.aspect == "cash") return "cash";
    if (*state.topic == Intent::card && state.aspect == "abroad") return "forex";
    return {};
}

}  // namespace edge

// Facts as texts, and the facts that follow from others.
#include "replies/facts.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace edge {
namespace {

std::string joined(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) {
        if (!out.empty()) out += ", ";
        out += item;
    }
    return out;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// "• *10%*: dining" lines; only where the file pairs every rate with a category.
void add_cashback_table(FlatYaml& values) {
    const auto rates = values.find("cashback.rates");
    const auto categories = values.find("cashback.categories");
    if (rates == values.end() || categories == values.end()) return;
    const auto& left = rates->second.items;
    const auto& right = categories->second.items;
    if (left.empty() || left.size() != right.size()) return;
    FlatValue table;
    std::string lines;
    for (std::size_t i = 0; i < left.size(); ++i)
        lines += std::string(i > 0 ? "\n" : "") + "• *" + left[i] + "*: " + right[i];
    table.items.push_back(std::move(lines));
    values.insert_or_assign("cashback.table", std::move(table));
}

}  // namespace

std::optional<Facts> Facts::parse(std::string_view text, const std::string& origin, std::string& error) {
    auto values = read_flat_yaml(text, origin, error);
    if (!values) return std::nullopt;
    Facts facts;
    facts.values_ = std::move(*values);
    if (!facts.has("card.name")) {
        error = origin + ": card.name is missing; write, for example:  card.name: \"Jupiter Edge+\"";
        return std::nullopt;
    }
    add_cashback_table(facts.values_);
    return facts;
}

std::optional<std::string> Facts::text(std::string_view key) const {
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    std::string value = joined(found->second.items);
    if (value.empty() || value == "~" || value == "null") return std::nullopt;
    return value;
}

bool Facts::may_be_named(std::string_view key) const {
    constexpr std::array<std::string_view, 38> usual{"cashback.rates",
                                                     "cashback.categories",
                                                     "cashback.cap",
                                                     "cashback.credit",
                                                     "cashback.table",
                                                     "pan.number_is_enough",
                                                     "fees.joining",
                                                     "fees.annual",
                                                     "fees.late",
                                                     "fees.interest",
                                                     "fees.forex",
                                                     "fees.cash_advance",
                                                     "fees.replacement",
                                                     "fees.emi_processing",
                                                     "eligibility.min_age",
                                                     "eligibility.max_age",
                                                     "eligibility.min_income",
                                                     "eligibility.min_score",
                                                     "documents.required",
                                                     "apply.link",
                                                     "apply.minutes",
                                                     "approval.days",
                                                     "limit.min",
                                                     "limit.max",
                                                     "upi.supported",
                                                     "upi.person_to_person",
                                                     "billing.statement_day",
                                                     "billing.due_days",
                                                     "billing.min_due",
                                                     "emi.min_amount",
                                                     "emi.tenures",
                                                     "delivery.days",
                                                     "delivery.virtual_card",
                                                     "security.block_phone",
                                                     "support.phone",
                                                     "support.email",
                                                     "support.hours",
                                                     "issuer.name"};
    return key == "name" || key == "card.name" || key == "card.network" || values_.contains(key) ||
           std::find(usual.begin(), usual.end(), key) != usual.end();
}

bool Facts::is_sample() const {
    for (const auto& [key, value] : values_) {
        const std::string text = lower(joined(value.items));
        if (text.find(".invalid") != std::string::npos) return true;
        if ((key == "issuer.name" || key == "cashback.categories") &&
            text.find("sample") != std::string::npos)
            return true;
    }
    return false;
}

}  // namespace edge

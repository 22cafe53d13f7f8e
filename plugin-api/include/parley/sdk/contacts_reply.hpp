// Contact cards.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::ContactsReply().contact("Acme Support", "Acme").phone("+911800000000", "WORK"))
class ContactsReply {
  public:
    // Begins a card; what follows belongs to it. WhatsApp wants a part of the name beside the whole of it.
    ContactsReply& contact(std::string formatted_name, std::string first_name) {
        detail::check_text("formatted name", formatted_name, 1000);
        detail::check_text("first name", first_name, 1000);
        if (cards_.size() == 257) throw ReplyError("contacts: WhatsApp takes 257");
        Card card;
        detail::append_member(card.name, "formatted_name", formatted_name);
        detail::append_member(card.name, "first_name", first_name);
        cards_.push_back(std::move(card));
        return *this;
    }
    // type: CELL, WORK, HOME …; wa_id: the number's digits when it is on WhatsApp.
    ContactsReply& phone(std::string number, std::string type = {}, std::string wa_id = {}) {
        std::string one;
        detail::append_member(one, "phone", number);
        if (!type.empty()) detail::append_member(one, "type", type);
        if (!wa_id.empty()) detail::append_member(one, "wa_id", wa_id);
        append(last().phones, one);
        return *this;
    }
    ContactsReply& email(std::string address, std::string type = {}) {
        std::string one;
        detail::append_member(one, "email", address);
        if (!type.empty()) detail::append_member(one, "type", type);
        append(last().emails, one);
        return *this;
    }
    ContactsReply& organization(std::string company) {
        last().company = std::move(company);
        return *this;
    }

    std::string json() const {
        if (cards_.empty()) throw ReplyError("contacts: at least one is needed");
        std::string all;
        for (const Card& card : cards_) {
            std::string one = R"("name":{)" + card.name + '}';
            if (!card.phones.empty()) one += R"(,"phones":[)" + card.phones + ']';
            if (!card.emails.empty()) one += R"(,"emails":[)" + card.emails + ']';
            if (!card.company.empty()) one += R"(,"org":{"company":)" + json_string(card.company) + '}';
            append(all, one);
        }
        return detail::native("contacts", '[' + all + ']', {});
    }

  private:
    struct Card {
        std::string name, phones, emails, company;  // JSON members and elements; company as text
    };

    Card& last() {
        if (cards_.empty()) throw ReplyError("contact: must come before what belongs to it");
        return cards_.back();
    }
    static void append(std::string& list, const std::string& members) {
        if (!list.empty()) list += ',';
        list += '{' + members + '}';
    }

    std::vector<Card> cards_;
};

}  // namespace parley

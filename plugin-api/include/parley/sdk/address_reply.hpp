// A reply that asks for a postal address with WhatsApp's own form. WhatsApp offers it to users in India only.
#pragma once

#include <string>
#include <utility>

#include <parley/sdk/reply_parts.hpp>

namespace parley {

// turn.reply(parley::AddressReply("Where shall we deliver?").value("name", "Asha").error("in_pin_code", "Not served"))
// The answer comes as an interactive message of type nfm_reply; its response_json has the values.
class AddressReply {
  public:
    // `country`: ISO 3166-1 alpha-2.
    explicit AddressReply(std::string body, std::string country = "IN")
        : parts_(std::move(body), 1024), country_(std::move(country)) {
        detail::check_text("country", country_, 2);
    }
    // What a field of the form begins with: name, phone_number, in_pin_code, house_number, address, city, state …
    AddressReply& value(std::string_view field, std::string_view text) {
        detail::append_member(values_, field, text);
        return *this;
    }
    // An address the user may choose instead of typing; `value_json`: a JSON object of fields.
    AddressReply& saved(std::string_view id, std::string_view value_json) {
        std::string member;
        detail::append_member(member, "id", id);
        saved_ += (saved_.empty() ? "{" : ",{") + member + R"(,"value":)" + std::string(value_json) + '}';
        return *this;
    }
    // Shown at a field that the user has filled in wrongly before.
    AddressReply& error(std::string_view field, std::string_view text) {
        detail::append_member(errors_, field, text);
        return *this;
    }
    AddressReply& header(std::string text) { return parts_.set_header(std::move(text)), *this; }
    AddressReply& footer(std::string text) { return parts_.set_footer(std::move(text)), *this; }
    AddressReply& quote(std::string wamid) { return parts_.set_quoted(std::move(wamid)), *this; }

    std::string json() const {
        std::string parameters;
        detail::append_member(parameters, "country", country_);
        if (!values_.empty()) parameters += R"(,"values":{)" + values_ + '}';
        if (!saved_.empty()) parameters += R"(,"saved_addresses":[)" + saved_ + ']';
        if (!errors_.empty()) parameters += R"(,"validation_errors":{)" + errors_ + '}';
        return parts_.json("address_message",
                           R"("name":"address_message","parameters":{)" + parameters + '}');
    }

  private:
    detail::InteractiveParts parts_;
    std::string country_, values_, saved_, errors_;
};

}  // namespace parley

#include "whatsapp/graph_phone_setup.hpp"

#include <charconv>

#include "whatsapp/graph_number_facts.hpp"
#include "whatsapp/setup_advice.hpp"
#include "whatsapp/setup_checks.hpp"

namespace parley {
namespace {

constexpr unsigned most_pages = 200;  // 2000 numbers are Meta's most, 100 are on a page

SetupResult<void> read_nothing(const GraphJson&) {
    return {};
}

SetupResult<PhoneNumberId> read_id(const GraphJson& answer) {
    std::string id = text_of(answer, "id");
    if (is_path_safe(id)) return PhoneNumberId(std::move(id));
    return refuse_setup(Errc::unavailable, "Meta's answer has no phone_number_id",
                        "look for the number in the WhatsApp Business Account before adding it again");
}

SetupResult<NumberFacts> read_number_result(const GraphJson& answer) {
    NumberFacts facts = read_number_facts(answer);
    if (!facts.id.empty()) return facts;
    return refuse_setup(Errc::unavailable, "Meta's answer describes no number", "try again in a while");
}
SetupResult<BusinessProfile> read_profile_result(const GraphJson& answer) {
    return read_business_profile(answer);
}
SetupResult<std::vector<AppSubscription>> read_subscriptions_result(const GraphJson& answer) {
    return read_subscriptions(answer);
}
SetupResult<TokenFacts> read_token_result(const GraphJson& answer) {
    return read_token_facts(answer);
}

// Versions before 24 know the portfolio's limit by another name, and refuse names that they do not know.
const char* limit_field(std::string_view version) {
    int major = 0;
    if (version.starts_with('v')) std::from_chars(version.data() + 1, version.data() + version.size(), major);
    return major > 0 && major < 24 ? "messaging_limit_tier" : "whatsapp_business_manager_messaging_limit";
}

std::string to_text(const GraphJson& body) {
    return body.dump(-1, ' ', false, GraphJson::error_handler_t::replace);
}

template <class... Refusals>
SetupRefusal first_of(Refusals&&... refusals) {
    SetupRefusal first;
    ((first ? void() : void(first = std::forward<Refusals>(refusals))), ...);
    return first;
}

}  // namespace

GraphPhoneSetup::GraphPhoneSetup(GraphOptions options, HttpClient& http)
    : caller_(std::move(options)), http_(http) {}

template <class T>
void GraphPhoneSetup::ask(HttpCall call, std::vector<Secret> secrets, SetupDone<T> done,
                          SetupResult<T> (*read)(const GraphJson&)) {
    http_.start(std::move(call),
                [secrets = std::move(secrets), done = std::move(done), read](HttpOutcome outcome) mutable {
                    if (auto failure = find_setup_failure(outcome, secrets)) return done(std::move(*failure));
                    done(read(parse_answer(outcome.reply->body)));
                });
}

void GraphPhoneSetup::post(const std::string& path, const GraphJson& body, std::vector<Secret> secrets,
                           SetupDone<> done) {
    HttpCall call = body.empty() ? caller_.make("POST", path, secrets.front())
                                 : caller_.make_json("POST", path, secrets.front(), to_text(body));
    ask<void>(std::move(call), std::move(secrets), std::move(done), read_nothing);
}

std::string GraphPhoneSetup::number_fields() const {
    return std::string(
               "id,display_phone_number,verified_name,name_status,code_verification_status,quality_rating,"
               "status,"
               "platform_type,throughput,account_mode,is_pin_enabled,") +
           limit_field(caller_.options().api_version);
}

void GraphPhoneSetup::add_number(const std::string& waba_id, NewNumber number, const Secret& token,
                                 SetupDone<PhoneNumberId> done) {
    if (auto refused = first_of(check_token(token), check_waba(waba_id), prepare_number(number)))
        return done(std::move(*refused));
    const GraphJson body{{"cc", number.country_code},
                         {"phone_number", number.number},
                         {"verified_name", number.verified_name}};
    ask<PhoneNumberId>(caller_.make_json("POST", waba_id + "/phone_numbers", token, to_text(body)), {token},
                       std::move(done), read_id);
}

struct GraphPhoneSetup::Search {
    std::string waba_id;
    std::string digits;
    Secret token;
    SetupDone<std::optional<NumberFacts>> done;
    unsigned pages = 0;
};

void GraphPhoneSetup::find_number(const std::string& waba_id, const std::string& phone_number,
                                  const Secret& token, SetupDone<std::optional<NumberFacts>> done) {
    if (auto refused = first_of(check_token(token), check_waba(waba_id))) return done(std::move(*refused));
    auto search = std::make_shared<Search>();
    search->waba_id = waba_id;
    search->digits = digits_in(phone_number);
    search->token = token;
    search->done = std::move(done);
    if (search->digits.empty())
        return search->done(refuse_setup(Errc::invalid_input, "the phone number is missing or wrong",
                                         "give it with its country code, as +91 98000 00100"));
    search_page(std::move(search), "");
}

void GraphPhoneSetup::search_page(std::shared_ptr<Search> search, const std::string& after) {
    std::string path = search->waba_id + "/phone_numbers?fields=" + number_fields() + "&limit=100";
    if (!after.empty()) path += "&after=" + percent_encode(after);
    HttpCall call = caller_.make("GET", path, search->token);
    http_.start(std::move(call), [this, search = std::move(search)](HttpOutcome outcome) mutable {
        if (auto failure = find_setup_failure(outcome, {search->token}))
            return search->done(std::move(*failure));
        const GraphJson root = parse_answer(outcome.reply->body);
        if (const GraphJson& data = member_of(root, "data"); data.is_array()) {
            for (const GraphJson& item : data) {
                if (digits_in(text_of(item, "display_phone_number")) != search->digits) continue;
                return search->done(std::optional(read_number_facts(item)));
            }
        }
        const std::string next = next_cursor(root);
        if (next.empty() || ++search->pages >= most_pages) return search->done(std::optional<NumberFacts>{});
        search_page(std::move(search), next);
    });
}

void GraphPhoneSetup::request_code(const PhoneNumberId& number, CodeMethod method,
                                   const std::string& language, const Secret& token, SetupDone<> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number), check_language(language)))
        return done(std::move(*refused));
    post(number.str() + "/request_code",
         {{"code_method", method == CodeMethod::sms ? "SMS" : "VOICE"}, {"language", language}}, {token},
         std::move(done));
}

// The code and the PINs go into the body: proxies log URLs.
void GraphPhoneSetup::verify_code(const PhoneNumberId& number, const Secret& code, const Secret& token,
                                  SetupDone<> done) {
    Secret digits = code;
    if (auto refused = first_of(check_token(token), check_number_id(number), prepare_code(digits)))
        return done(std::move(*refused));
    post(number.str() + "/verify_code", {{"code", digits.reveal()}}, {token, digits}, std::move(done));
}

void GraphPhoneSetup::register_number(const PhoneNumberId& number, const Secret& pin,
                                      const std::string& region, const Secret& token, SetupDone<> done) {
    if (auto refused =
            first_of(check_token(token), check_number_id(number), check_pin(pin), check_region(region)))
        return done(std::move(*refused));
    GraphJson body{{"messaging_product", "whatsapp"}, {"pin", pin.reveal()}};
    if (!region.empty()) body["data_localization_region"] = region;
    post(number.str() + "/register", body, {token, pin}, std::move(done));
}

void GraphPhoneSetup::deregister_number(const PhoneNumberId& number, const Secret& token, SetupDone<> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number)))
        return done(std::move(*refused));
    post(number.str() + "/deregister", {}, {token}, std::move(done));
}

void GraphPhoneSetup::set_pin(const PhoneNumberId& number, const Secret& pin, const Secret& token,
                              SetupDone<> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number), check_pin(pin)))
        return done(std::move(*refused));
    post(number.str(), {{"pin", pin.reveal()}}, {token, pin}, std::move(done));
}

void GraphPhoneSetup::read_number(const PhoneNumberId& number, const Secret& token,
                                  SetupDone<NumberFacts> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number)))
        return done(std::move(*refused));
    const std::string path = number.str() + "?fields=" + number_fields() + ",health_status";
    ask<NumberFacts>(caller_.make("GET", path, token), {token}, std::move(done), read_number_result);
}

void GraphPhoneSetup::read_profile(const PhoneNumberId& number, const Secret& token,
                                   SetupDone<BusinessProfile> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number)))
        return done(std::move(*refused));
    const std::string path = number.str() +
                             "/whatsapp_business_profile?fields=about,address,description,email,profile_"
                             "picture_url,websites,vertical";
    ask<BusinessProfile>(caller_.make("GET", path, token), {token}, std::move(done), read_profile_result);
}

void GraphPhoneSetup::write_profile(const PhoneNumberId& number, BusinessProfile profile, const Secret& token,
                                    SetupDone<> done) {
    if (auto refused = first_of(check_token(token), check_number_id(number), prepare_profile(profile)))
        return done(std::move(*refused));
    post(number.str() + "/whatsapp_business_profile", to_profile_body(profile), {token}, std::move(done));
}

void GraphPhoneSetup::subscribe(const std::string& waba_id, std::optional<WebhookOverride> override_with,
                                const Secret& token, SetupDone<> done) {
    const bool is_local = caller_.options().graph_url.starts_with("http://");
    if (auto refused = first_of(check_token(token), check_waba(waba_id),
                                override_with ? check_override(*override_with, is_local) : SetupRefusal{}))
        return done(std::move(*refused));
    std::vector<Secret> secrets{token};
    GraphJson body;
    if (override_with) {
        body["override_callback_uri"] = override_with->url;
        body["verify_token"] = override_with->verify_token.reveal();
        secrets.push_back(override_with->verify_token);
    }
    post(waba_id + "/subscribed_apps", body, std::move(secrets), std::move(done));
}

void GraphPhoneSetup::list_subscriptions(const std::string& waba_id, const Secret& token,
                                         SetupDone<std::vector<AppSubscription>> done) {
    if (auto refused = first_of(check_token(token), check_waba(waba_id))) return done(std::move(*refused));
    ask<std::vector<AppSubscription>>(caller_.make("GET", waba_id + "/subscribed_apps", token), {token},
                                      std::move(done), read_subscriptions_result);
}

void GraphPhoneSetup::unsubscribe(const std::string& waba_id, const Secret& token, SetupDone<> done) {
    if (auto refused = first_of(check_token(token), check_waba(waba_id))) return done(std::move(*refused));
    ask<void>(caller_.make("DELETE", waba_id + "/subscribed_apps", token), {token}, std::move(done),
              read_nothing);
}

void GraphPhoneSetup::inspect_token(const Secret& inspected, const Secret& token,
                                    SetupDone<TokenFacts> done) {
    if (auto refused = first_of(check_token(token), check_token(inspected))) return done(std::move(*refused));
    const std::string path = "debug_token?input_token=" + percent_encode(inspected.reveal());
    ask<TokenFacts>(caller_.make("GET", path, token), {token, inspected}, std::move(done), read_token_result);
}

}  // namespace parley

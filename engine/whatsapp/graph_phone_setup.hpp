// Meta's side of an account's life at the Graph API.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/phone_setup.hpp"
#include "whatsapp/graph_answer.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {

// Any thread. `done` runs on the HTTP client's thread, or before the function returns when nothing could be called. The
// client must not call back after this object is gone: shut it down first.
class GraphPhoneSetup final : public PhoneSetup {
  public:
    GraphPhoneSetup(GraphOptions options, HttpClient& http);

    void add_number(const std::string& waba_id, NewNumber number, const Secret& token,
                    SetupDone<PhoneNumberId> done) override;
    void find_number(const std::string& waba_id, const std::string& phone_number, const Secret& token,
                     SetupDone<std::optional<NumberFacts>> done) override;
    void request_code(const PhoneNumberId& number, CodeMethod method, const std::string& language,
                      const Secret& token, SetupDone<> done) override;
    void verify_code(const PhoneNumberId& number, const Secret& code, const Secret& token,
                     SetupDone<> done) override;
    void register_number(const PhoneNumberId& number, const Secret& pin, const std::string& region,
                         const Secret& token, SetupDone<> done) override;
    void deregister_number(const PhoneNumberId& number, const Secret& token, SetupDone<> done) override;
    void set_pin(const PhoneNumberId& number, const Secret& pin, const Secret& token,
                 SetupDone<> done) override;
    void read_number(const PhoneNumberId& number, const Secret& token, SetupDone<NumberFacts> done) override;
    void read_profile(const PhoneNumberId& number, const Secret& token,
                      SetupDone<BusinessProfile> done) override;
    void write_profile(const PhoneNumberId& number, BusinessProfile profile, const Secret& token,
                       SetupDone<> done) override;
    void subscribe(const std::string& waba_id, std::optional<WebhookOverride> override_with,
                   const Secret& token, SetupDone<> done) override;
    void list_subscriptions(const std::string& waba_id, const Secret& token,
                            SetupDone<std::vector<AppSubscription>> done) override;
    void unsubscribe(const std::string& waba_id, const Secret& token, SetupDone<> done) override;
    void inspect_token(const Secret& inspected, const Secret& token, SetupDone<TokenFacts> done) override;

  private:
    struct Search;

    // `read` makes the result of an answer without an error. The secrets are kept out of the failure's texts.
    template <class T>
    void ask(HttpCall call, std::vector<Secret> secrets, SetupDone<T> done,
             SetupResult<T> (*read)(const GraphJson&));
    // The token is the first of the secrets; an empty body is none.
    void post(const std::string& path, const GraphJson& body, std::vector<Secret> secrets, SetupDone<> done);
    void search_page(std::shared_ptr<Search> search, const std::string& after);
    std::string number_fields() const;

    GraphCaller caller_;
    HttpClient& http_;
};

}  // namespace parley

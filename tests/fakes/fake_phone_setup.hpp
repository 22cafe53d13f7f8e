// A Meta that knows one number: it notes each step, answers what the test says, and fails a step once when told.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/phone_setup.hpp"

namespace parley {

// Any thread. Completions run before the function returns.
class FakePhoneSetup final : public PhoneSetup {
  public:
    // What the steps answer. Set before they are called.
    PhoneNumberId added{"300000000000009"};
    std::optional<NumberFacts> found;
    NumberFacts facts;
    BusinessProfile profile;
    std::vector<AppSubscription> subscriptions;
    TokenFacts token_facts;

    // The next call of the function with this name fails.
    void fail_next(const std::string& function, SetupFailure failure) {
        const std::lock_guard lock(mutex_);
        failures_.insert_or_assign(function, std::move(failure));
    }

    // "register_number 300000000000009 123456 IN": the name, then what was given, secrets in clear, without the token.
    std::vector<std::string> steps() const {
        const std::lock_guard lock(mutex_);
        return steps_;
    }
    std::string last_token() const {
        const std::lock_guard lock(mutex_);
        return last_token_;
    }

    void add_number(const std::string& waba_id, NewNumber number, const Secret& token,
                    SetupDone<PhoneNumberId> done) override {
        take("add_number",
             waba_id + ' ' + number.country_code + ' ' + number.number + ' ' + number.verified_name, token,
             std::move(done), added);
    }
    void find_number(const std::string& waba_id, const std::string& phone_number, const Secret& token,
                     SetupDone<std::optional<NumberFacts>> done) override {
        take("find_number", waba_id + ' ' + phone_number, token, std::move(done), found);
    }
    void request_code(const PhoneNumberId& number, CodeMethod method, const std::string& language,
                      const Secret& token, SetupDone<> done) override {
        take("request_code", number.str() + (method == CodeMethod::sms ? " sms " : " voice ") + language,
             token, std::move(done));
    }
    void verify_code(const PhoneNumberId& number, const Secret& code, const Secret& token,
                     SetupDone<> done) override {
        take("verify_code", number.str() + ' ' + std::string(code.reveal()), token, std::move(done));
    }
    void register_number(const PhoneNumberId& number, const Secret& pin, const std::string& region,
                         const Secret& token, SetupDone<> done) override {
        take("register_number", number.str() + ' ' + std::string(pin.reveal()) + ' ' + region, token,
             std::move(done));
    }
    void deregister_number(const PhoneNumberId& number, const Secret& token, SetupDone<> done) override {
        take("deregister_number", number.str(), token, std::move(done));
    }
    void set_pin(const PhoneNumberId& number, const Secret& pin, const Secret& token,
                 SetupDone<> done) override {
        take("set_pin", number.str() + ' ' + std::string(pin.reveal()), token, std::move(done));
    }
    void read_number(const PhoneNumberId& number, const Secret& token, SetupDone<NumberFacts> done) override {
        take("read_number", number.str(), token, std::move(done), facts);
    }
    void read_profile(const PhoneNumberId& number, const Secret& token,
                      SetupDone<BusinessProfile> done) override {
        take("read_profile", number.str(), token, std::move(done), profile);
    }
    void write_profile(const PhoneNumberId& number, BusinessProfile changes, const Secret& token,
                       SetupDone<> done) override {
        take("write_profile", number.str() + ' ' + changes.vertical.value_or("-"), token, std::move(done));
    }
    void subscribe(const std::string& waba_id, std::optional<WebhookOverride> override_with,
                   const Secret& token, SetupDone<> done) override {
        take("subscribe", waba_id + ' ' + (override_with ? override_with->url : ""), token, std::move(done));
    }
    void list_subscriptions(const std::string& waba_id, const Secret& token,
                            SetupDone<std::vector<AppSubscription>> done) override {
        take("list_subscriptions", waba_id, token, std::move(done), subscriptions);
    }
    void unsubscribe(const std::string& waba_id, const Secret& token, SetupDone<> done) override {
        take("unsubscribe", waba_id, token, std::move(done));
    }
    void inspect_token(const Secret& inspected, const Secret& token, SetupDone<TokenFacts> done) override {
        take("inspect_token", std::string(inspected.reveal()), token, std::move(done), token_facts);
    }

  private:
    std::optional<SetupFailure> note(const std::string& function, const std::string& given,
                                     const Secret& token) {
        const std::lock_guard lock(mutex_);
        steps_.push_back(function + ' ' + given);
        last_token_ = token.reveal();
        const auto failure = failures_.find(function);
        if (failure == failures_.end()) return std::nullopt;
        SetupFailure taken = std::move(failure->second);
        failures_.erase(failure);
        return taken;
    }
    template <class T>
    void take(const std::string& function, const std::string& given, const Secret& token, SetupDone<T> done,
              const T& answer) {
        if (auto failure = note(function, given, token)) return done(std::move(*failure));
        done(SetupResult<T>(answer));
    }
    void take(const std::string& function, const std::string& given, const Secret& token, SetupDone<> done) {
        if (auto failure = note(function, given, token)) return done(std::move(*failure));
        done(SetupResult<void>{});
    }

    mutable std::mutex mutex_;
    std::vector<std::string> steps_;
    std::map<std::string, SetupFailure> failures_;
    std::string last_token_;
};

}  // namespace parley

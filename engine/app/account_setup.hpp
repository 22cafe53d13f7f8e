// AccountSetup: Meta's part in an account: its number is added, verified, registered, described, and its webhooks come
// here. Each step can be made again; Meta's limits are kept before it is called.
//
// Threads   Any, those of one account one after another: every call blocks until Meta has answered.
#pragma once

#include "app/account_book.hpp"
#include "core/setup_limits.hpp"

namespace parley {

class AccountSetup {
  public:
    // All outlive this.
    AccountSetup(AccountBook& book, PhoneSetup& meta, const Clock& clock, Random& random)
        : book_(book), meta_(meta), clock_(clock), random_(random) {}

    // Gives the account the phone_number_id of its number, which is added to its WABA when it is not there yet.
    AccountResult<StoredAccount> find_or_add(StoredAccount row, const NewAccount& order,
                                             const Config& config);

    // Subscribes its WABA, writes its profile, and asks for a code, or registers a number that is verified. Without a
    // waba_id nothing is asked of Meta, and the account is active. What fails and may work later is its problem.
    AccountResult<StoredAccount> bring_up(StoredAccount row, const NewAccount& order, const Config& config);

    AccountResult<StoredAccount> request_code(StoredAccount row, CodeMethod method,
                                              const std::string& language, const Config& config);
    // Verifies, then registers with its PIN; one is made up when none was given.
    AccountResult<StoredAccount> verify(StoredAccount row, const Secret& code, const Config& config);

    // Its own, or the one of all accounts.
    AccountResult<Secret> token_of(const StoredAccount& row, const Config& config) const;

    std::string deregister(const DeploymentId& id, const Config& config);  // why not; empty: it is
    // What of the profile is set; nothing is asked of Meta when that is nothing.
    std::optional<AccountFailure> write_profile(const StoredAccount& row, const BusinessProfile& profile,
                                                const Secret& token);
    AccountResult<NumberFacts> facts(const PhoneNumberId& number, const Secret& token);

  private:
    using Take = std::optional<SetupFailure> (SetupLimits::*)();
    template <class Call>
    std::optional<AccountFailure> limited(const PhoneNumberId& number, Take take, Call call);
    std::optional<AccountFailure> subscribe(const StoredAccount& row, const Secret& token,
                                            const Config& config);
    AccountResult<StoredAccount> register_number(StoredAccount row, const Secret& token);

    AccountBook& book_;
    PhoneSetup& meta_;
    const Clock& clock_;
    Random& random_;
};

}  // namespace parley

// Port: the accounts that were created by the API, and what has to be remembered of their numbers across restarts.
//
// Promise   What a call has reported as done survives a crash.
// Threads   Any but the spine's: every call blocks.
// Errors    unavailable: the disk or the service refuses now, and nothing was changed; corrupt: a row cannot be read.
// Secrets   The store never sees one: they come sealed and stay so. See base/crypto/sealing.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/ids.hpp"
#include "core/setup_limits.hpp"

namespace parley {

// Stored; never renumber.
enum class AccountState : std::uint8_t {
    pending_verification = 0,  // its number is not verified yet
    code_sent = 1,             // WhatsApp has sent a code to it
    active = 2,
    paused = 3,   // by hand: what arrives is kept
    deleted = 4,  // what is left of it is being finished
};
const char* to_string(AccountState state) noexcept;

struct StoredAccount {
    DeploymentId id;
    AccountState state = AccountState::active;
    PhoneNumberId channel;  // empty: WhatsApp has not given one yet
    std::string waba_id;
    std::string agent;                                       // by id
    std::string details_json = "{}";                         // what else is shown of it
    std::map<std::string, std::string, std::less<>> sealed;  // field -> envelope
    WallTime created_at{}, changed_at{};
    std::uint64_t version = 0;  // counts its changes; 0: it is not stored
};

class AccountStore {
  public:
    virtual ~AccountStore() = default;

    virtual Result<std::vector<StoredAccount>> accounts() = 0;  // all of them, by their ids

    // Stores it and gives it back with its new version. conflict: it was changed since `version`, or exists already
    // (version 0), or another one has its number; the message says which.
    virtual Result<StoredAccount> put_account(StoredAccount account) = 0;

    virtual Result<> remove_account(const DeploymentId& id) = 0;  // done when there is none

    // The calls that Meta counts for a number, also those of accounts that are gone.
    virtual Result<SetupHistory> setup_history(const PhoneNumberId& number) = 0;
    virtual Result<> put_setup_history(const PhoneNumberId& number, const SetupHistory& history) = 0;
};

}  // namespace parley

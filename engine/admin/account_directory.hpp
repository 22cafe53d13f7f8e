// What the API does with accounts; the wiring supplies it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/account_store.hpp"
#include "core/phone_setup.hpp"

namespace parley {

struct FieldMistake {
    std::string field;    // business_profile.industry
    std::string message;  // what is wrong, and what to write instead
};

struct AccountFailure {
    AccountFailure() = default;
    AccountFailure(Errc code, std::string text) : kind(code), message(std::move(text)) {}
    AccountFailure(const Error& error)
        : kind(error.code()), message(error.message()) {}  // NOLINT(*-explicit-*)

    Errc kind = Errc::fault;
    std::string message;
    std::string remedy;                // what to do next; may be empty
    std::vector<FieldMistake> fields;  // of the body
    std::int32_t graph_code = 0;       // 0: not Meta's word
    Millis wait{0};                    // before it is worth another try
    bool is_outdated = false;          // it was changed since the caller looked at it
};

template <class T>
using AccountResult = boost::system::result<T, AccountFailure>;

// What AccountResult::value() throws when there is none; reaching it is a mistake of the caller.
[[noreturn]] void throw_exception_from_error(const AccountFailure& failure,
                                             const boost::source_location& where);

// The body of create-account, right in its form.
struct NewAccount {
    DeploymentId id;
    std::string phone_number;  // digits with country code; may be empty
    PhoneNumberId channel;     // may be empty: the number is added, then
    std::string waba_id;
    Secret access_token, app_secret, pin;
    std::string agent;  // by id
    std::string config_json = "{}";
    std::string verified_name;
    BusinessProfile profile;
    std::string details_json = "{}";  // what is shown as it was given
    std::string request_json;         // all of it, in an order of its own: the same request has the same text
};

struct AccountView {
    DeploymentId id;
    bool is_from_file = false;  // shown, not changed by the API
    AccountState state = AccountState::active;
    PhoneNumberId channel;
    std::string waba_id, agent;
    std::string details_json = "{}";
    std::string problem;  // why it does not answer, or what of its set-up has failed; empty: nothing
    std::optional<WallTime> created_at, changed_at;
    std::uint64_t version = 0;  // counts its changes; 0: of the file
};

struct RemovedAccount {
    DeploymentId id;
    std::size_t dead_lettered = 0;  // messages, in and out, that did not end in time
    std::string not_deregistered;   // why; empty: it is, or nobody asked
};

// Threads   Any but the spine's: all but remove() block. Calls that change one account, or ask Meta about it, come one
//           after another; those of different accounts may run side by side.
class AccountDirectory {
  public:
    virtual ~AccountDirectory() = default;

    struct Created {
        AccountView account;
        bool is_new = true;  // false: the same request came before
    };
    virtual AccountResult<Created> create(NewAccount order) = 0;

    virtual AccountResult<std::vector<AccountView>> all() = 0;  // by their ids
    virtual AccountResult<AccountView> find(const DeploymentId& id) = 0;

    // `patch` is a JSON merge patch (RFC 7396) of what create-account takes. Nothing changes when Meta or the agent refuses.
    // `if_match`, unless empty, is the caller's If-Match.
    virtual AccountResult<AccountView> change(const DeploymentId& id, const std::string& patch,
                                              const std::string& if_match) = 0;

    virtual AccountResult<AccountView> request_code(const DeploymentId& id, CodeMethod method,
                                                    const std::string& language) = 0;
    virtual AccountResult<AccountView> verify(const DeploymentId& id, const Secret& code) = 0;
    virtual AccountResult<AccountView> pause(const DeploymentId& id, bool is_paused) = 0;

    // Stops routing at once. `done` runs when what was begun has ended, or is a dead letter.
    virtual void remove(const DeploymentId& id, bool deregister,
                        Completion<AccountResult<RemovedAccount>> done) = 0;

    // What Meta tells of its number now.
    virtual AccountResult<NumberFacts> ask_meta(const DeploymentId& id) = 0;
};

}  // namespace parley

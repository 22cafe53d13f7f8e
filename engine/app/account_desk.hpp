// AccountDesk: what the API asks for, done: the row is written, the engine reloads its accounts, and what does not work
// is taken back. The file's deployments are shown with them.
//
// Threads   See AccountDirectory.
#pragma once

#include <functional>

#include "admin/reload_report.hpp"
#include "app/account_book.hpp"
#include "app/account_setup.hpp"

namespace parley {

class AccountDesk final : public AccountDirectory {
  public:
    struct Ports {
        AccountBook& book;
        AccountSetup& setup;
        // Lets what the account has begun end, then takes it away; see AccountRemoval::start.
        std::function<void(const DeploymentId&, const PhoneNumberId&, bool deregister,
                           Completion<AccountResult<RemovedAccount>>)>
            begin_removal;
        std::function<Config()> running;                          // the file's deployments and the accounts
        std::function<ReloadReport(const DeploymentId&)> reload;  // for a change of this account
        // What is wrong with the settings of an agent, before anything is stored.
        std::function<std::vector<FieldMistake>(const Config&, const NewAccount&)> check;
    };
    explicit AccountDesk(Ports ports) : ports_(std::move(ports)) {}

    AccountResult<Created> create(NewAccount order) override;
    AccountResult<std::vector<AccountView>> all() override;
    AccountResult<AccountView> find(const DeploymentId& id) override;
    AccountResult<AccountView> change(const DeploymentId& id, const std::string& patch,
                                      const std::string& if_match) override;
    AccountResult<AccountView> request_code(const DeploymentId& id, CodeMethod method,
                                            const std::string& language) override;
    AccountResult<AccountView> verify(const DeploymentId& id, const Secret& code) override;
    AccountResult<AccountView> pause(const DeploymentId& id, bool is_paused) override;
    void remove(const DeploymentId& id, bool deregister,
                Completion<AccountResult<RemovedAccount>> done) override;
    AccountResult<NumberFacts> ask_meta(const DeploymentId& id) override;

    // Goes on with those that were being deleted when the engine ended.
    void resume_removals();

  private:
    AccountResult<StoredAccount> own_row(const DeploymentId& id);  // conflict: the file has it
    AccountResult<Created> again(const StoredAccount& known, const NewAccount& order);
    std::vector<FieldMistake> find_missing(const Config& config, const NewAccount& order);
    AccountResult<StoredAccount> open_row(const NewAccount& order);
    void describe(StoredAccount& row, const NewAccount& order);
    std::optional<AccountFailure> check_token(const StoredAccount& row, const StoredAccount& next,
                                              const Config& config);
    AccountResult<AccountView> exchange(StoredAccount row, StoredAccount next, const BusinessProfile& profile,
                                        const Config& config);
    AccountResult<bool> apply(const DeploymentId& id);
    AccountFailure taken_back(const DeploymentId& id, AccountFailure why);
    AccountResult<Created> settle(StoredAccount row, const NewAccount& order, const Config& config,
                                  bool is_new);

    Ports ports_;
};

}  // namespace parley

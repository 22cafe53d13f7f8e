// FakeAccountDirectory: accounts as a test lists them; what would change one is noted and answers that account.
#pragma once

#include <algorithm>

#include "admin/account_directory.hpp"

namespace parley::fakes {

// Calls come one after another.
class FakeAccountDirectory final : public AccountDirectory {
  public:
    std::vector<AccountView> accounts;
    std::vector<std::string> asked;  // "pause acme"
    // Of the next call that would change one.
    std::optional<AccountFailure> refusal;

    AccountResult<Created> create(NewAccount order) override {
        asked.push_back("create " + order.id.str());
        if (refusal) return *refusal;
        AccountView view;
        view.id = order.id;
        accounts.push_back(view);
        return Created{view, true};
    }
    AccountResult<std::vector<AccountView>> all() override { return accounts; }
    AccountResult<AccountView> find(const DeploymentId& id) override {
        const auto found = std::find_if(accounts.begin(), accounts.end(),
                                        [&](const AccountView& one) { return one.id == id; });
        if (found == accounts.end())
            return AccountFailure(Errc::not_found, "there is no account " + id.str());
        return *found;
    }
    AccountResult<AccountView> change(const DeploymentId& id, const std::string& patch,
                                      const std::string& if_match) override {
        return note("change " + id.str() + ' ' + patch + ' ' + if_match, id);
    }
    AccountResult<AccountView> request_code(const DeploymentId& id, CodeMethod, const std::string&) override {
        return note("request_code " + id.str(), id);
    }
    AccountResult<AccountView> verify(const DeploymentId& id, const Secret&) override {
        return note("verify " + id.str(), id);
    }
    AccountResult<AccountView> pause(const DeploymentId& id, bool is_paused) override {
        return note((is_paused ? "pause " : "resume ") + id.str(), id);
    }
    void remove(const DeploymentId& id, bool, Completion<AccountResult<RemovedAccount>> done) override {
        asked.push_back("remove " + id.str());
        if (refusal) return done(*refusal);
        done(RemovedAccount{id, 0, {}});
    }
    AccountResult<NumberFacts> ask_meta(const DeploymentId&) override { return NumberFacts{}; }

  private:
    AccountResult<AccountView> note(std::string what, const DeploymentId& id) {
        asked.push_back(std::move(what));
        if (refusal) return *refusal;
        return find(id);
    }
};

}  // namespace parley::fakes

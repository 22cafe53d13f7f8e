// AccountRemoval: lets an account that is being deleted finish what it has begun, then takes it away.
#pragma once

#include <functional>
#include <list>
#include <mutex>

#include "admin/account_directory.hpp"
#include "base/keyed_workers.hpp"
#include "core/number_records.hpp"
#include "core/outbox_pump.hpp"

namespace parley {

// Threads   start(): any. step(): the timer thread; the work is done in its account's turn.
class AccountRemoval {
  public:
    struct Ports {
        MessageStore& store;
        NumberRecords& records;
        OutboxPump& pump;
        KeyedWorkers& turns;  // by account
        const Clock& clock;
        Wakeup& wakeup;
        // Why not; empty: it is deregistered at Meta. Blocks.
        std::function<std::string(const DeploymentId&)> deregister;
        std::function<Result<>(const DeploymentId&)> take_away;  // its row, and its agent. Blocks.
    };
    // What has not ended after `patience` becomes a dead letter.
    AccountRemoval(Millis patience, Ports ports) : patience_(patience), ports_(std::move(ports)) {}

    using Done = Completion<AccountResult<RemovedAccount>>;
    void start(const DeploymentId& id, const PhoneNumberId& channel, bool deregister, Done done);
    MonoTime step(MonoTime now);

  private:
    struct Leaving {
        DeploymentId id;
        PhoneNumberId channel;
        bool deregister = false;
        Done done;
        MonoTime until{};
    };
    void look(std::list<Leaving>::iterator one);
    AccountResult<RemovedAccount> finish(Leaving& one, const NumberBacklog& left);
    Result<> bury(const PhoneNumberId& channel, const NumberBacklog& left);

    const Millis patience_;
    Ports ports_;
    std::mutex mutex_;
    std::list<Leaving> leaving_;
    bool looking_ = false;
    MonoTime next_look_{};
};

}  // namespace parley

// The generator: keep-alive connections that knock at the engine's door.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "load/ledger.hpp"
#include "load/loop.hpp"
#include "load/webhooks.hpp"

namespace parley::bench {

struct DoorOptions {
    unsigned connections = 64;
    double rate = 0;  // messages a second by the clock, whether or not earlier ones were answered; 0: each
                      // connection sends again as soon as it was answered
};

class Door {
  public:
    Door(DoorOptions options, unsigned short port, Loop& loop, const Webhooks& webhooks, Ledger& ledger);
    ~Door();

    // Sends what is due; call it after every wait. Returns how long nothing more will be.
    Nanos send_due(Nanos at);

    // Nothing new from now on.
    void stop() { stopped_ = true, waiting_.clear(); }
    bool idle() const { return idle_.size() == connections_.size(); }

  private:
    class Connection;

    void start(Connection& connection, Nanos due);
    void answered(Connection& connection, int status);

    DoorOptions options_;
    unsigned short port_;
    Loop& loop_;
    const Webhooks& webhooks_;
    Ledger& ledger_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> idle_;
    std::deque<Nanos> waiting_;  // due, but no connection is idle
    Nanos next_due_{0};
    bool stopped_ = false;
};

}  // namespace parley::bench

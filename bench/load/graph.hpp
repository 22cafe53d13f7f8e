// The mock Graph API: takes every message and answers with an id, at once or after a delay.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "load/ledger.hpp"
#include "load/loop.hpp"

namespace parley::bench {

class Graph : public Watcher {
  public:
    // Listens on any free port of loopback. Every call of the API is answered `delay` after it came.
    Graph(Nanos delay, Loop& loop, Ledger& ledger);
    ~Graph() override;

    unsigned short port() const { return port_; }
    void ready() override;

    // Answers what is due; call it after every wait. Returns how long nothing more will be.
    Nanos answer_due(Nanos at);

  private:
    class Connection;
    struct Answer {
        Nanos due;
        std::uint64_t connection;
        std::string text;
    };

    Nanos delay_;
    Loop& loop_;
    Ledger& ledger_;
    int descriptor_ = -1;
    unsigned short port_ = 0;
    std::uint64_t next_connection_ = 1, next_id_ = 1;
    std::map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::deque<Answer> answers_;
    std::unique_ptr<Connection> gone_;  // ended in its own ready(); kept until that returns
};

}  // namespace parley::bench

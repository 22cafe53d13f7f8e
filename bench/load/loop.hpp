// One thread's epoll loop: the load must cost less than what it measures.
#pragma once

#include <chrono>

namespace parley::bench {

using Nanos = std::chrono::nanoseconds;

// Time since some fixed point; never goes back.
Nanos now();

class Watcher {
  public:
    virtual ~Watcher() = default;
    virtual void ready() = 0;  // the descriptor can be read, or its peer has gone
};

class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // Borrows both until remove().
    void add(int descriptor, Watcher& watcher);
    void remove(int descriptor);

    // Calls those who are ready, after at most `limit`.
    void wait(Nanos limit);

  private:
    int epoll_;
};

}  // namespace parley::bench

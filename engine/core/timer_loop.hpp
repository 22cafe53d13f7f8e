// One thread that runs the steps of the movers when they are due. Tests call the steps themselves.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"

namespace parley {

// Does what is due at `now` and returns when it wants to be called again (MonoTime::max(): only when woken).
using Step = std::function<MonoTime(MonoTime now)>;

// How a mover asks to be stepped earlier than it said last time.
class Wakeup {
  public:
    virtual ~Wakeup() = default;
    virtual void wake_at(MonoTime when) = 0;  // any thread; cheap when an earlier one is already planned
};

class TimerLoop final : public Wakeup {
  public:
    explicit TimerLoop(const Clock& clock) : clock_(clock) {}
    ~TimerLoop() override { stop(); }

    void add(Step step) { steps_.push_back(std::move(step)); }  // before start()
    void start();
    void stop();  // joins; no step runs afterwards
    void wake_at(MonoTime when) override;

  private:
    void run();

    const Clock& clock_;
    std::vector<Step> steps_;
    std::mutex mutex_;
    std::condition_variable changed_;
    MonoTime next_ = MonoTime::min();
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace parley

// KeptDelivery: gives a number that has a deployment at last what came for it before.
#pragma once

#include <deque>
#include <mutex>

#include "core/intake.hpp"
#include "core/number_records.hpp"

namespace parley {

// Threads   look_for(): any. step(): the timer thread; the work is done on a worker, a page at a time.
class KeptDelivery {
  public:
    struct Ports {
        NumberRecords& records;
        Intake& intake;
        ReadMessage read;
        WorkerPool& workers;
        const Clock& clock;
        Wakeup& wakeup;
    };
    // Messages older than `retention` are not answered.
    KeptDelivery(Millis retention, Ports ports) : retention_(retention), ports_(std::move(ports)) {}

    void look_for(PhoneNumberId channel, AppId app);
    MonoTime step(MonoTime now);

  private:
    void deliver_page();

    const Millis retention_;
    Ports ports_;
    std::mutex mutex_;
    std::deque<KeptCall> numbers_;
    bool working_ = false;
    MonoTime not_before_{};
};

}  // namespace parley

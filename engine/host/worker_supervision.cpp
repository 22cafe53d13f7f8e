#include "host/worker_supervision.hpp"

namespace parley {

Millis WorkerSupervision::crashed(MonoTime now, Random& random) {
    if (now - started_ >= options_.healthy_after) in_a_row_ = 0;
    ++in_a_row_;
    crashes_.push_back(now);
    while (now - crashes_.front() > options_.counted_for) crashes_.pop_front();
    if (breaker(now) == Breaker::closed && crashes_.size() < options_.most_crashes)
        return options_.pause.delay(in_a_row_, random);
    breaker_ = Breaker::open;
    open_until_ = now + options_.open_for;
    return options_.open_for;
}

}  // namespace parley

// The block accounts.firestore.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace parley {

struct FirestoreConfig {
    std::string project;
    std::string database = "(default)";
    std::string credentials;  // a file as written, or "metadata"
    std::string emulator;     // host:port, from FIRESTORE_EMULATOR_HOST; empty: Google's own
    bool webhook_logs = false;
    Millis webhook_logs_keep{30LL * 24 * 3600 * 1000};
};

}  // namespace parley

// What one write of a batch may tell the writer besides its answer.
#pragma once

#include "base/result.hpp"
#include "store/store_index.hpp"

namespace parley {

// What became of follow-ups.
struct FollowupNumbers {
    std::uint64_t scheduled = 0, fired = 0, written = 0, outside_window = 0, cancelled = 0;
};

struct Batch {
    IndexChanges changes;
    FollowupNumbers followups;
    bool undo = false;  // the write failed after it had changed rows: they must be rolled back before its
                        // answer counts

    // The answer of a write that had already changed rows.
    Error undone(Errc code, std::string message) {
        undo = true;
        return {code, std::move(message)};
    }
};

}  // namespace parley

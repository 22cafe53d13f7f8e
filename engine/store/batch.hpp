// What one write of a batch may tell the writer besides its answer.
#pragma once

#include "base/result.hpp"
#include "store/store_index.hpp"

namespace parley {

struct Batch {
    IndexChanges changes;
    bool undo = false;  // the write failed after it had changed rows: they must be rolled back before its
                        // answer counts

    // The answer of a write that had already changed rows.
    Error undone(Errc code, std::string message) {
        undo = true;
        return {code, std::move(message)};
    }
};

}  // namespace parley

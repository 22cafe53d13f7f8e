// SqliteStore: the messages, the agents' keys and the accounts in one SQLite file. How it works and what it costs: docs/storage.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "core/account_store.hpp"
#include "core/key_value_store.hpp"
#include "core/message_history.hpp"
#include "core/message_store.hpp"
#include "core/number_records.hpp"
#include "core/person_eraser.hpp"

namespace parley {

// A number that a deployment answers for, and the app whose signature counts for it.
struct ServedNumber {
    PhoneNumberId channel;
    AppId app;
};

struct SqliteOptions {
    std::string path;  // ":memory:" keeps everything in memory, for trials
    // Preallocated file for outcomes while the disk is full; empty: path + ".reserve".
    std::string reserve_path;
    Millis group_commit{2};  // least distance of commits while much is written; 0: none
    Millis lazy_wait{20};    // how long what nobody waits for may wait for others
    std::size_t max_queued_writes = 16'384;
    std::size_t max_queued_bytes = 64u << 20;
    int page_size = 4096;                     // of a new database
    std::int64_t checkpoint_bytes = 1 << 20;  // the log is copied in the background from here
    std::int64_t max_log_bytes = 64 << 20;    // and by the writer itself from here
    std::int64_t max_database_bytes = 0;      // refuses to grow beyond, as a full disk does; 0: no bound
    // Messages that came for these numbers while nobody had them wait for their turn now, unless they are older.
    std::vector<ServedNumber> serves;
    WallTime oldest_kept{};
    KeyValueLimits key_values = {};
    Metrics* metrics = nullptr;  // outlives the store; may be null
};

// All that the file holds, behind its ports.
class EngineStore : public MessageStore,
                    public KeyValueStore,
                    public AccountStore,
                    public NumberRecords,
                    public PersonEraser {
  public:
    virtual MessageHistory& history() = 0;  // lives as long as the store
};

// Opens or makes the database and brings its schema to the newest version. `clock` outlives the store; its
// mono() must move by itself, its wall() is not used.
//
// conflict: another engine has the file (the message says which), or a newer program wrote it. unavailable:
// the file cannot be opened. The destructor commits what is queued and runs its completions.
Result<std::unique_ptr<EngineStore>> open_sqlite_store(const SqliteOptions& options, const Clock& clock);

}  // namespace parley

// Records of turns for `parley replay`, as files of JSON lines: FOLDER/DEPLOYMENT/TIME.jsonl.
//
// Promise   add() never waits for the disk: a thread of its own redacts and writes. What it cannot keep up with, or
//           write, is dropped and counted; the turns themselves notice nothing. A line is whole or missing.
// Files     A new one begins with each start, each day, and beyond 64 MiB. Those that began longer ago than `keep` and
//           a day are deleted, and the oldest beyond `max_size`; on the way, at most once a minute, and at the end.
// Threads   It has a thread from the first plan on, or from the start when there are files to look after.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "store/record_line.hpp"

namespace parley {

struct RecordPlan {
    Millis keep{7LL * 24 * 3600 * 1000};
    std::size_t max_size = 1U << 30;   // bytes of a deployment's files
    std::vector<std::string> secrets;  // that no record may hold
};
using RecordPlans = std::map<DeploymentId, RecordPlan>;

struct RecordLogOptions {
    std::filesystem::path folder;
    std::size_t most_waiting = 4096;             // turns
    std::size_t most_waiting_bytes = 32U << 20;  // of their texts, roughly
    std::size_t file_size = 64U << 20;
};

// Thread-safe.
class RecordLog {
  public:
    RecordLog(RecordLogOptions options, RecordPlans plans, const Clock& clock, Metrics& metrics);
    ~RecordLog();  // writes what waits
    RecordLog(const RecordLog&) = delete;
    RecordLog& operator=(const RecordLog&) = delete;

    // For turns to come. Deployments that are not in it any more keep their files, and they are still pruned by age.
    void set_plans(RecordPlans plans);
    // Turns of deployments without a plan are ignored.
    void add(RecordedTurn recorded);
    // Takes these people's turns out of all files, those that were added before included; returns how many lines. Turns of
    // theirs that end later are not recorded either, until remember(). Blocks while its thread works through the files, one
    // between two batches of turns. unavailable: the disk; what was erased until then is.
    Result<std::uint64_t> erase(std::set<ConversationId> of);
    void remember(const std::set<ConversationId>& of);
    void flush();  // waits until all that was added before is written or dropped

  private:
    struct File;
    struct Erasure;
    struct Waiting {
        RecordedTurn recorded;
        std::size_t bytes = 0;
    };
    void start_thread();  // needs mutex_
    void run();
    void write(const RecordedTurn& recorded);
    bool open_file(const DeploymentId& deployment, File& file, WallTime now);
    void prune(WallTime now);
    void prune_folder(const std::filesystem::path& folder, const RecordPlan& plan, WallTime now);
    void lost(const std::string& why);
    void erase_some(std::unique_lock<std::mutex>& lock);
    std::vector<std::filesystem::path> files() const;

    const RecordLogOptions options_;
    const Clock& clock_;
    Counter &written_, &dropped_;
    std::mutex mutex_;
    std::condition_variable wake_, idle_;
    std::deque<Waiting> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t added_ = 0, taken_ = 0;
    std::deque<Erasure*> erasures_;
    std::set<ConversationId> erased_;
    RecordPlans plans_;
    bool is_writing_ = false;
    bool is_ending_ = false;
    // Of the writing thread:
    std::map<DeploymentId, std::unique_ptr<File>> files_;
    MonoTime next_prune_{};
    MonoTime next_complaint_{};
    std::thread thread_;
};

}  // namespace parley

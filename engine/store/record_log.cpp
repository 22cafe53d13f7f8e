#include "store/record_log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <future>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "store/record_eraser.hpp"

namespace parley {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours day{24};
constexpr std::chrono::minutes prune_every{1};
constexpr std::chrono::minutes complain_every{1};
constexpr std::size_t plain_turn = 1024;  // bytes, besides its texts
constexpr std::size_t most_batch = 64;

std::size_t size_of(const RecordedTurn& recorded) {
    std::size_t size = plain_turn + recorded.turn->event().canonical_json.size() +
                       recorded.turn->event().state.json.size() + recorded.result.state_json.size();
    for (const std::string& reply : recorded.result.replies) size += reply.size();
    return size;
}

// 20261121T233045.123Z: sorts as time does.
std::string file_name(WallTime now) {
    const std::int64_t ms = unix_ms(now);
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &parts);
    char rest[32];
    std::snprintf(rest, sizeof rest, ".%03dZ", static_cast<int>(ms % 1000));
    return std::string(text, size) + rest;
}

bool write_all(int fd, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t got = ::write(fd, text.data() + done, text.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

struct RecordLog::File {
    int fd = -1;
    fs::path path;
    std::size_t size = 0;
    WallTime began{};

    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { shut(); }
    void shut() {
        if (fd >= 0) ::close(fd);
        fd = -1;
    }
};

struct RecordLog::Erasure {
    std::set<ConversationId> of;
    std::uint64_t after = 0;  // so many turns are written first
    bool is_begun = false;
    std::vector<fs::path> left;
    std::uint64_t lines = 0;
    std::promise<Result<std::uint64_t>> done;
};

RecordLog::RecordLog(RecordLogOptions options, RecordPlans plans, const Clock& clock, Metrics& metrics)
    : options_(std::move(options)),
      clock_(clock),
      written_(
          metrics.counter("parley_records_total", "Turns of recorded deployments", {{"result", "written"}})),
      dropped_(
          metrics.counter("parley_records_total", "Turns of recorded deployments", {{"result", "dropped"}})),
      plans_(std::move(plans)) {
    std::error_code none;
    const std::lock_guard lock(mutex_);
    if (!plans_.empty() || fs::exists(options_.folder, none)) start_thread();
}

RecordLog::~RecordLog() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void RecordLog::start_thread() {
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void RecordLog::set_plans(RecordPlans plans) {
    const std::lock_guard lock(mutex_);
    plans_.swap(plans);
    if (!plans_.empty()) start_thread();
}

void RecordLog::add(RecordedTurn recorded) {
    const std::size_t bytes = size_of(recorded);
    {
        const std::lock_guard lock(mutex_);
        if (!plans_.contains(recorded.turn->event().deployment->id)) return;
        if (erased_.contains(recorded.turn->event().conversation)) return;
        if (waiting_.size() >= options_.most_waiting || waiting_bytes_ + bytes > options_.most_waiting_bytes)
            return dropped_.add();
        waiting_bytes_ += bytes;
        ++added_;
        waiting_.push_back({std::move(recorded), bytes});
        if (waiting_.size() > 1) return;
    }
    wake_.notify_all();
}

void RecordLog::flush() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return waiting_.empty() && !is_writing_; });
}

void RecordLog::run() {
    name_this_thread("recorder");
    prune(clock_.wall());
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait_for(lock, prune_every,
                       [this] { return is_ending_ || !waiting_.empty() || !erasures_.empty(); });
        if (waiting_.empty() && erasures_.empty() && is_ending_) break;
        std::vector<Waiting> batch;
        while (!waiting_.empty() && batch.size() < most_batch) {
            waiting_bytes_ -= waiting_.front().bytes;
            batch.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
            ++taken_;
        }
        is_writing_ = true;
        lock.unlock();
        for (const Waiting& one : batch) write(one.recorded);
        batch.clear();
        if (clock_.mono() >= next_prune_) prune(clock_.wall());
        lock.lock();
        erase_some(lock);
        is_writing_ = false;
        if (waiting_.empty()) idle_.notify_all();
    }
    lock.unlock();
    prune(clock_.wall());
}

Result<std::uint64_t> RecordLog::erase(std::set<ConversationId> of) {
    Erasure erasure;
    erasure.of = std::move(of);
    auto done = erasure.done.get_future();
    {
        const std::lock_guard lock(mutex_);
        erased_.insert(erasure.of.begin(), erasure.of.end());
        if (!thread_.joinable()) return std::uint64_t{0};
        erasure.after = added_;
        erasures_.push_back(&erasure);
    }
    wake_.notify_all();
    return done.get();
}

void RecordLog::remember(const std::set<ConversationId>& of) {
    const std::lock_guard lock(mutex_);
    for (const ConversationId id : of) erased_.erase(id);
}

std::vector<fs::path> RecordLog::files() const {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& folder : fs::directory_iterator(options_.folder, failed))
        for (const auto& file : fs::directory_iterator(folder.path(), failed))
            if (file.path().extension() == ".jsonl") files.push_back(file.path());
    return files;
}

// Of the first erasure one file, so that turns need not wait for all of them.
void RecordLog::erase_some(std::unique_lock<std::mutex>& lock) {
    if (erasures_.empty() || erasures_.front()->after > taken_) return;
    Erasure& erasure = *erasures_.front();
    lock.unlock();
    if (!std::exchange(erasure.is_begun, true)) erasure.left = files();
    Result<std::uint64_t> erased{0};
    if (!erasure.left.empty()) {
        const fs::path file = std::move(erasure.left.back());
        erasure.left.pop_back();
        erased = erase_records(file, erasure.of);
        for (auto& [deployment, open] : files_)
            if (erased && *erased > 0 && open->path == file) open->shut();
    }
    lock.lock();
    if (erased) erasure.lines += *erased;
    if (erased && !erasure.left.empty()) return;
    erasures_.pop_front();
    erasure.done.set_value(erased ? Result<std::uint64_t>(erasure.lines) : erased);
}

void RecordLog::write(const RecordedTurn& recorded) {
    const DeploymentId& deployment = recorded.turn->event().deployment->id;
    std::vector<std::string> secrets;
    {
        const std::lock_guard lock(mutex_);
        const auto plan = plans_.find(deployment);
        if (plan == plans_.end()) return;
        secrets = plan->second.secrets;
    }
    std::string line;
    try {
        line = to_record_line(recorded, secrets);
    } catch (const std::exception& problem) {
        return lost(problem.what());
    }
    auto& file = files_[deployment];
    if (!file) file = std::make_unique<File>();
    const WallTime now = clock_.wall();
    const bool is_full = file->size > 0 && file->size + line.size() > options_.file_size;
    if (file->fd < 0 || is_full || now - file->began >= day)
        if (!open_file(deployment, *file, now)) return;
    if (write_all(file->fd, line)) {
        file->size += line.size();
        return written_.add();
    }
    const std::string why = std::strerror(errno);
    if (::ftruncate(file->fd, static_cast<off_t>(file->size)) != 0) file->shut();
    lost(why);
}

bool RecordLog::open_file(const DeploymentId& deployment, File& file, WallTime now) {
    file.shut();
    const fs::path folder = options_.folder / deployment.str();
    std::error_code failed;
    fs::create_directories(folder, failed);
    std::string name = file_name(now);
    for (int n = 2; fs::exists(folder / (name + ".jsonl"), failed) && n < 1000; ++n)
        name = file_name(now) + "-" + std::to_string(n);
    const fs::path path = folder / (name + ".jsonl");
    file.fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    const std::string header = record_header(deployment, now);
    if (file.fd < 0 || !write_all(file.fd, header)) {
        lost(path.string() + ": " + std::strerror(errno));
        file.shut();
        return false;
    }
    file.path = path;
    file.size = header.size();
    file.began = now;
    return true;
}

void RecordLog::prune(WallTime now) {
    next_prune_ = clock_.mono() + prune_every;
    RecordPlans plans;
    {
        const std::lock_guard lock(mutex_);
        plans = plans_;
    }
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(options_.folder, failed)) {
        if (!entry.is_directory(failed)) continue;
        const auto plan = plans.find(DeploymentId(entry.path().filename().string()));
        prune_folder(entry.path(), plan == plans.end() ? RecordPlan{} : plan->second, now);
    }
}

void RecordLog::prune_folder(const fs::path& folder, const RecordPlan& plan, WallTime now) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
        if (is_half_erased(entry.path())) fs::remove(entry.path(), failed);
    }
    std::sort(files.rbegin(), files.rend());
    const std::string oldest = file_name(now - plan.keep - day);
    std::size_t total = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto size = fs::file_size(files[i], failed);
        if (!failed) total += size;
        const bool is_newest = i == 0;
        if (files[i].filename().string() < oldest || (total > plan.max_size && !is_newest))
            fs::remove(files[i], failed);
    }
}

void RecordLog::lost(const std::string& why) {
    dropped_.add();
    const MonoTime now = clock_.mono();
    if (now < next_complaint_) return;
    next_complaint_ = now + complain_every;
    log_warning("turns are not recorded", {{"reason", why}});
}

}  // namespace parley

// The client's thread: starts, drives and finishes transfers.
#include "net/curl_client.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/log.hpp"
#include "base/thread_name.hpp"
#include "net/curl_sockets.hpp"
#include "net/curl_transfer.hpp"

namespace parley {

namespace {

constexpr std::size_t kept_transfers = 1024;

struct Command {
    HttpCallId id = 0;
    std::optional<HttpCall> call;  // none: cancel
    Completion<HttpOutcome> done;
};

void initialize_curl_once() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be initialised");
}

}  // namespace

class CurlClient::Impl {
  public:
    explicit Impl(CurlOptions options) : options_(std::move(options)) {
        initialize_curl_once();
        multi_ = curl_multi_init();
        if (multi_ == nullptr) throw std::bad_alloc();
        const auto per_host = static_cast<long>(options_.max_connections_per_host);
        curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, per_host);
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, per_host + 64);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, &sockets_);
        curl_multi_setopt(
            multi_, CURLMOPT_SOCKETFUNCTION,
            +[](CURL*, curl_socket_t socket, int what, void* sockets, void*) {
                static_cast<CurlSockets*>(sockets)->want(socket, what);
                return 0;
            });
        curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
        curl_multi_setopt(
            multi_, CURLMOPT_TIMERFUNCTION, +[](CURLM*, long timeout_ms, void* self) {
                static_cast<Impl*>(self)->set_timer(timeout_ms);
                return 0;
            });
        thread_ = std::thread([this] {
            name_this_thread("http-out");
            run();
        });
    }

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        sockets_.wake();
        thread_.join();
        free_.clear();
        curl_multi_cleanup(multi_);
    }

    HttpCallId start(HttpCall call, Completion<HttpOutcome> done) {
        const std::lock_guard lock(mutex_);
        const auto id = ++last_id_;
        push({id, std::move(call), std::move(done)});
        return id;
    }

    void cancel(HttpCallId id) {
        const std::lock_guard lock(mutex_);
        push({id, std::nullopt, {}});
    }

  private:
    void push(Command command) {
        commands_.push_back(std::move(command));
        // A completion that starts the next call is on the way to take_commands() by itself.
        if (commands_.size() == 1 && std::this_thread::get_id() != thread_id_) sockets_.wake();
    }

    void run() {
        {
            const std::lock_guard lock(mutex_);
            thread_id_ = std::this_thread::get_id();
        }
        while (take_commands()) {
            begin_waiting();
            if (timer_ && clock_.mono() >= *timer_) act(CURL_SOCKET_TIMEOUT, 0);
            collect();
            for (const auto& event : sockets_.wait(has_commands() ? 0 : wait_time()))
                if (const int what = sockets_.to_curl(event); what != 0) act(event.data.fd, what);
            collect();
        }
        cancel_all();
    }

    bool has_commands() {
        const std::lock_guard lock(mutex_);
        return !commands_.empty();
    }

    bool take_commands() {
        taken_.clear();
        bool stopping = false;
        {
            const std::lock_guard lock(mutex_);
            taken_.swap(commands_);
            stopping = stopping_;
        }
        for (auto& command : taken_) {
            if (command.call) {
                waiting_.emplace(command.id, std::move(command));
            } else {
                cancel_now(command.id);
            }
        }
        return !stopping;
    }

    void begin_waiting() {
        while (!waiting_.empty() && active_.size() < options_.max_in_flight) {
            auto command = std::move(waiting_.extract(waiting_.begin()).mapped());
            begin(std::move(command));
        }
    }

    void begin(Command command) {
        auto transfer = take_transfer();
        auto prepared = transfer->prepare(command.id, std::move(*command.call), std::move(command.done));
        if (!prepared) {
            HttpOutcome outcome;
            outcome.failure = {HttpFailure::Kind::not_sent, false, prepared.error().message()};
            return complete(std::move(transfer), std::move(outcome));
        }
        const auto code = curl_multi_add_handle(multi_, transfer->handle());
        if (code != CURLM_OK) {
            HttpOutcome outcome;
            outcome.failure = {HttpFailure::Kind::not_sent, false, curl_multi_strerror(code)};
            return complete(std::move(transfer), std::move(outcome));
        }
        active_.emplace(command.id, std::move(transfer));
    }

    std::unique_ptr<CurlTransfer> take_transfer() {
        if (free_.empty()) return std::make_unique<CurlTransfer>(options_, sockets_);
        auto transfer = std::move(free_.back());
        free_.pop_back();
        return transfer;
    }

    void complete(std::unique_ptr<CurlTransfer> transfer, HttpOutcome outcome) {
        auto done = transfer->take_completion();
        if (free_.size() < kept_transfers) free_.push_back(std::move(transfer));
        deliver(done, std::move(outcome));
    }

    static void deliver(Completion<HttpOutcome>& done, HttpOutcome outcome) {
        try {
            if (done) done(std::move(outcome));
        } catch (const std::exception& e) {
            log_error("completion of an HTTP call failed", {{"reason", e.what()}});
        }
    }

    void collect() {
        int left = 0;
        while (const auto* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const auto code = message->data.result;  // the message dies with the handle's removal
            const auto id = CurlTransfer::of(message->easy_handle).id();
            auto transfer = remove(id);
            auto outcome = transfer->finish(code);
            complete(std::move(transfer), std::move(outcome));
        }
    }

    std::unique_ptr<CurlTransfer> remove(HttpCallId id) {
        auto transfer = std::move(active_.extract(id).mapped());
        curl_multi_remove_handle(multi_, transfer->handle());
        return transfer;
    }

    void cancel_now(HttpCallId id) {
        if (auto found = waiting_.extract(id)) {
            HttpOutcome outcome;
            outcome.failure = {HttpFailure::Kind::cancelled, false, "cancelled"};
            deliver(found.mapped().done, std::move(outcome));
        } else if (active_.contains(id)) {
            auto transfer = remove(id);
            auto outcome = transfer->finish_cancelled();
            complete(std::move(transfer), std::move(outcome));
        }
    }

    // Completions may start further calls; those are cancelled as well.
    void cancel_all() {
        do {
            while (!waiting_.empty()) cancel_now(waiting_.begin()->first);
            while (!active_.empty()) cancel_now(active_.begin()->first);
            take_commands();
        } while (!waiting_.empty());
    }

    void act(curl_socket_t socket, int what) {
        int running = 0;
        if (socket == CURL_SOCKET_TIMEOUT) timer_.reset();
        curl_multi_socket_action(multi_, socket, what, &running);
    }

    void set_timer(long timeout_ms) {
        timer_.reset();
        if (timeout_ms >= 0) timer_ = clock_.mono() + Millis(timeout_ms);
    }

    int wait_time() const {
        if (!timer_) return -1;
        const auto left = std::chrono::ceil<Millis>(*timer_ - clock_.mono()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
    }

    const CurlOptions options_;
    SystemClock clock_;
    CurlSockets sockets_;
    CURLM* multi_ = nullptr;
    std::optional<MonoTime> timer_;

    std::mutex mutex_;
    std::vector<Command> commands_;
    HttpCallId last_id_ = 0;
    bool stopping_ = false;
    std::thread::id thread_id_;

    std::vector<Command> taken_;
    std::map<HttpCallId, Command> waiting_;  // in the order of their start
    std::unordered_map<HttpCallId, std::unique_ptr<CurlTransfer>> active_;
    std::vector<std::unique_ptr<CurlTransfer>> free_;
    std::thread thread_;
};

CurlClient::CurlClient(CurlOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
CurlClient::~CurlClient() = default;
HttpCallId CurlClient::start(HttpCall call, Completion<HttpOutcome> done) {
    return impl_->start(std::move(call), std::move(done));
}
void CurlClient::cancel(HttpCallId id) {
    impl_->cancel(id);
}

}  // namespace parley

// An agent in a host that watches it: what it breaks is written down, and nothing it throws gets out.
//
// Threads   One; but callbacks may be told to run on threads of their own, one after another.
// Time      Virtual for the agent. How long a callback takes is measured in real time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <parley/testing/fake_host.hpp>

#include "kit/check.hpp"
#include "kit/isolated_plugin.hpp"
#include "kit/samples.hpp"

namespace parley::kit {

struct ProbeOptions {
    std::string config_json;            // empty: the subject's
    std::filesystem::path file;         // empty: the subject's
    std::optional<std::uint64_t> seed;  // none: the subject's
    bool on_new_threads = false;        // every callback on a new thread
    bool is_bare = false;               // the host has no extensions
    bool is_poor = false;               // there is no memory left while the agent's own code runs
    std::function<parley_status(std::string_view call)> refuse;
};

class Probe {
  public:
    // Loads the library; throws std::runtime_error when that fails. Of an isolated subject each function throws one that
    // says where, when its worker ends.
    Probe(const Subject& subject, Progress& progress, ProbeOptions options = {});
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    ~Probe();

    // create and start; `what` tells the Progress.
    testing::StartResult start();
    // Throws std::runtime_error with the agent's reason.
    void must_start();
    void stop();

    // One message; time passes until its turn is over, its deadline at the latest.
    const testing::TurnRecord& say(const testing::Message& message, const std::string& name);
    // One message, and no time passes.
    const testing::TurnRecord& begin(const testing::Message& message, const std::string& name);
    void say_all(const std::vector<Sample>& all);

    testing::FakeHost& host() { return host_; }

    struct BadReply {
        std::string sample;
        std::string what;
    };
    std::vector<std::string> exceptions() const;  // also out of callbacks in the worker
    const std::vector<BadReply>& bad_replies() const { return bad_replies_; }
    const std::vector<std::string>& bad_states() const { return bad_states_; }
    const std::vector<std::string>& unfinished() const { return unfinished_; }
    std::vector<std::string> overdue_followups()
        const;  // that were due, and whose turns the agent did not finish
    const std::vector<std::string>& failed() const {
        return failed_;
    }                                                       // usual messages it finished with an error
    std::vector<std::string> misuses() const;               // of handles
    std::vector<std::string> early_or_late() const;         // calls of the host before start or after destroy
    std::size_t calls() const { return calls_; }            // to the host that can fail
    std::size_t operations() const { return operations_; }  // accepted HTTP requests and timers
    std::chrono::microseconds slowest() const { return slowest_; }  // callback since reset_slowest()
    const std::string& slowest_callback() const { return slowest_callback_; }
    void reset_slowest() { slowest_ = {}; }

  private:
    testing::HostOptions host_options(const Subject& subject, const ProbeOptions& options);
    void around(std::string_view callback, const std::function<void()>& call);
    void observe(const testing::HostCall& call);
    void be_poor(bool is_poor);
    void run_guarded(std::string_view callback, const std::function<void()>& call);

    Progress& progress_;
    ProbeOptions options_;
    std::string config_json_;
    std::string now_ = "starting";  // the sample
    std::vector<std::string> exceptions_;
    std::vector<BadReply> bad_replies_;
    std::vector<std::string> bad_states_;
    std::vector<std::string> unfinished_;
    std::vector<std::string> failed_;
    std::size_t calls_ = 0;
    std::size_t operations_ = 0;
    std::size_t memory_limit_ = 0;
    std::chrono::microseconds slowest_{0};
    std::string slowest_callback_;
    std::unique_ptr<IsolatedPlugin> isolated_;  // null: it runs in this process
    testing::FakeHost host_;                    // last: its hooks use the rest
};

// Each text once, at most three and a word on the others.
std::string some_of(const std::vector<std::string>& all);

}  // namespace parley::kit

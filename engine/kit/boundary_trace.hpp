// What crosses the contract in a FakeHost, as a file that ui.perfetto.dev and chrome://tracing show.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <parley/testing/fake_host.hpp>

namespace parley::kit {

// Each callback of the agent with how long it took in real time, and in it each call of the host that can fail, with its turn,
// its first text and its status. Written as it happens, so that a trace of a crash ends with it. One thread.
class BoundaryTrace {
  public:
    explicit BoundaryTrace(const std::filesystem::path& file);
    ~BoundaryTrace();
    BoundaryTrace(const BoundaryTrace&) = delete;
    BoundaryTrace& operator=(const BoundaryTrace&) = delete;

    bool is_written() const { return static_cast<bool>(out_); }  // false: the file could not be

    testing::HostHooks hooks();  // must not outlive the trace

  private:
    void around(std::string_view callback, const std::function<void()>& call);
    void add(const char* phase, std::string_view name, const std::string& more = "");

    std::ofstream out_;
    const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace parley::kit

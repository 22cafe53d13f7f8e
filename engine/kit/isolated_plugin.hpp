// An agent in a worker process, dressed as a plugin: a FakeHost that is given it talks with the agent over the boundary.
//
// The same parley-worker and the same frames as in the engine. What the agent asks of its host is asked of the FakeHost's
// table, so virtual time, scripted HTTP, media, values and follow-ups are those of the test. Each function of an instance
// returns once no callback of the agent runs or waits in the worker: then time may pass.
//
// Threads   One: that of the FakeHost. The worker ends with it.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <parley/plugin.h>

namespace parley::kit {

// Thrown out of a callback whose worker has ended. The instance is dead from then on, and its functions do nothing.
class WorkerEnded : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class IsolatedPlugin {
  public:
    // Instances load `library`, which nobody changes meanwhile. Throws std::runtime_error when it is none, or when
    // another object of this class lives: a plugin's table has no place for whose it is.
    IsolatedPlugin(std::filesystem::path worker, const std::filesystem::path& library);
    IsolatedPlugin(const IsolatedPlugin&) = delete;
    IsolatedPlugin& operator=(const IsolatedPlugin&) = delete;
    ~IsolatedPlugin();

    // `create` always succeeds: the worker begins in `start`, and the last line of the log is why it refuses.
    const parley_plugin& table() const noexcept;

    // Exceptions out of the agent's callbacks, in order: "on_event threw std::runtime_error …".
    const std::vector<std::string>& faults() const noexcept;

    struct Parts;

  private:
    std::unique_ptr<Parts> parts_;
};

}  // namespace parley::kit

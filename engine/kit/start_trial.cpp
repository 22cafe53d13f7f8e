#include "kit/start_trial.hpp"

#include <parley/testing/fake_host.hpp>

#include "host/host_text.hpp"
#include "kit/child_process.hpp"

namespace parley::kit {

Result<> try_start(const std::filesystem::path& file, const std::string& config_json, Millis limit) {
    const ChildEnd end = run_in_child(
        [&](Progress&) {
            testing::FakeHost host{testing::Library(file.string())};
            const testing::StartResult started = host.start(config_json);
            if (started.ok()) return std::string();
            return started.error.empty() ? std::string("it gives no reason") : started.error;
        },
        limit);
    if (end.how != ChildEnd::How::returned)
        return Error{Errc::fault, "it " + in_words(end) +
                                      (end.output.empty() ? "" : "; it wrote: " + one_line(end.output, 200))};
    if (!end.result.empty()) return Error{Errc::invalid_input, end.result};
    return {};
}

}  // namespace parley::kit

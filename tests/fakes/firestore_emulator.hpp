// The Firestore emulator of tests/firestore as a process of its own. Its packages are installed by `npm ci` there, as
// ./test does.
#pragma once

#include "fakes/temp_folder.hpp"
#include "scenario/process.hpp"

namespace parley::fakes {

class FirestoreEmulator {
  public:
    static constexpr const char* folder = PARLEY_SOURCE_DIR "/tests/firestore";
    static constexpr const char* missing = "run `npm ci` in tests/firestore first";
    static bool is_installed() { return std::filesystem::exists(std::string(folder) + "/node_modules"); }

    explicit FirestoreEmulator(const std::string& port = "0")
        : process_({"node", "emulator.mjs"}, {.out = log(), .err = log()}, {"PORT=" + port}, folder) {
        const std::string word = "listening ";
        while (!process_.end()) {
            const std::string told = scenario::text_of(log());
            const auto at = told.find(word), end = told.find('\n');
            if (at != std::string::npos && end != std::string::npos) {
                address_ = told.substr(at + word.size(), end - at - word.size());
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        throw std::runtime_error("the emulator ended: " + scenario::text_of(log()));
    }

    const std::string& address() const { return address_; }  // host:port

  private:
    std::filesystem::path log() const { return folder_.path() / "emulator.log"; }

    TempFolder folder_;
    scenario::Process process_;
    std::string address_;
};

}  // namespace parley::fakes

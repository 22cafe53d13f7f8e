#include "app/crash_observer.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>

namespace parley {
namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// The callback this thread is in. It is only destroyed within one when the agent ends the process by exit():
// as much a crash as a signal, and the other threads still run, so nothing may be torn down under them.
struct Running {
    std::optional<CrashMarker::Scope> callback;
    ~Running() {
        if (!callback) return;
        CrashMarker::stamp();
        std::_Exit(EXIT_FAILURE);
    }
};
thread_local Running running;

void on_fatal_signal(int signal) {
    CrashMarker::stamp();
    // SA_RESETHAND has restored the default: the process ends as it would have, core dump included.
    raise(signal);
}

void install() {
    struct sigaction action {};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER | SA_ONSTACK;
    for (const int signal : fatal_signals) sigaction(signal, &action, nullptr);
}

void remove() {
    for (const int signal : fatal_signals) std::signal(signal, SIG_DFL);
}

}  // namespace

Result<std::unique_ptr<CrashObserver>> CrashObserver::open(const std::filesystem::path& file) {
    auto opened = CrashMarkerOpening::open(file.string());
    if (!opened) return opened.error();
    std::unique_ptr<CrashObserver> observer(
        new CrashObserver(std::move(opened->marker), std::move(opened->blamed)));
    install();
    return observer;
}

CrashObserver::CrashObserver(std::unique_ptr<CrashMarker> marker, std::vector<ItemSeq> blamed)
    : marker_(std::move(marker)), blamed_(std::move(blamed)) {}

CrashObserver::~CrashObserver() {
    remove();
}

void CrashObserver::entering(ItemSeq seq) {
    running.callback.emplace(*marker_, seq);
}
void CrashObserver::left() {
    running.callback.reset();
}

}  // namespace parley

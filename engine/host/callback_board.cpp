#include "host/callback_board.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace parley {
namespace {

Error failed(const char* what) {
    return {Errc::unavailable, std::string(what) + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<CallbackBoard> CallbackBoard::create() {
    OwnedFd memory(::memfd_create("parley-board", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    // A worker that could shrink it would kill the engine by SIGBUS.
    if (!memory || ::ftruncate(memory.get(), sizeof(Slot) * slots) != 0 ||
        ::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) != 0)
        return failed("cannot make shared memory");
    return map(std::move(memory));
}

Result<CallbackBoard> CallbackBoard::attach(OwnedFd memory) {
    return map(std::move(memory));
}

Result<CallbackBoard> CallbackBoard::map(OwnedFd memory) {
    void* const at =
        ::mmap(nullptr, sizeof(Slot) * slots, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
    if (at == MAP_FAILED) return failed("cannot map shared memory");
    return CallbackBoard(std::move(memory), static_cast<Slot*>(at));
}

CallbackBoard::~CallbackBoard() {
    if (shared_ != nullptr) ::munmap(shared_, sizeof(Slot) * slots);
}

std::size_t CallbackBoard::enter(std::uint64_t turn) noexcept {
    for (std::size_t i = 0; i < slots; ++i) {
        std::uint64_t none = 0;
        if (!shared_[i].turn.compare_exchange_strong(none, turn)) continue;
        shared_[i].count.fetch_add(1);
        return i;
    }
    return no_slot;
}

void CallbackBoard::leave(std::size_t slot) noexcept {
    if (slot < slots) shared_[slot].turn.store(0);
}

void CallbackBoard::note_crash(std::size_t slot) noexcept {
    if (slot < slots) shared_[slot].has_crashed.store(1);
}

std::vector<CallbackBoard::Running> CallbackBoard::running() const {
    std::vector<Running> all;
    for (std::size_t i = 0; i < slots; ++i) {
        const std::uint64_t turn = shared_[i].turn.load();
        if (turn != 0) all.push_back({i, turn, shared_[i].count.load(), shared_[i].has_crashed.load() != 0});
    }
    return all;
}

}  // namespace parley

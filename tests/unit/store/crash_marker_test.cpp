#include "store/crash_marker.hpp"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CrashMarkerTest : public testing::Test {
  protected:
    CrashMarkerOpening open() {
        auto opened = CrashMarkerOpening::open((folder_.path() / "marker").string());
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    // Runs `work` in a process that dies by `signal`, with a handler that stamps as the engine's does.
    template <class Work>
    void die_by(int signal_number, Work work) {
        const pid_t child = fork();
        if (child == 0) {
            signal(SIGUSR1, [](int) {
                CrashMarker::stamp();
                kill(getpid(), SIGKILL);
            });
            const auto opened = open();
            work(*opened.marker);
            raise(signal_number);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
    fakes::TempFolder folder_;
};

TEST_F(CrashMarkerTest, blames_the_turn_of_the_thread_that_crashed_and_tells_it_once) {
    die_by(SIGUSR1, [](CrashMarker& marker) {
        std::promise<void> running, never;
        std::thread other([&] {
            const CrashMarker::Scope scope(marker, ItemSeq{41});
            running.set_value();
            never.get_future().wait();
        });
        running.get_future().wait();
        const CrashMarker::Scope scope(marker, ItemSeq{42});
        raise(SIGUSR1);
        other.detach();
    });
    EXPECT_THAT(open().blamed, ElementsAre(ItemSeq{42}));
    EXPECT_THAT(open().blamed, IsEmpty());
}

TEST_F(CrashMarkerTest, sigkill_blames_nobody) {
    die_by(SIGKILL, [](CrashMarker& marker) {
        const CrashMarker::Scope scope(marker, ItemSeq{42});
        raise(SIGKILL);
    });
    EXPECT_THAT(open().blamed, IsEmpty());
}

TEST_F(CrashMarkerTest, a_crash_outside_any_turn_blames_nobody) {
    die_by(SIGUSR1, [](CrashMarker& marker) { const CrashMarker::Scope scope(marker, ItemSeq{42}); });
    EXPECT_THAT(open().blamed, IsEmpty());
}

TEST_F(CrashMarkerTest, an_inner_turn_gives_back_to_the_outer_one) {
    die_by(SIGUSR1, [](CrashMarker& marker) {
        const CrashMarker::Scope outer(marker, ItemSeq{1});
        { const CrashMarker::Scope inner(marker, ItemSeq{2}); }
        raise(SIGUSR1);
    });
    EXPECT_THAT(open().blamed, ElementsAre(ItemSeq{1}));
}

}  // namespace
}  // namespace parley

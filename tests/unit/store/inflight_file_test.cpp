#include "store/inflight_file.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes/temp_folder.hpp"

namespace parley {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

class InflightFileTest : public testing::Test {
  protected:
    InflightOpening open(const std::string& boot_id = "boot-1") {
        auto opened = open_inflight_file((folder_.path() / "inflight").string(), boot_id);
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }
    // Runs `work` with the opened log in a process that ends by SIGKILL.
    template <class Work>
    void die_after(Work work, const std::string& boot_id = "boot-1") {
        const pid_t child = fork();
        if (child == 0) {
            work(*open(boot_id).log);
            kill(getpid(), SIGKILL);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
    fakes::TempFolder folder_;
};

TEST_F(InflightFileTest, a_first_start_has_no_doubts) {
    const auto opened = open();
    EXPECT_TRUE(opened.doubts.same_boot);
    EXPECT_THAT(opened.doubts.ids, IsEmpty());
}

TEST_F(InflightFileTest, what_was_noted_and_not_cleared_survives_sigkill_until_it_is_cleared) {
    die_after([](InflightFile& log) {
        log.note(OutboundId{7});
        log.note(OutboundId{8});
        log.note(OutboundId{9});
        log.clear(OutboundId{8});
    });
    die_after([](InflightFile&) {});  // a second crash, before the doubts were recorded, forgets nothing
    {
        const auto opened = open();
        EXPECT_TRUE(opened.doubts.same_boot);
        EXPECT_THAT(opened.doubts.ids, UnorderedElementsAre(OutboundId{7}, OutboundId{9}));
        opened.log->clear(OutboundId{7});
        opened.log->clear(OutboundId{9});
    }
    EXPECT_THAT(open().doubts.ids, IsEmpty());
}

TEST_F(InflightFileTest, after_a_restart_of_the_machine_the_ids_mean_nothing) {
    die_after([](InflightFile& log) { log.note(OutboundId{7}); });
    die_after([](InflightFile&) {}, "boot-2");
    {
        const auto opened = open("boot-2");
        EXPECT_FALSE(opened.doubts.same_boot) << "until somebody has recorded the doubt it stays";
        EXPECT_THAT(opened.doubts.ids, IsEmpty());
        opened.log->doubts_recorded();
    }
    EXPECT_TRUE(open("boot-2").doubts.same_boot);
}

TEST_F(InflightFileTest, a_clean_end_leaves_no_doubt_even_after_a_restart_of_the_machine) {
    {
        const auto opened = open("boot-1");
        opened.log->note(OutboundId{7});
        opened.log->clear(OutboundId{7});
    }
    EXPECT_TRUE(open("boot-2").doubts.same_boot);
}

TEST_F(InflightFileTest, a_full_log_refuses_until_something_is_cleared) {
    const auto opened = open();
    for (std::size_t i = 1; i <= InflightFile::capacity; ++i)
        ASSERT_TRUE(opened.log->note(OutboundId{static_cast<std::int64_t>(i)}));
    EXPECT_FALSE(opened.log->note(OutboundId{999'999}));
    EXPECT_TRUE(opened.log->note(OutboundId{5})) << "noted already";
    opened.log->clear(OutboundId{5});
    EXPECT_TRUE(opened.log->note(OutboundId{999'999}));
}

TEST_F(InflightFileTest, a_folder_that_is_missing_is_a_clear_error) {
    const auto opened = open_inflight_file((folder_.path() / "no" / "inflight").string());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), Errc::unavailable);
    EXPECT_THAT(opened.error().message(), testing::HasSubstr("cannot open"));
}

}  // namespace
}  // namespace parley

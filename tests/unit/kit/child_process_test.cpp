#include "kit/child_process.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

namespace parley::kit {
namespace {

constexpr Millis long_enough{60'000};

TEST(ChildProcess, brings_back_what_the_work_returned) {
    const ChildEnd end = run_in_child([](Progress&) { return std::string(100'000, 'x'); }, long_enough);
    EXPECT_EQ(end.how, ChildEnd::How::returned);
    EXPECT_EQ(end.result, std::string(100'000, 'x'));
}

TEST(ChildProcess, brings_it_back_though_every_descriptor_was_closed) {
    const ChildEnd end = run_in_child(
        [](Progress&) {
            for (int fd = 0; fd < 256; ++fd) close(fd);
            return std::string("still here");
        },
        long_enough);
    EXPECT_EQ(end.result, "still here");
}

TEST(ChildProcess, tells_a_signal_and_where_the_work_was) {
    const ChildEnd end = run_in_child(
        [](Progress& progress) {
            progress.at("the middle");
            std::fprintf(stderr, "my last words");
            raise(SIGKILL);
            return std::string();
        },
        long_enough);
    EXPECT_EQ(end.how, ChildEnd::How::signalled);
    EXPECT_EQ(end.code, SIGKILL);
    EXPECT_EQ(end.step, "the middle");
    EXPECT_EQ(end.output, "my last words");
}

TEST(ChildProcess, tells_an_exit) {
    const ChildEnd end = run_in_child([](Progress&) -> std::string { _exit(7); }, long_enough);
    EXPECT_EQ(end.how, ChildEnd::How::exited);
    EXPECT_EQ(end.code, 7);
}

TEST(ChildProcess, tells_an_exception) {
    const ChildEnd end =
        run_in_child([](Progress&) -> std::string { throw std::runtime_error("no such luck"); }, long_enough);
    EXPECT_EQ(end.how, ChildEnd::How::exited);
    EXPECT_EQ(end.code, 125);
    EXPECT_EQ(end.output, "no such luck\n");
}

TEST(ChildProcess, is_killed_at_its_limit) {
    const ChildEnd end = run_in_child(
        [](Progress& progress) -> std::string {
            progress.at("the waiting");
            while (true) pause();
        },
        Millis(50));
    EXPECT_EQ(end.how, ChildEnd::How::timed_out);
    EXPECT_EQ(end.step, "the waiting");
}

TEST(ChildProcess, keeps_what_the_work_prints_to_itself) {
    testing::internal::CaptureStdout();
    const ChildEnd end = run_in_child(
        [](Progress&) {
            std::printf("for nobody");
            std::fflush(stdout);
            return std::string();
        },
        long_enough);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(end.output, "for nobody");
}

}  // namespace
}  // namespace parley::kit

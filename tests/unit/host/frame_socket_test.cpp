#include "host/frame_socket.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace parley {
namespace {

using Got = FrameSocket::Got;
using Sent = FrameSocket::Sent;
using Wait = FrameSocket::Wait;

class FrameSocketTest : public ::testing::Test {
  protected:
    FrameSocketTest() {
        auto ends = FrameSocket::make_pair();
        ours_ = std::make_unique<FrameSocket>(std::move(ends->first));
        theirs_ = std::make_unique<FrameSocket>(std::move(ends->second));
    }

    // One packet as a broken or hostile peer could send it.
    void send_raw(const void* bytes, std::size_t size, const OwnedFd& attached = {}) {
        iovec part{const_cast<void*>(bytes), size};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (attached) {
            message.msg_control = control;
            message.msg_controllen = sizeof control;
            cmsghdr* const rights = CMSG_FIRSTHDR(&message);
            *rights = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
            const int fd = attached.get();
            std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
        }
        ASSERT_EQ(::sendmsg(theirs_->fd(), &message, 0), static_cast<ssize_t>(size));
    }
    std::string refusal() {
        Frame frame;
        return ours_->receive(frame, Wait::no) == Got::malformed ? ours_->problem() : "it was taken";
    }
    static OwnedFd memory(std::size_t size, int seals) {
        OwnedFd fd(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(size)), 0);
        EXPECT_EQ(::fcntl(fd.get(), F_ADD_SEALS, seals), 0);
        return fd;
    }

    static constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    std::unique_ptr<FrameSocket> ours_, theirs_;
};

TEST_F(FrameSocketTest, carries_a_frame_of_any_size_up_to_the_largest) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, max_inline, max_inline + 1, max_payload}) {
        const std::string payload(size, 'p');
        ASSERT_EQ(theirs_->send({FrameType::finish, 77, payload}, Wait::no), Sent::done) << size;
        Frame frame;
        ASSERT_EQ(ours_->receive(frame, Wait::no), Got::frame) << size << ours_->problem();
        EXPECT_EQ(frame.type, FrameType::finish);
        EXPECT_EQ(frame.handle, 77U);
        EXPECT_TRUE(frame.payload == payload) << size;
    }
    EXPECT_EQ(theirs_->send({FrameType::finish, 77, std::string(max_payload + 1, 'p')}, Wait::no),
              Sent::closed);
}

TEST_F(FrameSocketTest, says_when_there_is_nothing_when_it_is_full_and_when_the_other_end_is_gone) {
    Frame frame;
    EXPECT_EQ(ours_->receive(frame, Wait::no), Got::nothing);
    int sent = 0;
    while (ours_->send({FrameType::event, 1, std::string(1000, 'x')}, Wait::no) == Sent::done) ++sent;
    EXPECT_GT(sent, 10);
    EXPECT_EQ(ours_->send({FrameType::event, 1, {}}, Wait::no), Sent::full);
    theirs_.reset();
    EXPECT_EQ(ours_->send({FrameType::event, 1, {}}, Wait::no), Sent::closed);
    EXPECT_EQ(ours_->receive(frame, Wait::yes), Got::closed);
}

TEST_F(FrameSocketTest, refuses_packets_that_are_no_frames) {
    const FrameHeader too_long{67, 0, 9, 1};
    const FrameHeader too_short{67, 0, 0, 1};
    const FrameHeader flagged{67, 2, 0, 1};
    const FrameHeader no_memory{67, in_memfd, max_inline + 1, 1};
    send_raw("x", 1);
    EXPECT_EQ(refusal(), "a packet shorter than a header");
    send_raw(&too_long, sizeof too_long);
    EXPECT_EQ(refusal(), "a frame whose length is not its header's");
    std::string with_more(reinterpret_cast<const char*>(&too_short), sizeof too_short);
    with_more += "more";
    send_raw(with_more.data(), with_more.size());
    EXPECT_EQ(refusal(), "a frame whose length is not its header's");
    send_raw(&flagged, sizeof flagged);
    EXPECT_EQ(refusal(), "a frame with something unknown beside it");
    send_raw(&no_memory, sizeof no_memory);
    EXPECT_EQ(refusal(), "a large frame without its memory");
    const std::string larger(sizeof(FrameHeader) + max_inline + 1, '\0');
    send_raw(larger.data(), larger.size());
    EXPECT_EQ(refusal(), "a packet too large");
}

TEST_F(FrameSocketTest, refuses_memory_that_could_change_or_is_something_else) {
    constexpr std::uint32_t size = max_inline + 1;
    const FrameHeader header{67, in_memfd, size, 1};
    const std::string unsealed = "a large frame whose memory is not sealed, or of another size";
    send_raw(&header, sizeof header, memory(size, F_SEAL_SHRINK));
    EXPECT_EQ(refusal(), unsealed);
    send_raw(&header, sizeof header, memory(size - 1, all_seals));
    EXPECT_EQ(refusal(), unsealed);
    send_raw(&header, sizeof header, OwnedFd(::open("/dev/zero", O_RDONLY | O_CLOEXEC)));
    EXPECT_EQ(refusal(), unsealed);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const OwnedFd writer(ends[1]);
    send_raw(&header, sizeof header, OwnedFd(ends[0]));
    EXPECT_EQ(refusal(), unsealed);
    const FrameHeader huge{67, in_memfd, max_payload + 1, 1};
    send_raw(&huge, sizeof huge, memory(max_payload + 1, all_seals));
    EXPECT_EQ(refusal(), "a large frame of 33554433 bytes");
    const FrameHeader small{67, 0, 0, 1};
    send_raw(&small, sizeof small, memory(10, all_seals));
    EXPECT_EQ(refusal(), "a frame with something unknown beside it");
}

}  // namespace
}  // namespace parley

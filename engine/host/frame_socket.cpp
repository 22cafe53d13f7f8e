#include "host/frame_socket.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace parley {
namespace {

constexpr int all_seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

OwnedFd to_memfd(std::string_view bytes) {
    OwnedFd file(::memfd_create("parley-frame", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    while (file && !bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return {};
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (file && ::fcntl(file.get(), F_ADD_SEALS, all_seals) != 0) return {};
    return file;
}

// Only a sealed memfd has these seals, so reading it cannot block and its size cannot change.
bool read_memfd(int fd, std::size_t size, std::string& bytes) {
    struct stat facts {};
    if (::fcntl(fd, F_GET_SEALS) != all_seals || ::fstat(fd, &facts) != 0) return false;
    if (static_cast<std::size_t>(facts.st_size) != size) return false;
    bytes.resize(size);
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = ::pread(fd, bytes.data() + done, size - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

// The first descriptor that came along; the kernel never gives more than there is room for.
OwnedFd attached_fd(msghdr& message) {
    OwnedFd found;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(part), sizeof fd);
        found = OwnedFd(fd);
    }
    return found;
}

}  // namespace

void OwnedFd::reset() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<std::pair<OwnedFd, OwnedFd>> FrameSocket::make_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return Error{Errc::unavailable, "cannot make a socket: " + std::generic_category().message(errno)};
    return std::pair(OwnedFd(ends[0]), OwnedFd(ends[1]));
}

FrameSocket::Sent FrameSocket::send(const Frame& frame, Wait wait) const {
    FrameHeader header{static_cast<std::uint16_t>(frame.type), 0,
                       static_cast<std::uint32_t>(frame.payload.size()), frame.handle};
    OwnedFd body;
    if (frame.payload.size() > max_inline) {
        header.flags = in_memfd;
        body = to_memfd(frame.payload);
        if (!body || frame.payload.size() > max_payload) return Sent::closed;
    }
    iovec parts[2] = {{&header, sizeof header},
                      {const_cast<char*>(frame.payload.data()), body ? 0 : frame.payload.size()}};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    if (body) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* const rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        const int fd = body.get();
        std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    }
    const int flags = MSG_NOSIGNAL | (wait == Wait::yes ? 0 : MSG_DONTWAIT);
    while (::sendmsg(fd_.get(), &message, flags) < 0) {
        if (errno == EINTR) continue;
        return wait == Wait::no && (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
                   ? Sent::full
                   : Sent::closed;
    }
    return Sent::done;
}

FrameSocket::Got FrameSocket::receive(Frame& frame, Wait wait) {
    buffer_.resize(sizeof(FrameHeader) + max_inline);
    iovec part{buffer_.data(), buffer_.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t size = 0;
    do {
        size = ::recvmsg(fd_.get(), &message, MSG_CMSG_CLOEXEC | (wait == Wait::yes ? 0 : MSG_DONTWAIT));
    } while (size < 0 && errno == EINTR);
    if (size < 0) return errno == EAGAIN ? Got::nothing : Got::closed;
    OwnedFd attached = attached_fd(message);
    if (size == 0 && !attached) return Got::closed;
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return malformed("a packet too large");
    return read_packet(static_cast<std::size_t>(size), std::move(attached), frame);
}

FrameSocket::Got FrameSocket::read_packet(std::size_t size, OwnedFd attached, Frame& frame) {
    FrameHeader header;
    if (size < sizeof header) return malformed("a packet shorter than a header");
    std::memcpy(&header, buffer_.data(), sizeof header);
    frame.type = static_cast<FrameType>(header.type);
    frame.handle = header.handle;
    const std::size_t inside = size - sizeof header;
    if (header.flags == in_memfd) {
        if (inside != 0 || !attached) return malformed("a large frame without its memory");
        if (header.length <= max_inline || header.length > max_payload)
            return malformed("a large frame of " + std::to_string(header.length) + " bytes");
        if (!read_memfd(attached.get(), header.length, frame.payload))
            return malformed("a large frame whose memory is not sealed, or of another size");
        return Got::frame;
    }
    if (header.flags != 0 || attached) return malformed("a frame with something unknown beside it");
    if (header.length != inside) return malformed("a frame whose length is not its header's");
    frame.payload.assign(buffer_, sizeof header, inside);
    return Got::frame;
}

FrameSocket::Got FrameSocket::malformed(std::string what) {
    problem_ = std::move(what);
    return Got::malformed;
}

}  // namespace parley

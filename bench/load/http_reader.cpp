#include "load/http_reader.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <strings.h>
#include <sys/socket.h>

namespace parley::bench {
namespace {

std::size_t content_length(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2))
        if (head.size() - at > name.size() && ::strncasecmp(head.data() + at, name.data(), name.size()) == 0)
            return std::strtoul(head.data() + at + name.size(), nullptr, 10);
    return 0;
}

}  // namespace

bool HttpReader::read(int descriptor) {
    buffer_.erase(0, taken_);
    taken_ = 0;
    std::array<char, 16 * 1024> bytes;
    const ssize_t size = ::recv(descriptor, bytes.data(), bytes.size(), 0);
    if (size > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(size));
    return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<HttpPiece> HttpReader::next() {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    const std::size_t end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos) return {};
    const std::string_view head = rest.substr(0, end + 2);
    const std::size_t length = content_length(head);
    if (rest.size() < end + 4 + length) return {};
    taken_ += end + 4 + length;
    return HttpPiece{head, rest.substr(end + 4, length)};
}

}  // namespace parley::bench

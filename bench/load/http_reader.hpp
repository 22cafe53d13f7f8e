// Cuts what a keep-alive connection delivers into HTTP messages. Knows Content-Length only: both sides are
// ours or libcurl's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace parley::bench {

struct HttpPiece {
    std::string_view head;  // start line and headers
    std::string_view body;
};

class HttpReader {
  public:
    // Reads what is there. False once the peer has closed or failed. Voids earlier pieces.
    bool read(int descriptor);

    // The next whole message; its views hold until read().
    std::optional<HttpPiece> next();

    void clear() { buffer_.clear(), taken_ = 0; }

  private:
    std::string buffer_;
    std::size_t taken_ = 0;  // bytes of buffer_ handed out
};

}  // namespace parley::bench

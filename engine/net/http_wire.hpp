// Responses as bytes.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace parley {

std::string_view reason_phrase(int status);

// The value of a Date header. One per thread: the text is made once a second.
class DateText {
  public:
    std::string_view at(std::int64_t unix_seconds);

  private:
    std::int64_t second_ = -1;
    std::string text_;
};

enum class ConnectionHeader { none, keep_alive, close };

// Appends status line and headers with the final empty line. Line breaks inside header values become spaces.
void append_head(std::string& out, const HttpResponse& response, std::string_view date,
                 ConnectionHeader connection, std::string_view request_id = {});

// Whether a response of this status may have a body at all.
bool status_has_body(int status);

}  // namespace parley

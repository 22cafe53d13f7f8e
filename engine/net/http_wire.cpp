// Responses as bytes.
#include "net/http_wire.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace parley {

namespace {

struct Reason {
    int status;
    std::string_view phrase;
};

constexpr Reason reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

void append_number(std::string& out, std::size_t number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_one_line(std::string& out, std::string_view text) {
    for (const char c : text) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    append_one_line(out, name);
    out += ": ";
    append_one_line(out, value);
    out += "\r\n";
}

}  // namespace

std::string_view reason_phrase(int status) {
    for (const auto& reason : reasons)
        if (reason.status == status) return reason.phrase;
    return "Status";
}

std::string_view DateText::at(std::int64_t unix_seconds) {
    if (unix_seconds == second_) return text_;
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto time = static_cast<std::time_t>(unix_seconds);
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 64> text;
    // Not strftime: RFC 9110 wants English names whatever the locale.
    const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900,
                                   utc.tm_hour, utc.tm_min, utc.tm_sec);
    text_.assign(text.data(), static_cast<std::size_t>(size));
    second_ = unix_seconds;
    return text_;
}

bool status_has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& out, const HttpResponse& response, std::string_view date,
                 ConnectionHeader connection, std::string_view request_id) {
    if (response.status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        out += "HTTP/1.1 ";
        append_number(out, static_cast<std::size_t>(response.status));
        out += ' ';
        out += reason_phrase(response.status);
        out += "\r\n";
    }
    out += "Date: ";
    out += date;
    out += "\r\n";
    if (!response.content_type.empty() && status_has_body(response.status))
        append_field(out, "Content-Type", response.content_type);
    if (status_has_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    if (connection == ConnectionHeader::close) out += "Connection: close\r\n";
    if (connection == ConnectionHeader::keep_alive) out += "Connection: keep-alive\r\n";
    if (!request_id.empty()) ((out += "X-Request-Id: ") += request_id) += "\r\n";
    for (const auto& [name, value] : response.headers) append_field(out, name, value);
    out += "\r\n";
}

}  // namespace parley

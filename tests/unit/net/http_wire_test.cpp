// The bytes of response heads.
#include "net/http_wire.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

std::string head_of(const HttpResponse& response, ConnectionHeader connection = ConnectionHeader::none) {
    std::string out;
    append_head(out, response, "Thu, 01 Jan 1970 00:00:00 GMT", connection);
    return out;
}

TEST(HttpWire, writes_status_type_length_and_own_headers) {
    auto response = HttpResponse::json(404, "{}");
    response.headers = {{"Retry-After", "1"}};
    EXPECT_EQ(
        head_of(response, ConnectionHeader::close),
        "HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\nConnection: close\r\nRetry-After: 1\r\n\r\n");
}

TEST(HttpWire, lets_no_value_begin_a_header_of_its_own) {
    auto response = HttpResponse::text(200, "");
    response.headers = {{"Location", "/a\r\nSet-Cookie: x=1"}};
    EXPECT_NE(head_of(response).find("Location: /a  Set-Cookie: x=1\r\n"), std::string::npos);
}

TEST(HttpWire, announces_no_body_where_none_may_be) {
    for (const int status : {204, 304}) {
        EXPECT_FALSE(status_has_body(status));
        EXPECT_EQ(head_of(HttpResponse::text(status, "x")).find("Content-"), std::string::npos);
    }
}

TEST(HttpWire, writes_dates_in_english) {
    DateText date;
    EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date.at(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
    EXPECT_EQ(date.at(1709164800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(HttpWire, has_a_phrase_for_every_status) {
    EXPECT_EQ(reason_phrase(413), "Content Too Large");
    EXPECT_FALSE(reason_phrase(299).empty());
}

}  // namespace
}  // namespace parley

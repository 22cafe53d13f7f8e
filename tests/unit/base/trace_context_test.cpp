#include "base/trace_context.hpp"

#include <set>

#include <gtest/gtest.h>

namespace parley {
namespace {

const std::string sample = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TraceId some_trace() {
    return parse_traceparent(sample).value().trace;
}

TEST(TraceContext, makes_an_id_of_sixteen_bytes_and_of_no_other_number) {
    const std::string bytes = "\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c";
    EXPECT_EQ(to_text(to_trace_id(bytes)), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(to_trace_id(bytes), some_trace());
    for (const std::size_t size : {0U, 15U, 17U}) EXPECT_TRUE(to_trace_id(std::string(size, 'a')).is_none());
}

TEST(TraceContext, never_calls_a_message_by_zeros_only) {
    const TraceId trace = to_trace_id(std::string(16, '\0'));
    EXPECT_FALSE(trace.is_none());
    EXPECT_EQ(to_text(trace), "00000000000000000000000000000001");
}

TEST(TraceContext, writes_what_it_reads) {
    const auto parent = parse_traceparent(sample);
    ASSERT_TRUE(parent);
    EXPECT_EQ(parent->span, 0xb7ad6b7169203331U);
    EXPECT_EQ(to_traceparent(parent->trace, parent->span), sample);
}

TEST(TraceContext, writes_nothing_for_no_trace) {
    EXPECT_EQ(to_text(TraceId{}), "");
    EXPECT_EQ(to_traceparent(TraceId{}, 7), "");
}

TEST(TraceContext, refuses_headers_that_break_the_standard) {
    for (const char* header : {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                               "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                               "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                               "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                               "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                               "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                               "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                               "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                               "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                               "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                               "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz"})
        EXPECT_FALSE(parse_traceparent(header)) << header;
}

TEST(TraceContext, reads_what_it_knows_of_later_versions) {
    const auto later = parse_traceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-more");
    ASSERT_TRUE(later);
    EXPECT_EQ(later->trace, some_trace());
}

TEST(TraceContext, gives_each_step_a_span_of_its_own_and_the_same_step_the_same) {
    std::set<std::uint64_t> spans;
    for (std::uint64_t step = 0; step < 100; ++step)
        for (std::uint64_t moment = 0; moment < 100; ++moment)
            spans.insert(make_span(some_trace(), step, moment));
    EXPECT_EQ(spans.size(), 10'000U);
    EXPECT_FALSE(spans.contains(0));
    EXPECT_EQ(make_span(some_trace(), 3, 4), make_span(some_trace(), 3, 4));
    EXPECT_NE(make_span(some_trace(), 3, 4), make_span(to_trace_id(std::string(16, 'x')), 3, 4));
}

}  // namespace
}  // namespace parley

// Every error code that Meta documents, row by row: its class, how wide a wait reaches and how long it is. The rows are
// Meta's error pages of 2025 and 2026; of a range of codes both ends stand here.
#include <gtest/gtest.h>

#include "whatsapp/graph_error.hpp"

namespace parley {
namespace {

using namespace std::chrono_literals;

struct Documented {
    std::int32_t code;
    char error_class;
    Scope scope;                // of classes that wait
    std::chrono::seconds wait;  // 0: the sender's own backoff
};

constexpr Documented documented[] = {
    {0, 'T', Scope::message, 0s},
    {1, 'R', Scope::message, 0s},
    {2, 'R', Scope::message, 0s},
    {3, 'T', Scope::message, 0s},
    {4, 'L', Scope::app, 60s},
    {10, 'T', Scope::message, 0s},
    {17, 'L', Scope::account, 60s},
    {32, 'L', Scope::account, 60s},
    {33, 'T', Scope::message, 0s},
    {100, 'N', Scope::message, 0s},
    {102, 'T', Scope::message, 0s},
    {104, 'T', Scope::message, 0s},
    {190, 'T', Scope::message, 0s},
    {200, 'T', Scope::message, 0s},
    {250, 'T', Scope::message, 0s},
    {299, 'T', Scope::message, 0s},
    {368, 'X', Scope::message, 0s},
    {463, 'T', Scope::message, 0s},
    {467, 'T', Scope::message, 0s},
    {613, 'L', Scope::account, 60s},
    {80007, 'L', Scope::account, 60s},
    {80008, 'L', Scope::account, 60s},
    {130429, 'L', Scope::number, 1s},
    {130472, 'U', Scope::message, 0s},
    {130497, 'X', Scope::message, 0s},
    {130501, 'N', Scope::message, 0s},
    {131000, 'R', Scope::message, 0s},
    {131005, 'T', Scope::message, 0s},
    {131008, 'N', Scope::message, 0s},
    {131009, 'N', Scope::message, 0s},
    {131014, 'N', Scope::message, 0s},
    {131016, 'R', Scope::message, 0s},
    {131020, 'N', Scope::message, 0s},
    {131021, 'N', Scope::message, 0s},
    {131026, 'U', Scope::message, 0s},
    {131030, 'N', Scope::message, 0s},
    {131031, 'X', Scope::message, 0s},
    {131037, 'X', Scope::message, 0s},
    {131041, 'N', Scope::message, 0s},
    {131042, 'X', Scope::message, 0s},
    {131044, 'X', Scope::message, 0s},
    {131045, 'X', Scope::message, 0s},
    {131047, 'W', Scope::message, 0s},
    {131048, 'X', Scope::message, 0s},
    {131049, 'U', Scope::message, 0s},
    {131050, 'U', Scope::message, 0s},
    {131051, 'N', Scope::message, 0s},
    {131052, 'N', Scope::message, 0s},
    {131053, 'N', Scope::message, 0s},
    {131055, 'N', Scope::message, 0s},
    {131056, 'P', Scope::recipient, 1s},
    {131057, 'L', Scope::number, 60s},
    {131059, 'N', Scope::message, 0s},
    {131060, 'N', Scope::message, 0s},
    {131062, 'N', Scope::message, 0s},
    {131063, 'N', Scope::message, 0s},
    {131064, 'X', Scope::message, 0s},
    {131201, 'N', Scope::message, 0s},
    {131207, 'N', Scope::message, 0s},
    {131208, 'L', Scope::number, 60s},
    {131209, 'N', Scope::message, 0s},
    {131215, 'N', Scope::message, 0s},
    {132000, 'N', Scope::message, 0s},
    {132001, 'N', Scope::message, 0s},
    {132005, 'N', Scope::message, 0s},
    {132007, 'X', Scope::message, 0s},
    {132008, 'N', Scope::message, 0s},
    {132012, 'N', Scope::message, 0s},
    {132015, 'X', Scope::message, 0s},
    {132016, 'X', Scope::message, 0s},
    {132018, 'N', Scope::message, 0s},
    {132068, 'X', Scope::message, 0s},
    {132069, 'L', Scope::message, 360s},
    {133000, 'R', Scope::message, 0s},
    {133004, 'R', Scope::message, 0s},
    {133005, 'N', Scope::message, 0s},
    {133006, 'N', Scope::message, 0s},
    {133008, 'L', Scope::number, 3600s},
    {133009, 'L', Scope::number, 60s},
    {133010, 'X', Scope::message, 0s},
    {133015, 'L', Scope::number, 300s},
    {133016, 'L', Scope::number, 259200s},
    {134011, 'X', Scope::message, 0s},
    {134100, 'N', Scope::message, 0s},
    {134101, 'L', Scope::account, 60s},
    {134102, 'X', Scope::message, 0s},
    {135000, 'N', Scope::message, 0s},
    {136024, 'L', Scope::number, 60s},
    {136025, 'N', Scope::message, 0s},
    {137000, 'U', Scope::message, 0s},
    {138000, 'N', Scope::message, 0s},
    {138001, 'U', Scope::message, 0s},
    {138002, 'L', Scope::number, 60s},
    {138003, 'L', Scope::message, 60s},
    {138004, 'R', Scope::message, 0s},
    {138005, 'L', Scope::number, 60s},
    {138006, 'N', Scope::message, 0s},
    {138007, 'R', Scope::message, 0s},
    {138009, 'L', Scope::recipient, 3600s},
    {138012, 'L', Scope::recipient, 3600s},
    {138013, 'N', Scope::message, 0s},
    {138023, 'N', Scope::message, 0s},
    {139000, 'N', Scope::message, 0s},
    {139004, 'N', Scope::message, 0s},
    {139100, 'N', Scope::message, 0s},
    {139101, 'N', Scope::message, 0s},
    {139102, 'R', Scope::message, 0s},
    {139103, 'R', Scope::message, 0s},
    {147001, 'N', Scope::message, 0s},
    {147005, 'N', Scope::message, 0s},
    {2388001, 'N', Scope::message, 0s},
    {2388012, 'N', Scope::message, 0s},
    {2388019, 'N', Scope::message, 0s},
    {2388040, 'N', Scope::message, 0s},
    {2388047, 'N', Scope::message, 0s},
    {2388072, 'N', Scope::message, 0s},
    {2388073, 'N', Scope::message, 0s},
    {2388091, 'N', Scope::message, 0s},
    {2388093, 'N', Scope::message, 0s},
    {2388103, 'N', Scope::message, 0s},
    {2388293, 'N', Scope::message, 0s},
    {2388299, 'N', Scope::message, 0s},
    {2494100, 'N', Scope::message, 0s},
    {2593107, 'N', Scope::message, 0s},
    {2593109, 'N', Scope::message, 0s},
};

SendOutcome outcome_of(std::int32_t code) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{400, {}, R"({"error":{"message":"no","code":)" + std::to_string(code) + "}}"};
    return to_send_outcome(outcome, 1);
}

class GraphErrorCodes : public ::testing::TestWithParam<Documented> {};

TEST_P(GraphErrorCodes, are_dealt_with_as_documented) {
    const Documented& wanted = GetParam();
    const GraphErrorRow* row = find_graph_error(wanted.code);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(static_cast<char>(row->error_class), wanted.error_class);
    EXPECT_EQ(row->scope, wanted.scope);
    EXPECT_EQ(row->after, wanted.wait);
    EXPECT_FALSE(remedy_of(row->error_class).empty());

    const SendOutcome outcome = outcome_of(wanted.code);
    const bool waits = wanted.error_class == 'R' || wanted.error_class == 'L' || wanted.error_class == 'P';
    if (waits) {
        ASSERT_TRUE(std::holds_alternative<RetryLater>(outcome));
        EXPECT_EQ(std::get<RetryLater>(outcome).scope, wanted.scope);
        EXPECT_EQ(std::get<RetryLater>(outcome).after, wanted.wait);
        EXPECT_EQ(std::get<RetryLater>(outcome).code, wanted.code);
    } else {
        ASSERT_TRUE(std::holds_alternative<Rejected>(outcome));
        EXPECT_EQ(std::get<Rejected>(outcome).error_class, wanted.error_class);
        EXPECT_EQ(std::get<Rejected>(outcome).code, wanted.code);
    }
}

INSTANTIATE_TEST_SUITE_P(Documented, GraphErrorCodes, ::testing::ValuesIn(documented),
                         [](const auto& row) { return std::to_string(row.param.code); });

TEST(GraphErrorTable, has_no_row_that_is_not_documented_here) {
    std::size_t rows = 0;
    for (const Documented& each : documented) rows += find_graph_error(each.code)->first == each.code;
    EXPECT_EQ(rows, graph_error_table().size());
}

}  // namespace
}  // namespace parley

// The agents' own keys in the SQLite store.
#include <future>

#include <gtest/gtest.h>

#include "fakes/temp_folder.hpp"
#include "store/sqlite_store.hpp"

namespace parley {
namespace {

using Kind = KeyValueCall::Kind;

class KeyValues : public ::testing::Test {
  protected:
    KeyValues() { options_.path = (folder_.path() / "parley.db").string(); }

    EngineStore& store() {
        if (!store_) {
            auto opened = open_sqlite_store(options_, clock_);
            EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
            store_ = std::move(*opened);
        }
        return *store_;
    }
    void restart() { store_.reset(); }

    Result<KeyValueAnswer> call(KeyValueCall call) {
        std::promise<Result<KeyValueAnswer>> answer;
        auto told = answer.get_future();
        store().key_value(std::move(call),
                          [&](Result<KeyValueAnswer> one) { answer.set_value(std::move(one)); });
        return told.get();
    }
    KeyValueAnswer done(Kind kind, const std::string& key, const std::string& value = "",
                        std::optional<std::uint64_t> expected = std::nullopt,
                        const std::string& deployment = "shop") {
        auto answer = call({kind, DeploymentId{deployment}, key, value, {}, expected, 0});
        EXPECT_TRUE(answer) << (answer ? "" : answer.error().message());
        return answer ? *answer : KeyValueAnswer{};
    }
    std::string refusal(const std::string& key, const std::string& value) {
        const auto answer = call({Kind::put, DeploymentId{"shop"}, key, value, {}, std::nullopt, 0});
        if (answer) return "";
        EXPECT_EQ(answer.error().code(), Errc::invalid_input);
        return answer.error().message();
    }
    KeyValueAnswer list(const std::string& prefix, const std::string& after, std::size_t limit) {
        return call({Kind::list, DeploymentId{"shop"}, prefix, "", after, std::nullopt, limit}).value();
    }

    fakes::TempFolder folder_;
    SystemClock clock_;
    SqliteOptions options_;
    std::unique_ptr<EngineStore> store_;
};

TEST_F(KeyValues, are_there_after_a_restart_and_belong_to_one_deployment) {
    const std::string bytes("a\0b\xff", 4);
    const auto version = done(Kind::put, "k", bytes).version;
    restart();
    EXPECT_EQ(done(Kind::get, "k").value, bytes);
    EXPECT_EQ(done(Kind::get, "k").version, version);
    EXPECT_EQ(done(Kind::get, "k", "", {}, "other").version, 0U);
}

TEST_F(KeyValues, change_only_from_the_version_that_is_expected) {
    EXPECT_FALSE(done(Kind::put, "k", "x", 3).is_done);
    const auto first = done(Kind::put, "k", "one", 0);
    EXPECT_TRUE(first.is_done);
    const auto refused = done(Kind::put, "k", "two", 0);
    EXPECT_FALSE(refused.is_done);
    EXPECT_EQ(refused.value, "one");
    EXPECT_EQ(refused.version, first.version);
    const auto second = done(Kind::put, "k", "two", first.version);
    EXPECT_TRUE(second.is_done);
    EXPECT_GT(second.version, first.version);
    EXPECT_FALSE(done(Kind::remove, "k", "", first.version).is_done);
    EXPECT_TRUE(done(Kind::remove, "k", "", second.version).is_done);
    EXPECT_EQ(done(Kind::get, "k").version, 0U);
    EXPECT_TRUE(done(Kind::remove, "k").is_done);
}

TEST_F(KeyValues, never_have_a_version_twice) {
    const auto first = done(Kind::put, "k", "x").version;
    done(Kind::remove, "k");
    restart();
    EXPECT_GT(done(Kind::put, "k", "x").version, first);
}

TEST_F(KeyValues, are_bounded_in_number) {
    options_.key_values.keys = 2;
    done(Kind::put, "a", "x"), done(Kind::put, "b", "x");
    EXPECT_EQ(refusal("c", "x"), "the deployment has 2 keys, which is all it may have");
    EXPECT_EQ(refusal("a", "y"), "");
    EXPECT_TRUE(done(Kind::put, "c", "x", {}, "other").is_done);
    restart();
    EXPECT_NE(refusal("c", "x"), "");
    done(Kind::remove, "a");
    EXPECT_EQ(refusal("c", "x"), "");
}

TEST_F(KeyValues, are_bounded_in_size) {
    options_.key_values.bytes = 100;
    EXPECT_EQ(refusal("a", std::string(99, 'x')), "");
    EXPECT_EQ(refusal("b", ""),
              "the deployment's keys and values have 100 bytes, which is all they may have");
    restart();
    EXPECT_NE(refusal("b", ""), "");
    EXPECT_NE(refusal("a", std::string(100, 'x')), "");
    EXPECT_EQ(refusal("a", std::string(98, 'x')), "");
    EXPECT_EQ(refusal("b", ""), "");
    options_.key_values.bytes = 10;
    restart();
    EXPECT_EQ(refusal("a", std::string(97, 'x')), "") << "what makes it smaller is always welcome";
}

TEST_F(KeyValues, are_listed_by_their_beginning_page_by_page) {
    for (const char* key : {"a", "b/1", "b/2", "b/3", "b0", "c"}) done(Kind::put, key, "x");
    done(Kind::put, "b/9", "x", {}, "other");
    EXPECT_EQ(list("", "", 10).keys.size(), 6U);
    const auto page = list("b/", "", 2);
    EXPECT_EQ(page.keys, (std::vector<std::string>{"b/1", "b/2"}));
    EXPECT_TRUE(page.has_more);
    const auto last = list("b/", "b/2", 2);
    EXPECT_EQ(last.keys, std::vector<std::string>{"b/3"});
    EXPECT_FALSE(last.has_more);
    EXPECT_TRUE(list("x", "", 2).keys.empty());
}

TEST_F(KeyValues, answer_in_the_order_of_the_calls) {
    std::vector<std::future<Result<KeyValueAnswer>>> told;
    for (int i = 0; i < 200; ++i) {
        auto answer = std::make_shared<std::promise<Result<KeyValueAnswer>>>();
        told.push_back(answer->get_future());
        store().key_value({i % 2 == 0 ? Kind::put : Kind::get,
                           DeploymentId{"shop"},
                           "k",
                           std::to_string(i),
                           {},
                           std::nullopt,
                           0},
                          [answer](Result<KeyValueAnswer> one) { answer->set_value(std::move(one)); });
    }
    for (int i = 1; i < 200; i += 2)
        EXPECT_EQ(told[static_cast<std::size_t>(i)].get().value().value, std::to_string(i - 1));
}

}  // namespace
}  // namespace parley

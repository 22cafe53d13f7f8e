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

    ErasedKeys erase(const PersonNames& person) {
        ErasedKeys all;
        std::string after;
        for (all.is_done = false; !all.is_done;) {
            std::promise<Result<ErasedKeys>> erased;
            store().erase_keys({DeploymentId{"shop"}, person, after},
                               [&](Result<ErasedKeys> one) { erased.set_value(std::move(one)); });
            const auto some = erased.get_future().get();
            if (!some) break;
            all.erased += some->erased;
            all.naming.insert(all.naming.end(), some->naming.begin(), some->naming.end());
            all.is_done = some->is_done;
            after = some->next;
            ++slices_;
        }
        return all;
    }

    int slices_ = 0;
    fakes::TempFolder folder_;
    SystemClock clock_;
    SqliteOptions options_;
    std::unique_ptr<EngineStore> store_;
};

TEST_F(KeyValues, of_an_erased_person_go_and_values_of_others_that_name_them_are_told) {
    const PersonNames asha{{ConversationId{17}}, {"919876543210"}};
    for (int i = 0; i < 1200; ++i) done(Kind::put, "day/" + std::to_string(i), "quiet");
    for (const char* key : {"cart/919876543210", "conversation/17", "zz:919876543210"})
        done(Kind::put, key, "theirs");
    done(Kind::put, "guests", "919876543210 and 919876543219");
    done(Kind::put, "cart/919876543219", "somebody else's");
    done(Kind::put, "cart/919876543210", "another deployment's", std::nullopt, "clinic");
    const ErasedKeys erased = erase(asha);
    EXPECT_TRUE(erased.is_done);
    EXPECT_GE(slices_, 3);
    EXPECT_EQ(erased.erased, 3U);
    EXPECT_EQ(erased.naming, std::vector<std::string>{"guests"});
    restart();
    for (const char* key : {"cart/919876543210", "conversation/17", "zz:919876543210"})
        EXPECT_EQ(done(Kind::get, key).version, 0U) << key;
    EXPECT_NE(done(Kind::get, "guests").version, 0U);
    EXPECT_NE(done(Kind::get, "cart/919876543219").version, 0U);
    EXPECT_NE(done(Kind::get, "cart/919876543210", "", std::nullopt, "clinic").version, 0U);
    EXPECT_EQ(erase(asha).erased, 0U);
}

TEST_F(KeyValues, that_are_erased_make_room) {
    options_.key_values.keys = 2;
    done(Kind::put, "cart/919876543210", "a");
    done(Kind::put, "b", "b");
    EXPECT_NE(refusal("c", "c"), "");
    EXPECT_EQ(erase({{}, {"919876543210"}}).erased, 1U);
    EXPECT_EQ(refusal("c", "c"), "");
}

TEST_F(KeyValues, of_big_values_are_erased_in_slices) {
    for (int i = 0; i < 80; ++i) done(Kind::put, "v" + std::to_string(i), std::string(60'000, 'x'));
    EXPECT_EQ(erase({{}, {"919876543210"}}).erased, 0U);
    EXPECT_GE(slices_, 3);
}

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

#include "host/host_media.hpp"

#include <gtest/gtest.h>

#include "fakes/fake_media_library.hpp"
#include "host_fixture.hpp"

namespace parley {
namespace {

class HostMedia : public BothWays {
  protected:
    HostMedia() { options_.media = &media_; }
    bool wait_asked(std::size_t count) {
        return eventually([&] { return media_.asked().size() >= count; });
    }
    static std::string text_of(parley_status status) { return text_reply(std::to_string(status)); }

    FakeMediaLibrary media_;
};

TEST_P(HostMedia, hands_over_the_file_of_the_agents_own_deployment) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "media 1000000000000001");
    ASSERT_TRUE(wait_asked(1));
    EXPECT_EQ(media_.asked()[0].deployment, DeploymentId{"shop"});
    EXPECT_EQ(media_.asked()[0].media_id, "1000000000000001");
    EXPECT_FALSE(asked.is_finished());
    media_.fetches.at(0)(MediaFile{"/var/a \"b\"", "image/jpeg", "00ff", 12});
    EXPECT_EQ(
        asked.reply(),
        text_reply(
            R"(0 0 {} {\"path\":\"/var/a \\\"b\\\"\",\"mime_type\":\"image/jpeg\",\"sha256\":\"00ff\",\"size\":12})"));
}

TEST_P(HostMedia, says_how_it_failed) {
    const auto agent = make("probe");
    const std::vector<std::pair<Errc, parley_status>> failures{
        {Errc::invalid_input, PARLEY_INVALID}, {Errc::not_found, PARLEY_INVALID},
        {Errc::unauthorized, PARLEY_DENIED},   {Errc::busy, PARLEY_LIMIT},
        {Errc::unavailable, PARLEY_INTERNAL},  {Errc::corrupt, PARLEY_INTERNAL}};
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const Asked asked = ask(*agent, "media 1");
        ASSERT_TRUE(wait_asked(i + 1));
        media_.fetches.at(i)(Error{failures[i].first, "no luck"});
        EXPECT_EQ(asked.reply(), text_reply(std::to_string(failures[i].second) + " 0  no luck"));
    }
}

TEST_P(HostMedia, uploads_bytes_or_a_file) {
    const auto agent = make("probe");
    const Asked bytes = ask(*agent, R"(upload {"mime_type":"application/pdf","filename":"terms.pdf"})");
    ASSERT_TRUE(wait_asked(1));
    EXPECT_EQ(media_.asked()[0].media.mime_type, "application/pdf");
    EXPECT_EQ(media_.asked()[0].media.filename, "terms.pdf");
    EXPECT_EQ(media_.asked()[0].media.bytes, "file");
    media_.uploads.at(0)(std::string("77"));
    EXPECT_EQ(bytes.reply(), text_reply(R"(0 0 {} {\"id\":\"77\"})"));
    const Asked file = ask(*agent, R"(upload-path {"mime_type":"image/png","path":"/tmp/a.png"})");
    ASSERT_TRUE(wait_asked(2));
    EXPECT_EQ(media_.asked()[1].media.path, "/tmp/a.png");
    media_.uploads.at(1)(Error{Errc::unavailable, "later"});
    EXPECT_EQ(file.reply(), text_reply("-9 0  later"));
}

TEST_P(HostMedia, removes_media) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "remove-media 77");
    ASSERT_TRUE(wait_asked(1));
    EXPECT_EQ(media_.asked()[0].media_id, "77");
    media_.removals.at(0)(Result<>{});
    EXPECT_EQ(asked.reply(), text_reply("0 0 {} {}"));
}

TEST_P(HostMedia, refuses_wrong_arguments_and_asks_for_nothing) {
    const auto agent = make("probe");
    for (const char* wrong :
         {"media", "remove-media", "upload nonsense", "upload {}", R"(upload {"mime_type":7})",
          R"(upload {"mime_type":"a/b","path":"/both"})", R"(upload-path {"mime_type":"a/b"})",
          R"(upload-path {"mime_type":"a/b","path":"relative"})"})
        EXPECT_EQ(ask(*agent, wrong).reply(), text_of(PARLEY_INVALID)) << wrong;
    EXPECT_EQ(ask(*agent, "media " + std::string(257, '1')).reply(), text_of(PARLEY_INVALID));
    EXPECT_TRUE(media_.asked().empty());
}

TEST_P(HostMedia, ends_an_operation_with_its_turn) {
    const auto agent = make("probe");
    const Asked asked = ask(*agent, "media 1");
    ASSERT_TRUE(wait_asked(1));
    ASSERT_EQ(ask(*agent, "echo x").reply(), text_reply("x"));  // its call has returned
    agent->cancel(asked.turn(), "deadline");
    EXPECT_TRUE(
        eventually([&] { return ask(*agent, "report").reply().find("result -7") != std::string::npos; }));
    media_.fetches.at(0)(MediaFile{"/late", "image/jpeg", "00", 1});
    EXPECT_EQ(ask(*agent, "report").reply().find("late"), std::string::npos);
}

TEST_P(HostMedia, is_unsupported_when_the_host_reaches_no_whatsapp) {
    options_.media = nullptr;
    const auto agent = make("probe");
    EXPECT_EQ(ask(*agent, "media 1").reply(), text_of(PARLEY_UNSUPPORTED));
}

INSTANTIATE_TEST_SUITE_P(Agents, HostMedia, both_ways, way_name);

}  // namespace
}  // namespace parley

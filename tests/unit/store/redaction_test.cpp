#include "store/redaction.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr WallTime now = from_unix_ms(1'790'000'000'000);

class Redaction : public ::testing::Test {
  protected:
    const Redactor redactor{{"919876543210", "IN.48125551234567", "Asha Rao"}, 17, now, {"tok-123456", "ab"}};
};

TEST_F(Redaction, makes_a_pseudonym_of_the_conversation_alone) {
    EXPECT_EQ(redactor.pseudonym().wa_id, "910000000017");
    EXPECT_EQ(redactor.pseudonym().user_id, "IN.00000000000017");
    EXPECT_EQ(redactor.pseudonym().name, "Person17");
    const Redactor other({"918888888888", "", "Ravi"}, 17, now);
    EXPECT_EQ(other.pseudonym().wa_id, "910000000017");
}

TEST_F(Redaction, replaces_the_person_wherever_it_stands) {
    EXPECT_EQ(redactor.text("I am Asha Rao, call +919876543210 or 98765 43210"),
              "I am Person17, call +910000000017 or 00000 00017");
    EXPECT_EQ(redactor.text("asha? Asha! Ashanti"), "Person17? Person17! Ashanti");
    EXPECT_EQ(redactor.text("id IN.48125551234567."), "id IN.00000000000017.");
}

TEST_F(Redaction, masks_long_runs_of_digits_but_for_dates_and_times) {
    EXPECT_EQ(redactor.text("card 4111 1111-1111 1111, pin 123456"), "card 4000 0000-0000 0000, pin 123456");
    EXPECT_EQ(redactor.text("on 2026-11-21 10:30"), "on 2026-11-21 10:30");
    EXPECT_EQ(redactor.text("at 1790000001"), "at 1790000001");
    EXPECT_EQ(redactor.text("at 1690000001"), "at 1000000000") << "not near the turn";
}

TEST_F(Redaction, hides_mail_addresses_message_ids_and_secrets) {
    EXPECT_EQ(redactor.text("asha.rao@mail.example.org, please"), "someone@example.com, please");
    EXPECT_EQ(redactor.text("Bearer tok-123456 and ab"), "Bearer [secret] and ab");
    const std::string id = redactor.text("wamid.HBgMOTE5ODc2NTQzMjEw=");
    EXPECT_TRUE(id.starts_with("wamid.r")) << id;
    EXPECT_EQ(id.find("HBgM"), std::string::npos);
    EXPECT_EQ(redactor.url("https://a.test/x?api_key=q1w2&n=5"), "https://a.test/x?api_key=[secret]&n=5");
}

TEST_F(Redaction, walks_json) {
    const auto json = Redactor::Json::parse(
        R"({"from":"919876543210","order":12345678,"at":1790000000,"latitude":12.97161,
            "contacts":[{"name":{"formatted_name":"Ravi K","first_name":"Ravi"},"phones":[{"phone":"+91 99999 00001"}]}],
            "profile":{"name":"Asha Rao"},"n":3,"ok":true})");
    EXPECT_EQ(
        redactor.json(json).dump(),
        R"({"from":"910000000017","order":10000000,"at":1790000000,"latitude":13.0,)"
        R"("contacts":[{"name":{"formatted_name":"Someone","first_name":"Someone"},"phones":[{"phone":"+90 00000 00000"}]}],)"
        R"("profile":{"name":"Person17"},"n":3,"ok":true})");
}

TEST_F(Redaction, twice_is_as_once) {
    const Redactor again(redactor.pseudonym(), 17, now);
    for (const char* text :
         {"I am Asha Rao, +919876543210, IN.48125551234567, wamid.HBgMOTE5 and 4111 1111 1111 1111",
          "mail a@b.example, 2026-11-21, 1790000001"}) {
        const std::string once = redactor.text(text);
        EXPECT_EQ(again.text(once), once);
    }
}

}  // namespace
}  // namespace parley

// Meta's escapes, with the signature vectors that a receiver must verify.
#include "simulator/meta_json.hpp"

#include <gtest/gtest.h>

#include "base/crypto/hmac.hpp"

namespace parley::sim {
namespace {

const Secret secret{"0f1e2d3c4b5a69788796a5b4c3d2e1f0"};

std::string escaped(std::string_view text) {
    std::string out;
    append_meta_string(out, text);
    return out;
}

TEST(MetaJson, signs_an_ascii_body_as_the_published_vector) {
    const std::string body =
        R"({"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001111","phone_number_id":"300000000000001"},"contacts":[{"profile":{"name":"Asha"},"wa_id":"919800000001"}],"messages":[{"from":"919800000001","id":"wamid.TEST0001","timestamp":"1790000000","type":"text","text":{"body":"Hi"}}]},"field":"messages"}]}]})";
    const std::string written = to_meta_json(Json::parse(body));
    EXPECT_EQ(written, body);
    EXPECT_EQ(to_hex(HmacSha256(secret).mac(written)),
              "114d04c3c91a06cefc5a575ca07575b9d7dcba00a409559b12b0c15b3cdf9a91");
}

TEST(MetaJson, signs_an_escaped_body_as_the_published_vector) {
    const Json document{
        {"object", "whatsapp_business_account"},
        {"entry",
         Json::array({{{"id", "1"},
                       {"changes", Json::array({{{"value", {{"b", "caf\u00e9 \U0001F600 a@b.in 10% /x"}}},
                                                 {"field", "messages"}}})}}})}};
    const std::string written = to_meta_json(document);
    EXPECT_EQ(written.size(), 156U);
    EXPECT_EQ(to_hex(HmacSha256(secret).mac(written)),
              "525f1404216ffbbbe4370292b8df2019b07542db62df0aa07178d8509f3a92dc");
    EXPECT_NE(to_hex(HmacSha256(secret).mac(document.dump())), to_hex(HmacSha256(secret).mac(written)));
}

TEST(MetaJson, writes_each_kind_of_character_as_meta_does) {
    EXPECT_EQ(escaped("a/b"), R"("a\/b")");
    EXPECT_EQ(escaped("@%<>&"), R"("\u0040\u0025\u003c\u003e\u0026")");
    EXPECT_EQ(escaped("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
    EXPECT_EQ(escaped(std::string("\x01\x1f\x7f", 3)), "\"\\u0001\\u001f\x7f\"");
    EXPECT_EQ(escaped(std::string(1, '\0')), R"("\u0000")");
    EXPECT_EQ(escaped("\u00e9"), R"("\u00e9")");
    EXPECT_EQ(escaped("\u0928\u092e"), R"("\u0928\u092e")");
    EXPECT_EQ(escaped("\uffff"), R"("\uffff")");
    EXPECT_EQ(escaped("\U00010000"), R"("\ud800\udc00")");
    EXPECT_EQ(escaped("\U0001F44D\U0001F3FD"), R"("\ud83d\udc4d\ud83c\udffd")");
    EXPECT_EQ(escaped("\U0010FFFF"), R"("\udbff\udfff")");
}

TEST(MetaJson, replaces_bytes_that_are_not_utf8) {
    EXPECT_EQ(escaped("a\xff"
                      "b"),
              R"("a\ufffdb")");
    EXPECT_EQ(escaped("\xc3"), R"("\ufffd")");
    EXPECT_EQ(escaped("\xc0\x80"), R"("\ufffd\ufffd")");
    EXPECT_EQ(escaped("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");
    EXPECT_EQ(escaped("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");
}

TEST(MetaJson, keeps_numbers_truth_and_nesting) {
    const std::string text = R"({"a":[1,-2,1.5,true,false,null,{},[]],"b":{"c":"\/"}})";
    EXPECT_EQ(to_meta_json(Json::parse(text)), text);
}

TEST(MetaJson, parses_back_to_the_same_document) {
    const Json document = Json::parse(R"({"k\u00e9/":"\ud83d\ude00 <b>&amp;</b>","n":12345678901234})");
    EXPECT_EQ(Json::parse(to_meta_json(document)), document);
}

}  // namespace
}  // namespace parley::sim

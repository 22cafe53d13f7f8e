#include "whatsapp/signature.hpp"

#include <gtest/gtest.h>

#include "unit/whatsapp/samples.hpp"

namespace parley {
namespace {

const char* const vector_secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const char* const vector_digest = "114d04c3c91a06cefc5a575ca07575b9d7dcba00a409559b12b0c15b3cdf9a91";
const char* const escaped_body =
    R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"b":"caf\u00e9 \ud83d\ude00 a\u0040b.in 10\u0025 \/x"},"field":"messages"}]}]})";
const char* const escaped_digest = "525f1404216ffbbbe4370292b8df2019b07542db62df0aa07178d8509f3a92dc";

SignatureVerifier verifier_of(const std::vector<std::pair<std::string, std::vector<std::string>>>& apps) {
    std::vector<AppSecrets> all;
    for (const auto& [name, secrets] : apps) {
        AppSecrets app{AppId(name), {}};
        for (const auto& secret : secrets) app.secrets.emplace_back(secret);
        all.push_back(app);
    }
    return SignatureVerifier(all);
}

std::vector<std::string> names(std::span<const AppId> apps) {
    std::vector<std::string> result;
    for (const AppId& app : apps) result.push_back(app.str());
    return result;
}

using Names = std::vector<std::string>;

TEST(Signature, matches_the_known_vectors) {
    const auto verifier = verifier_of({{"default", {vector_secret}}});
    ASSERT_EQ(samples::signed_vector().size(), 416U);
    EXPECT_EQ(names(verifier.verify(std::string("sha256=") + vector_digest, samples::signed_vector())),
              Names{"default"});
    EXPECT_EQ(names(verifier.verify(std::string("sha256=") + escaped_digest, escaped_body)),
              Names{"default"});
}

TEST(Signature, is_made_as_meta_makes_it) {
    EXPECT_EQ(make_signature(Secret(vector_secret), escaped_body), std::string("sha256=") + escaped_digest);
}

TEST(Signature, of_the_escaped_text_does_not_cover_the_same_document_written_otherwise) {
    const auto verifier = verifier_of({{"default", {vector_secret}}});
    const std::string plain =
        "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":{\"b\":"
        "\"caf\u00e9 "
        "\U0001F600 a@b.in 10% /x\"},\"field\":\"messages\"}]}]}";
    ASSERT_EQ(plain.size(), 133U);
    EXPECT_TRUE(verifier.verify(std::string("sha256=") + escaped_digest, plain).empty());
}

TEST(Signature, names_the_app_whose_secret_it_is_also_while_one_is_rotated) {
    const auto verifier = verifier_of({{"first", {"other"}}, {"second", {"new secret", vector_secret}}});
    const std::string body = "{}";
    EXPECT_EQ(names(verifier.verify(make_signature(Secret("other"), body), body)), Names{"first"});
    EXPECT_EQ(names(verifier.verify(make_signature(Secret("new secret"), body), body)), Names{"second"});
    EXPECT_EQ(names(verifier.verify(make_signature(Secret(vector_secret), body), body)), Names{"second"});
    EXPECT_TRUE(verifier.verify(make_signature(Secret("unknown"), body), body).empty());
}

TEST(Signature, counts_for_every_app_that_was_given_the_same_secret) {
    const auto verifier = verifier_of({{"first", {"same"}}, {"second", {"same", "same"}}});
    EXPECT_EQ(names(verifier.verify(make_signature(Secret("same"), "x"), "x")), (Names{"first", "second"}));
}

TEST(Signature, header_must_be_the_scheme_and_64_digits) {
    const auto verifier = verifier_of({{"default", {vector_secret}}});
    const std::string body = samples::signed_vector();
    const std::string digest = vector_digest;
    std::string upper = digest;
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_FALSE(verifier.verify("sha256=" + upper, body).empty());
    for (const std::string& header :
         {std::string(), digest, "sha1=" + digest, "SHA256=" + digest, "sha256=" + digest + "0",
          "sha256= " + digest, "sha256=" + digest.substr(1), "sha256=" + digest.substr(2),
          "sha256=g" + digest.substr(1), "sha256=" + digest.substr(0, 63) + "0", std::string("sha256=")}) {
        EXPECT_TRUE(verifier.verify(header, body).empty()) << header;
    }
}

TEST(Signature, changes_with_any_byte_of_the_body) {
    const auto verifier = verifier_of({{"default", {vector_secret}}});
    const std::string header = std::string("sha256=") + vector_digest;
    for (std::size_t i = 0; i < samples::signed_vector().size(); i += 13) {
        std::string body = samples::signed_vector();
        body[i] = static_cast<char>(body[i] ^ 1);
        EXPECT_TRUE(verifier.verify(header, body).empty()) << i;
    }
    EXPECT_TRUE(verifier.verify(header, samples::signed_vector() + "\n").empty());
}

TEST(Signature, of_an_empty_secret_is_nobodys) {
    const auto verifier = verifier_of({{"default", {""}}});
    EXPECT_FALSE(verifier.has_secrets());
    EXPECT_TRUE(verifier.verify(make_signature(Secret(""), "x"), "x").empty());
}

}  // namespace
}  // namespace parley

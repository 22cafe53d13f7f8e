#include "app/firestore_setup.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fakes/fake_clock.hpp"
#include "fakes/fake_random.hpp"
#include "fakes/rsa_key.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

LoadReport load_with(const std::string& accounts, const Environment& more = {}) {
    Environment variables = test::environment();
    variables.insert(more.begin(), more.end());
    return load_config("test.yaml", test::with_deployment("") + "accounts: " + accounts + "\n", variables,
                       test::now());
}

TEST(FirestoreSetup, takes_the_emulators_address_and_needs_no_key_then) {
    const LoadReport report = load_with("{ store: firestore, firestore: { project: demo } }",
                                        {{"FIRESTORE_EMULATOR_HOST", "127.0.0.1:8080"}});
    EXPECT_EQ(test::errors_of(report), "");
    EXPECT_EQ(report.config.accounts.firestore.emulator, "127.0.0.1:8080");
    EXPECT_NE(test::errors_of(load_with("{ store: firestore, firestore: { project: demo } }",
                                        {{"FIRESTORE_EMULATOR_HOST", "http://x"}}))
                  .find("the variable FIRESTORE_EMULATOR_HOST"),
              std::string::npos);
}

TEST(FirestoreSetup, asks_for_what_is_missing_where_it_is_asked_for) {
    const std::string of_accounts = test::errors_of(load_with("{ store: firestore }"));
    EXPECT_NE(
        of_accounts.find("test.yaml:7:20: accounts.firestore.project: is missing: accounts are to be kept "
                         "in Firestore\n"),
        std::string::npos)
        << of_accounts;
    EXPECT_NE(of_accounts.find("accounts.firestore.credentials: is missing"), std::string::npos);
    const std::string of_logs = test::errors_of(load_with("{ firestore: { webhook_logs: true } }"));
    EXPECT_NE(of_logs.find("project: is missing: webhook logs are to be kept in Firestore"),
              std::string::npos)
        << of_logs;
}

TEST(FirestoreSetup, is_left_alone_while_nothing_is_to_be_kept_there) {
    const LoadReport report = load_with("{ firestore: { project: X_, credentials: nowhere.json } }",
                                        {{"FIRESTORE_EMULATOR_HOST", "rubbish"}});
    EXPECT_EQ(test::errors_of(report), "");
    EXPECT_FALSE(uses_firestore(report.config));
}

TEST(FirestoreSetup, reads_the_key_file_before_anything_starts) {
    const fakes::TempFolder folder;
    const std::string file = (folder.path() / "key.json").string();
    const std::string accounts =
        "{ store: firestore, firestore: { project: demo, credentials: " + file + " } }";
    std::ofstream(file) << "{\"type\":\"service_account\"}";
    EXPECT_NE(test::errors_of(load_with(accounts)).find("key.json has no `client_email`"), std::string::npos);
    std::ofstream(file) << nlohmann::json{{"type", "service_account"},
                                          {"private_key_id", "1"},
                                          {"private_key", fakes::RsaKey().pem()},
                                          {"client_email", "a@b"},
                                          {"token_uri", "https://oauth2.googleapis.com/token"}};
    const LoadReport report = load_with(accounts);
    EXPECT_EQ(test::errors_of(report), "");
    const FakeClock clock;
    FakeRandom random;
    Metrics metrics;
    EXPECT_TRUE(FirestoreSide::open(report.config, {clock, random, metrics}));
    std::filesystem::remove(file);
    const auto gone = FirestoreSide::open(report.config, {clock, random, metrics});
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code(), Errc::invalid_input);
}

}  // namespace
}  // namespace parley

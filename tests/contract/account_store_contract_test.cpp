// What every AccountStore must do, whatever it is made of.
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "fakes/fake_account_store.hpp"
#include "fakes/fake_firestore.hpp"
#include "fakes/firestore_client.hpp"
#include "fakes/firestore_emulator.hpp"
#include "fakes/temp_folder.hpp"
#include "firestore/account_store.hpp"
#include "net/curl_client.hpp"
#include "store/sqlite_store.hpp"

namespace parley::contract {
namespace {

class AccountHarness {
  public:
    virtual ~AccountHarness() = default;
    virtual AccountStore& store() = 0;
    virtual void reopen() {}
};

class FakeHarness final : public AccountHarness {
    AccountStore& store() override { return store_; }
    fakes::FakeAccountStore store_;
};

class SqliteHarness final : public AccountHarness {
  public:
    SqliteHarness() { open(); }
    AccountStore& store() override { return *store_; }
    void reopen() override { open(); }

  private:
    void open() {
        store_.reset();
        SqliteOptions options;
        options.path = (folder_.path() / "parley.db").string();
        auto opened = open_sqlite_store(options, clock_);
        ASSERT_TRUE(opened) << opened.error().message();
        store_ = std::move(*opened);
    }
    fakes::TempFolder folder_;
    SystemClock clock_;
    std::unique_ptr<EngineStore> store_;
};

// Over any HTTP client: the fake's, or one that reaches an emulator.
class FirestoreHarness final : public AccountHarness {
  public:
    explicit FirestoreHarness(std::unique_ptr<HttpClient> http, std::string address = "fake:1")
        : http_(std::move(http)), address_(std::move(address)) {
        open();
    }
    AccountStore& store() override { return *store_; }
    void reopen() override { open(); }

  private:
    void open() {
        store_.reset();
        client_ = std::make_unique<fakes::FirestoreClient>(
            *http_, firestore::ClientOptions{.project = "p", .emulator = address_});
        store_ = std::make_unique<firestore::FirestoreAccountStore>(client_->client, random_);
    }
    std::unique_ptr<HttpClient> http_;
    std::string address_;
    SystemRandom random_;
    std::unique_ptr<fakes::FirestoreClient> client_;
    std::unique_ptr<firestore::FirestoreAccountStore> store_;
};

class EmulatorHarness final : public AccountHarness {
  public:
    AccountStore& store() override { return firestore_.store(); }
    void reopen() override { firestore_.reopen(); }

  private:
    fakes::FirestoreEmulator emulator_;
    FirestoreHarness firestore_{std::make_unique<CurlClient>(CurlOptions{}), emulator_.address()};
};

using MakeHarness = std::function<std::unique_ptr<AccountHarness>()>;

constexpr WallTime t0 = from_unix_ms(1'790'000'000'000);
constexpr std::chrono::hours hour{1};

StoredAccount account(const std::string& id, const std::string& channel) {
    StoredAccount one;
    one.id = DeploymentId(id);
    one.state = AccountState::pending_verification;
    one.channel = PhoneNumberId(channel);
    one.waba_id = "2000";
    one.agent = "echo";
    one.details_json = R"({"phone_number":"+919800000100"})";
    one.sealed = {{"access_token", "p1.a"}, {"pin", "p1.b"}};
    one.created_at = one.changed_at = t0;
    return one;
}

class AccountStoreContract : public testing::TestWithParam<MakeHarness> {
  protected:
    void SetUp() override {
        harness_ = GetParam()();
        if (!harness_) GTEST_SKIP() << fakes::FirestoreEmulator::missing;
    }
    AccountStore& store() { return harness_->store(); }

    StoredAccount put(StoredAccount one) {
        auto stored = store().put_account(std::move(one));
        EXPECT_TRUE(stored) << (stored ? "" : stored.error().message());
        return stored ? *stored : StoredAccount{};
    }
    std::string refusal(StoredAccount one) {
        const auto stored = store().put_account(std::move(one));
        EXPECT_FALSE(stored);
        if (stored) return {};
        EXPECT_EQ(stored.error().code(), Errc::conflict);
        return stored.error().message();
    }
    std::vector<StoredAccount> all() { return store().accounts().value(); }
    std::unique_ptr<AccountHarness> harness_;
};

TEST_P(AccountStoreContract, gives_back_what_was_put_also_after_a_restart) {
    EXPECT_TRUE(all().empty());
    put(account("shop", "111"));
    put(account("support", "222"));
    harness_->reopen();
    const std::vector<StoredAccount> known = all();
    ASSERT_EQ(known.size(), 2U);
    const StoredAccount& one = known.front();
    EXPECT_EQ(one.id.str(), "shop");
    EXPECT_EQ(one.state, AccountState::pending_verification);
    EXPECT_EQ(one.channel.str(), "111");
    EXPECT_EQ(one.waba_id, "2000");
    EXPECT_EQ(one.agent, "echo");
    EXPECT_EQ(one.details_json, R"({"phone_number":"+919800000100"})");
    EXPECT_EQ(one.sealed, account("shop", "111").sealed);
    EXPECT_EQ(one.created_at, t0);
    EXPECT_EQ(one.version, 1U);
}

TEST_P(AccountStoreContract, changes_an_account_only_as_its_caller_knows_it) {
    StoredAccount one = put(account("shop", "111"));
    one.state = AccountState::active;
    one.sealed.erase("pin");
    one.changed_at = t0 + hour;
    const StoredAccount changed = put(one);
    EXPECT_EQ(changed.version, 2U);
    EXPECT_NE(refusal(one).find("shop"), std::string::npos);
    EXPECT_NE(refusal(account("shop", "333")).find("shop"), std::string::npos);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all().front().state, AccountState::active);
    EXPECT_EQ(all().front().sealed.count("pin"), 0U);
    EXPECT_EQ(all().front().created_at, t0);
    EXPECT_EQ(all().front().changed_at, t0 + hour);
}

TEST_P(AccountStoreContract, gives_a_number_to_one_account_and_says_whose_it_is) {
    put(account("shop", "111"));
    EXPECT_NE(refusal(account("support", "111")).find("the account shop"), std::string::npos);
    put(account("one", ""));
    put(account("two", ""));
    EXPECT_EQ(all().size(), 3U);
    ASSERT_TRUE(store().remove_account(DeploymentId("shop")));
    put(account("support", "111"));
}

TEST_P(AccountStoreContract, removes_an_account_with_its_secrets) {
    put(account("shop", "111"));
    ASSERT_TRUE(store().remove_account(DeploymentId("shop")));
    ASSERT_TRUE(store().remove_account(DeploymentId("shop")));
    EXPECT_TRUE(all().empty());
    StoredAccount again = account("shop", "111");
    again.sealed.clear();
    put(again);
    EXPECT_TRUE(all().front().sealed.empty());
}

TEST_P(AccountStoreContract, remembers_the_calls_that_meta_counts_longer_than_the_account) {
    put(account("shop", "111"));
    EXPECT_EQ(store().setup_history(PhoneNumberId("111")).value(), SetupHistory{});
    const SetupHistory history{{t0, t0 + hour}, {t0}, {}, t0 + 72 * hour, std::nullopt, t0};
    ASSERT_TRUE(store().put_setup_history(PhoneNumberId("111"), history));
    ASSERT_TRUE(store().remove_account(DeploymentId("shop")));
    harness_->reopen();
    EXPECT_EQ(store().setup_history(PhoneNumberId("111")).value(), history);
    EXPECT_EQ(store().setup_history(PhoneNumberId("222")).value(), SetupHistory{});
    ASSERT_TRUE(store().put_setup_history(PhoneNumberId("111"), {}));
    EXPECT_EQ(store().setup_history(PhoneNumberId("111")).value(), SetupHistory{});
}

TEST(AccountState, has_numbers_that_never_change) {
    const std::vector<std::pair<int, std::string>> known{
        {0, "pending_verification"}, {1, "code_sent"}, {2, "active"}, {3, "paused"}, {4, "deleted"}};
    for (const auto& [number, name] : known) EXPECT_EQ(to_string(static_cast<AccountState>(number)), name);
}

INSTANTIATE_TEST_SUITE_P(Fake, AccountStoreContract,
                         testing::Values([] { return std::make_unique<FakeHarness>(); }));
INSTANTIATE_TEST_SUITE_P(Sqlite, AccountStoreContract,
                         testing::Values([] { return std::make_unique<SqliteHarness>(); }));

INSTANTIATE_TEST_SUITE_P(FakeFirestore, AccountStoreContract, testing::Values([] {
                             return std::make_unique<FirestoreHarness>(
                                 std::make_unique<fakes::FakeFirestore>());
                         }));

INSTANTIATE_TEST_SUITE_P(FirestoreEmulator, AccountStoreContract,
                         testing::Values([]() -> std::unique_ptr<AccountHarness> {
                             if (!fakes::FirestoreEmulator::is_installed()) return nullptr;
                             return std::make_unique<EmulatorHarness>();
                         }));

}  // namespace
}  // namespace parley::contract

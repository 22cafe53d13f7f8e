// Runs the contract against the store of the engine and against the fake that other tests use.
#include "contract/message_store_contract.hpp"

#include <filesystem>

#include "fakes/fake_message_store.hpp"
#include "fakes/temp_folder.hpp"
#include "store/sqlite_store.hpp"

namespace parley::contract {
namespace {

class FakeHarness final : public Harness {
  public:
    MessageStore& store() override { return store_; }
    void reopen() override {}

  private:
    fakes::FakeMessageStore store_;
};

class SqliteHarness final : public Harness {
  public:
    explicit SqliteHarness(bool in_memory) : in_memory_(in_memory) { open(); }
    MessageStore& store() override { return *store_; }
    void reopen() override {
        if (in_memory_) return;
        store_.reset();
        open();
    }

  private:
    void open() {
        SqliteOptions options;
        options.path = in_memory_ ? ":memory:" : (folder_.path() / "store.db").string();
        options.lazy_wait = Millis{1};
        auto opened = open_sqlite_store(options, clock_);
        if (!opened) throw std::runtime_error(opened.error().message());
        store_ = std::move(*opened);
    }

    const bool in_memory_;
    fakes::TempFolder folder_;
    SystemClock clock_;
    std::unique_ptr<MessageStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Fake, MessageStoreContract,
                         testing::Values([] { return std::make_unique<FakeHarness>(); }));
INSTANTIATE_TEST_SUITE_P(Sqlite, MessageStoreContract,
                         testing::Values([] { return std::make_unique<SqliteHarness>(false); }));
INSTANTIATE_TEST_SUITE_P(SqliteInMemory, MessageStoreContract,
                         testing::Values([] { return std::make_unique<SqliteHarness>(true); }));

}  // namespace
}  // namespace parley::contract

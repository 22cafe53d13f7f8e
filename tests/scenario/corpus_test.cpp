// Every payload that Meta documents, in batches of all sizes, over five numbers, many at a time, more than once each,
// while the engine is killed: each item is stored once, and the agent gets each message that is an agent's.
#include "corpus.hpp"

#include "killed.hpp"
#include "store/item_flags.hpp"
#include "store/sqlite.hpp"

namespace parley::scenario {
namespace {

class WholeCorpus : public Killed {
  protected:
    static constexpr int posters = 64;

    void write_world() {
        const std::string recorder = PARLEY_BINARY_DIR "/tests/scenario-agents/recorder.so";
        deployments.clear();
        for (const char* number : {"111", "222", "333"})
            deployments +=
                deployment(std::string("shop-") + number, number, "{ file: \"" + notes().string() + "\" }",
                           "    presence: { read: false }\n", recorder);
        write_config();
    }
    std::filesystem::path notes() const { return folder_.path() / "seen.txt"; }

    std::vector<std::string> batches() {
        std::vector<std::string> bodies;
        for (const auto& [size, count] : {std::pair{1, 150}, {2, 200}, {10, 100}, {100, 25}, {1000, 4}})
            for (int i = 0; i < count; ++i) bodies.push_back(corpus.compose(size, expected));
        return bodies;
    }
    // All of them, and all of them again, 64 at a time.
    void post(const std::vector<std::string>& bodies) {
        std::atomic<std::size_t> next{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < posters; ++i)
            threads.emplace_back([&] {
                for (std::size_t at = next++; at < 2 * bodies.size(); at = next++)
                    insist(bodies[at % bodies.size()]);
            });
        for (std::thread& thread : threads) thread.join();
    }

    std::set<int> seen() const {
        std::ifstream in(notes());
        std::set<int> serials;
        for (std::string line; std::getline(in, line);) serials.insert(std::stoi(line));
        return serials;
    }
    // The serials of the items in the store; each that is there twice is a failure.
    void read_store(std::set<int>& routed, std::set<int>& unrouted) const {
        auto db =
            sqlite::Database::open((folder_.path() / "parley.db").string(), sqlite::Database::Mode::read);
        ASSERT_TRUE(db) << db.error().message();
        auto rows = db->prepare("SELECT raw, flags FROM item");
        ASSERT_TRUE(rows);
        for (rows->start(); rows->next();) {
            const int serial = serial_in(sim::Json::parse(rows->text(0)));
            const bool is_routed = (rows->integer(1) & item_routed) != 0;
            EXPECT_TRUE((is_routed ? routed : unrouted).insert(serial).second) << "twice: " << rows->text(0);
        }
    }
    static int serial_in(const sim::Json& stored) {
        const sim::Json& value = stored.contains("value") ? stored.at("value") : stored;
        for (const char* array : {"messages", "statuses", "errors"})
            if (value.is_object() && value.contains(array) && !value.at(array).empty() &&
                value.at(array).at(0).contains("serial"))
                return value.at(array).at(0).at("serial");
        const sim::Json& holder = value.is_object() && value.contains("serial") ? value : stored;
        return holder.value("serial", 0);
    }

    Corpus corpus{PARLEY_SOURCE_DIR "/tests/data/webhooks", {"111", "222", "333"}, {"444", "555"}};
    Corpus::Expected expected;
};

TEST_F(WholeCorpus, is_stored_once_and_reaches_the_agent_through_kills) {
    ASSERT_GE(corpus.size(), 60U);
    write_world();
    const std::vector<std::string> bodies = batches();
    const int kills = kill_while(
        Millis{20}, [&] { post(bodies); }, 1.2);  // a large body takes longer than a short life
    EXPECT_TRUE(eventually([&] { return seen().size() >= expected.seen.size(); }));
    EXPECT_EQ(seen(), expected.seen);
    process->signal(SIGTERM);
    EXPECT_EQ(process->wait().code, 0);
    std::set<int> routed, unrouted;
    read_store(routed, unrouted);
    EXPECT_EQ(routed, expected.routed);
    EXPECT_EQ(unrouted, expected.unrouted);
    std::cout << 2 * bodies.size() << " posts, " << expected.routed.size() + expected.unrouted.size()
              << " items, " << expected.unrouted.size() << " unrouted, " << expected.seen.size()
              << " seen by the agent, " << kills << " kills\n";
    EXPECT_GE(kills, 2);
}

}  // namespace
}  // namespace parley::scenario

// SIGKILL again and again: what was answered 200 gets its reply, once, in order.
#include "killed.hpp"

namespace parley::scenario {
namespace {

class Kill : public Killed {
  protected:
    static constexpr Millis lifetime{60};  // short, so that a run sees many ends
};

TEST_F(Kill, answers_each_message_once_and_in_order_where_statuses_settle_doubts) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 10s, then: resend }\n");
    start_graph(quick_statuses());
    write_config();
    constexpr int each = 50;
    const int kills = kill_while(lifetime, [&] { post_all(users, 0, each); });
    RecordProperty("kills", kills);
    std::cout << users * each << " messages, " << kills << " kills\n";
    EXPECT_GE(kills, 3);
    expect_all_answered(users, each);
}

TEST_F(Kill, sends_nothing_twice_under_hold_and_lists_what_stays_in_doubt) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: hold }\n");
    sim::Behaviour behaviour;
    behaviour.statuses = false;
    start_graph(behaviour);
    write_config();
    constexpr int each = 20;
    const int kills = kill_while(lifetime, [&] { post_all(users, 0, each); });
    std::set<std::string> held;
    EXPECT_TRUE(eventually([&] {
        held = held_callbacks();
        return accepted() + held.size() >= static_cast<std::uint64_t>(users * each);
    }));
    std::cout << users * each << " messages, " << kills << " kills, " << accepted() << " accepted, "
              << held.size() << " held\n";
    EXPECT_FALSE(repeated());
}

// Graph takes every message of some and then says nothing: what a cut cable or a dying proxy does.
class KillAndCut : public Kill {
  protected:
    static constexpr int each = 25;

    void cut_at_random() {
        sim::FaultRule cut;
        cut.cut = sim::FaultRule::Cut::after;
        cut.probability = 0.1;
        cut.times = 0;
        ASSERT_TRUE(graph->cloud().add_fault(cut));
    }
    std::uint64_t cuts() const {
        return graph->cloud().state("", 1).at("sends").at("counts").value("cut_after", 0U);
    }
};

TEST_F(KillAndCut, sends_nothing_twice_when_statuses_come) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 10s, then: resend }\n");
    start_graph(quick_statuses());
    cut_at_random();
    write_config();
    const int kills = kill_while(lifetime, [&] { post_all(users, 0, each); });
    expect_all_answered(users, each);
    std::cout << users * each << " messages, " << kills << " kills, " << cuts() << " cuts\n";
    EXPECT_GE(kills, 3);
    EXPECT_GE(cuts(), 50U);
}

TEST_F(KillAndCut, lists_every_doubtful_message_when_no_status_comes) {
    deployments = deployment("shop", "111", "{}", "    unknown_sends: { wait: 100ms, then: hold }\n");
    sim::Behaviour behaviour;
    behaviour.statuses = false;
    start_graph(behaviour);
    cut_at_random();
    write_config();
    const int kills = kill_while(lifetime, [&] { post_all(users, 0, each); });
    std::set<std::string> held, taken;
    EXPECT_TRUE(eventually([&] {
        held = held_callbacks();
        taken = accepted_callbacks();
        std::set<std::string> known = held;
        known.insert(taken.begin(), taken.end());
        return known.size() == static_cast<std::size_t>(users * each);
    }));
    std::cout << users * each << " messages, " << kills << " kills, " << cuts() << " cuts, " << taken.size()
              << " accepted, " << held.size() << " held\n";
    EXPECT_FALSE(repeated());
    EXPECT_GE(held.size(), cuts());  // a cut that nothing settles is a doubt for ever
    EXPECT_GE(cuts(), 50U);
}

}  // namespace
}  // namespace parley::scenario

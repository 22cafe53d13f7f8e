// Level 10: what shows only after a while.
#include <malloc.h>

#include "kit/check.hpp"
#include "kit/fuzzer.hpp"
#include "kit/probe.hpp"

extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace parley::kit {
namespace {

constexpr std::size_t people = 200;
constexpr std::size_t steps = 10;  // of a soak; the first two may fill caches
constexpr std::size_t steps_of_warming = 2;
constexpr std::size_t forget_every = 500;
constexpr std::size_t free_growth = 256U << 10;  // that every agent has
constexpr double growth_per_message = 2;         // bytes

Findings check_fuzz(const Subject& subject, Progress& progress) {
    progress.at("the fuzzer");
    FuzzOptions options;
    options.duration = subject.fuzz_for;
    options.seed = subject.seed;
    options.config_json = subject.has_own_config ? subject.config_json : "";
    const auto report = fuzz(subject.file, options);
    if (!report) return {{Verdict::fail, report.error().message(), ""}};
    Findings found;
    for (const FuzzFinding& one : report->findings)
        found.push_back({Verdict::fail, one.what,
                         "play it again:\n  parley agent fuzz " + subject.named.string() + " --reproduce " +
                             std::to_string(one.seed)});
    return found;
}

std::size_t heap_in_use() {
    if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

std::string number_of(std::size_t person) {
    return "9198" + std::to_string(10'000'000 + person);
}

// Of the agent: without what the host keeps for it.
std::size_t measured(Probe& probe) {
    probe.host().forget();
    std::size_t documents = 0;
    for (std::size_t i = 0; i < people; ++i) documents += 2 * probe.host().state(number_of(i)).size();
    const std::size_t heap = heap_in_use();
    return heap > documents ? heap - documents : 0;
}

std::vector<testing::Message> usual_messages() {
    std::vector<testing::Message> all = small_talk();
    for (const Sample& sample : samples())
        if (sample.is_usual && sample.message.text.size() < 1000) all.push_back(sample.message);
    return all;
}

void say_many(Probe& probe, std::size_t from, std::size_t to) {
    static const auto messages = usual_messages();
    for (std::size_t i = from; i < to; ++i) {
        testing::Message message = messages[i % messages.size()];
        message.sender = number_of((i / messages.size()) % people);
        const auto& turn = probe.begin(message, "a long talk");
        for (int second = 0; second < 41 && turn.open(); ++second)
            probe.host().advance(std::chrono::seconds(1));
        if (i % forget_every == 0) probe.host().forget();
    }
}

Findings check_memory(const Subject& subject, Progress& progress) {
    const std::size_t messages = subject.soak_messages;
    Probe probe(subject, progress);
    probe.must_start();
    say_many(probe, 0, messages * steps_of_warming / steps);
    const std::size_t before = measured(probe);
    say_many(probe, messages * steps_of_warming / steps, messages);
    const std::size_t after = measured(probe);
    const std::size_t counted = messages - messages * steps_of_warming / steps;
    const auto allowed =
        free_growth + static_cast<std::size_t>(growth_per_message * static_cast<double>(counted));
    if (after <= before + allowed) return {};
    const std::size_t growth = after - before;
    return {{Verdict::fail,
             "needs more and more memory: " + std::to_string(growth / 1024) + " KiB more after " +
                 std::to_string(counted) + " messages of the same " + std::to_string(people) + " people, " +
                 std::to_string(growth / counted) + " bytes a message",
             "free what belongs to a turn at its end; keep the rest in the conversation's state, or give it "
             "a bound"}};
}

}  // namespace

std::vector<Check> long_checks() {
    const std::vector<std::string_view> sound_turns{"turns.finished", "turns.exceptions", "turns.handles"};
    return {
        {"long.fuzz", 10, "survives the fuzzer", sound_turns, check_fuzz},
        {"long.soak", 10, "needs no more memory after a million messages", sound_turns, check_memory},
    };
}

}  // namespace parley::kit

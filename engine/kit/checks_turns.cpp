// Level 3: every turn, whatever the message.
#include "kit/check.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

Findings if_any(const std::vector<std::string>& all, Verdict verdict, const std::string& what,
                const std::string& remedy) {
    return all.empty() ? Findings{} : Findings{{verdict, what + some_of(all), remedy}};
}

void talk(Probe& probe) {
    probe.must_start();
    for (const auto& message : small_talk()) probe.say(message, "the text \"" + message.text + "\"");
    probe.say_all(samples());
}

Findings check_finished(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    talk(probe);
    Findings found = if_any(probe.unfinished(), Verdict::fail, "does not finish the turns of ",
                            "call finish exactly once for every event, on every path");
    const Findings failed =
        if_any(probe.failed(), Verdict::warn, "fails turns of messages that people send: ",
               "answer what you do not understand with a sentence, and finish with PARLEY_OK");
    found.insert(found.end(), failed.begin(), failed.end());
    return found;
}

Findings check_exceptions(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    talk(probe);
    probe.stop();
    return if_any(
        probe.exceptions(), Verdict::fail, "",
        "no exception may leave a plugin function: catch it and finish the turn with PARLEY_INTERNAL");
}

Findings check_handles(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    talk(probe);
    probe.stop();
    return if_any(probe.misuses(), Verdict::fail, "",
                  "after finish, on_cancel or an error of a turn, forget its handle");
}

Findings check_replies(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    talk(probe);
    std::vector<std::string> bad;
    std::string last;
    for (const auto& one : probe.bad_replies()) {
        if (one.what != last) bad.push_back(one.what + " (" + one.sample + ")");
        last = one.what;
    }
    return if_any(bad, Verdict::fail, "stages a reply that WhatsApp refuses: ",
                  "build replies with the classes of parley/sdk/reply.hpp, which know the limits");
}

Findings check_state(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    talk(probe);
    return if_any(probe.bad_states(), Verdict::fail, "its state ",
                  "the state is one JSON object of at most 256 KiB");
}

Findings check_kinds(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    std::vector<std::string> wrong;
    for (const std::uint32_t kind : {1U, 2U, 3U, 99U}) {
        const auto& turn =
            probe.say({.text = "", .type = "", .kind = kind}, "an event of kind " + std::to_string(kind));
        if (!turn.committed() && kind == 99) wrong.push_back("an event of the unknown kind 99");
    }
    return if_any(wrong, Verdict::fail, "does not finish with PARLEY_OK: ",
                  "look at event->kind first, and finish what you do not know with PARLEY_OK: later hosts "
                  "send more kinds");
}

}  // namespace

std::vector<Check> turn_checks() {
    return {
        {"turns.finished", 3, "finishes the turn of every message", {"load.answers"}, check_finished},
        {"turns.exceptions", 3, "lets no exception out", {"load.answers"}, check_exceptions},
        {"turns.handles", 3, "uses no handle that is over", {"load.answers"}, check_handles},
        {"turns.replies", 3, "stages replies that WhatsApp takes", {"load.answers"}, check_replies},
        {"turns.state", 3, "keeps its state a JSON object within the bound", {"load.answers"}, check_state},
        {"turns.kinds",
         3,
         "tolerates kinds of events that it does not know",
         {"turns.exceptions"},
         check_kinds},
    };
}

}  // namespace parley::kit

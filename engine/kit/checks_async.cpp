// Level 4: operations that fail, come late, or never.
#include <functional>

#include "host/host_text.hpp"
#include "kit/check.hpp"
#include "kit/probe.hpp"

namespace parley::kit {
namespace {

using std::chrono::milliseconds;
using testing::HttpRule;

struct Weather {
    const char* name;
    std::function<void(HttpRule&)> make;
};

const std::vector<Weather>& errors() {
    static const std::vector<Weather> all{
        {"no connection", [](HttpRule& rule) { rule.fail(PARLEY_INTERNAL, "connection refused"); }},
        {"a timeout", [](HttpRule& rule) { rule.fail(PARLEY_TIMEOUT, "no answer"); }},
        {"an answer that is too large", [](HttpRule& rule) { rule.fail(PARLEY_LIMIT, "over 8 MiB"); }},
        {"500", [](HttpRule& rule) { rule.reply(500, "oops"); }},
        {"404", [](HttpRule& rule) { rule.reply(404, ""); }},
        {"429", [](HttpRule& rule) { rule.reply(429, "", R"({"retry-after":"1"})"); }},
        {"302", [](HttpRule& rule) { rule.reply(302, "", R"({"location":"http://127.0.0.1/"})"); }},
        {"204", [](HttpRule& rule) { rule.reply(204, ""); }},
        {"200 with garbage", [](HttpRule& rule) { rule.reply(200, "\xFF\x00{[<html>"); }},
        {"200 with an empty body", [](HttpRule& rule) { rule.reply(200, ""); }},
        {"200 with JSON of another form", [](HttpRule& rule) { rule.reply(200, R"([1,{"a":null},"b"])"); }},
        {"200 with 1000 levels", [](HttpRule& rule) { rule.reply(200, std::string(1000, '[')); }},
        {"200 with 1 MiB", [](HttpRule& rule) { rule.reply(200, std::string(1U << 20, 'x')); }},
        {"500, then 200", [](HttpRule& rule) { rule.reply(500).then(200, "{}"); }},
        {"headers that are no JSON", [](HttpRule& rule) { rule.reply(200, "{}", "nonsense"); }}};
    return all;
}

const Findings nothing_to_see{{Verdict::skip, "starts no HTTP request and no timer", ""}};

// What may never happen, whatever the weather.
Findings judge(Probe& probe, const std::string& weather) {
    probe.stop();
    Findings found;
    const std::string when = " (" + weather + ")";
    if (!probe.exceptions().empty())
        found.push_back({Verdict::fail, some_of(probe.exceptions()) + when,
                         "no exception may leave a plugin function: catch it and finish the turn"});
    if (!probe.unfinished().empty())
        found.push_back({Verdict::fail, "does not finish its turn" + when,
                         "finish the turn with what you can say without the answer, before the deadline"});
    if (!probe.misuses().empty())
        found.push_back({Verdict::fail, some_of(probe.misuses()) + when,
                         "after finish or on_cancel, forget the turn and its operations"});
    return found;
}

void add(Findings& to, const Findings& more) {
    to.insert(to.end(), more.begin(), more.end());
}

Findings check_errors(const Subject& subject, Progress& progress) {
    Findings found;
    for (const Weather& weather : errors()) {
        Probe probe(subject, progress);
        probe.must_start();
        weather.make(probe.host().on_http("*", ""));
        for (const auto& message : small_talk()) probe.say(message, std::string("HTTP: ") + weather.name);
        if (probe.operations() == 0) return nothing_to_see;
        add(found, judge(probe, std::string("HTTP: ") + weather.name));
    }
    return found;
}

Findings check_refused(const Subject& subject, Progress& progress) {
    Findings found;
    bool has_tried = false;
    for (const parley_status status : {PARLEY_LIMIT, PARLEY_DENIED, PARLEY_INVALID, PARLEY_STALE}) {
        Probe probe(subject, progress, {.refuse = [&](std::string_view call) {
                        const bool is_operation = call == "http.request" || call == "timer.start";
                        has_tried = has_tried || is_operation;
                        return is_operation ? status : PARLEY_OK;
                    }});
        probe.must_start();
        const std::string weather = std::string("operations refused with ") + to_string_status(status);
        for (const auto& message : small_talk()) probe.say(message, weather);
        if (!has_tried) return nothing_to_see;
        // STALE says that the turn is over, which it is not: leaving it alone is right then.
        if (status == PARLEY_STALE) continue;
        add(found, judge(probe, weather));
    }
    return found;
}

Findings check_withheld(const Subject& subject, Progress& progress) {
    if (!subject.manifest.required_extensions.empty())
        return {{Verdict::skip, "its manifest requires extensions, so no host without them runs it", ""}};
    Probe probe(subject, progress, {.is_bare = true});
    const auto started = probe.start();
    if (started.ok())
        for (const auto& message : small_talk()) probe.say(message, "a host without extensions");
    Findings found = judge(probe, "a host without extensions");
    if (!started.ok())
        found.push_back({Verdict::fail, "does not start on a host without extensions: " + started.error,
                         "name what it cannot do without under \"requires\" in the manifest"});
    return found;
}

// An answer 10 ms after each request; the turn is taken away after so many of them.
Findings check_cancel(const Subject& subject, Progress& progress) {
    Findings found;
    bool has_waited = false;
    for (int answers = 0; answers < 6; ++answers) {
        Probe probe(subject, progress);
        probe.must_start();
        probe.host().on_http("*", "").reply(503, "later").after(milliseconds(10));
        const std::string weather = "taken away after " + std::to_string(answers) + " answers";
        for (const auto& message : small_talk()) {
            const auto& turn = probe.begin(message, weather);
            for (int i = 0; i < answers && turn.open(); ++i) probe.host().advance(milliseconds(10));
            if (!turn.open()) continue;
            has_waited = true;
            probe.host().cancel(turn.id);
        }
        probe.say({.text = "Hi"}, "the message after turns that were taken away");
        add(found, judge(probe, weather));
    }
    return has_waited ? found : nothing_to_see;
}

Findings check_silence(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    probe.host().on_http("*", "").hang();
    std::vector<const testing::TurnRecord*> waiting;
    for (int i = 0; i < 50; ++i) {
        const auto& turn = probe.begin({.text = "Hi", .sender = "9197000000" + std::to_string(i)},
                                       "HTTP that never answers");
        if (turn.open()) waiting.push_back(&turn);
    }
    if (waiting.empty()) return nothing_to_see;
    probe.host().advance(std::chrono::minutes(1));
    return judge(probe, "HTTP that never answers");
}

Findings check_destroy(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    probe.host().on_http("*", "").hang();
    bool has_waited = false;
    for (const auto& message : small_talk())
        has_waited = probe.begin(message, "destroyed while it waits").open() || has_waited;
    if (!has_waited) return nothing_to_see;
    return judge(probe, "destroyed while it waits");
}

// People write once; then all that the agent wants to do by itself comes due.
Findings check_followups(const Subject& subject, Progress& progress) {
    Probe probe(subject, progress);
    probe.must_start();
    for (const auto& message : small_talk()) probe.say(message, "before a follow-up");
    probe.say_all(samples());
    if (probe.host().waiting_followups().empty() && probe.host().followup_turns().empty())
        return {{Verdict::skip, "schedules no follow-up", ""}};
    for (int day = 0; day < 91 && probe.host().followup_turns().size() < 1000; ++day)
        probe.host().advance(std::chrono::hours(24));
    Findings found = judge(probe, "follow-ups that are due");
    if (const auto overdue = probe.overdue_followups(); !overdue.empty())
        found.push_back({Verdict::fail, "does not finish the turn of its follow-up " + some_of(overdue),
                         "finish every event's turn, also of kind PARLEY_EVENT_FOLLOWUP"});
    if (!probe.bad_replies().empty())
        found.push_back({Verdict::fail,
                         "follows up with a reply that WhatsApp refuses: " + probe.bad_replies().front().what,
                         "build replies with the classes of parley/sdk/reply.hpp, which know the limits"});
    return found;
}

}  // namespace

std::vector<Check> async_checks() {
    const std::vector<std::string_view> sound_turns{"turns.finished", "turns.exceptions", "turns.handles"};
    return {
        {"async.errors", 4, "survives every answer of an HTTP server", sound_turns, check_errors},
        {"async.refused", 4, "survives operations that the host refuses", sound_turns, check_refused},
        {"async.withheld", 4, "needs no extension but those it requires", sound_turns, check_withheld},
        {"async.cancel", 4, "lets go of a turn at every point where it waits", sound_turns, check_cancel},
        {"async.silence", 4, "survives HTTP that never answers", sound_turns, check_silence},
        {"async.followups", 4, "finishes the follow-ups that it schedules", sound_turns, check_followups},
        {"async.destroy", 4, "can be destroyed while its turns wait", sound_turns, check_destroy},
    };
}

}  // namespace parley::kit

// The part of a replay that runs in a child process: one conversation through one version of an agent.
#include <algorithm>
#include <stdexcept>

#include <parley/testing/fake_host.hpp>

#include "kit/child_process.hpp"
#include "kit/replay.hpp"
#include "store/record_line.hpp"
#include "store/redaction.hpp"

namespace parley::kit {
namespace {

using Json = nlohmann::json;

constexpr std::size_t enough_for_one_child = 600U << 10;
constexpr std::size_t most_of_a_step = 900U << 10;
constexpr std::chrono::hours longest_pause{24 * 30};
constexpr int most_postponements = 20;

parley_status status_of(const std::string& end) {
    if (end == "timeout") return PARLEY_TIMEOUT;
    if (end == "denied") return PARLEY_DENIED;
    if (end == "too_large") return PARLEY_LIMIT;
    if (end == "cancelled") return PARLEY_CANCELLED;
    return PARLEY_INTERNAL;
}

// The query may hold what was redacted, so it does not count.
std::string without_query(const std::string& url) {
    return url.substr(0, url.find('?'));
}

const std::string no_answer = "no answer to this request was recorded";

testing::HttpResponse to_response(const HttpExchange& one) {
    testing::HttpResponse response;
    response.body = one.answer;
    response.delay = one.took;
    if (one.end == "answered") {
        response.http_status = one.status;
        response.headers_json = one.headers;
    } else if (one.end == "open") {
        response.delay.reset();
    } else {
        response.status = status_of(one.end);
    }
    return response;
}

void script_http(testing::FakeHost& host, const RecordedStep& step) {
    host.on_http("*", "").fail(PARLEY_INTERNAL, no_answer);
    std::vector<std::pair<std::string, std::string>>
        targets;  // longer ones later: the last that fits answers
    for (const HttpExchange& one : step.http)
        if (std::pair target{one.method, without_query(one.url)};
            std::find(targets.begin(), targets.end(), target) == targets.end())
            targets.push_back(std::move(target));
    std::stable_sort(targets.begin(), targets.end(),
                     [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    for (const auto& [method, url] : targets) {
        testing::HttpRule& rule = host.on_http(method, url);
        for (const HttpExchange& one : step.http)
            if (one.method == method && without_query(one.url) == url) rule.answer(to_response(one));
    }
}

std::string unknown_request(const RecordedStep& step, const std::vector<testing::HttpRequest>& requests,
                            std::size_t from) {
    for (std::size_t i = from; i < requests.size(); ++i) {
        const auto is_it = [&](const HttpExchange& one) {
            return one.method == requests[i].method && requests[i].url.starts_with(without_query(one.url));
        };
        if (std::none_of(step.http.begin(), step.http.end(), is_it))
            return requests[i].method + " " + requests[i].url;
    }
    return {};
}

std::string redacted(const Redactor& redactor, const std::string& json) {
    return sorted_json(redactor.document(json));
}

Said to_said(const testing::TurnRecord& record, const std::vector<testing::HttpRequest>& requests,
             std::size_t from, const Redactor& redactor) {
    Said said;
    said.has_answered = record.committed();
    if (record.cancelled)
        said.error = "no answer within the deadline";
    else if (!said.has_answered)
        said.error = redactor.text(record.error);
    for (const testing::Reply& reply : record.replies) said.replies.push_back(redacted(redactor, reply.json));
    if (record.state_json) said.state = redacted(redactor, *record.state_json);
    for (const auto& [key, value] : record.annotations) said.annotations[key] = redactor.text(value);
    for (std::size_t i = from; i < requests.size(); ++i)
        said.requests.push_back(requests[i].method + " " + redactor.url(requests[i].url) + "\n" +
                                sorted_json(kept_request_body(redactor.document(requests[i].body))));
    return said;
}

// Bare `finish(OK)` of a turn that the agent postponed again and again counts as no answer.
const testing::TurnRecord& run_turn(testing::FakeHost& host, const RecordedStep& step) {
    const std::chrono::milliseconds patience(2 * step.deadline_ms + 1);
    const testing::TurnRecord* record = &host.send(step.message);
    for (int i = 0; i < most_postponements; ++i) {
        if (record->open()) host.advance(patience);
        if (!record->postponed_ms) break;
        host.advance(std::chrono::milliseconds(*record->postponed_ms));
        record = &host.send(step.message);
    }
    return *record;
}

PlayedStep play_step(testing::FakeHost& host, const RecordedStep& step) {
    const std::size_t asked = host.http_requests().size();
    host.give_random(step.random);
    script_http(host, step);
    const testing::TurnRecord& record = run_turn(host, step);
    const Redactor redactor({step.wa_id, step.user_id, step.message.name}, step.conversation,
                            from_unix_ms(step.at_ms));
    PlayedStep played;
    played.said = to_said(record, host.http_requests(), asked, redactor);
    played.unknown_request = unknown_request(step, host.http_requests(), asked);
    return played;
}

Json packed(const PlayedStep& step) {
    const Said& said = step.said;
    return {said.has_answered, said.error,    said.replies,        said.state ? Json(*said.state) : Json(),
            said.annotations,  said.requests, step.unknown_request};
}

PlayedStep unpacked(const Json& json) {
    PlayedStep step;
    step.said.has_answered = json.at(0);
    step.said.error = json.at(1);
    step.said.replies = json.at(2).get<std::vector<std::string>>();
    if (!json.at(3).is_null()) step.said.state = json.at(3).get<std::string>();
    step.said.annotations = json.at(4).get<std::map<std::string, std::string>>();
    step.said.requests = json.at(5).get<std::vector<std::string>>();
    step.unknown_request = json.at(6);
    return step;
}

// The results, and the state that the conversation came to for the child that goes on with it.
std::string play_some(const ReplayAgent& agent, const RecordedTalk& talk, std::size_t from, std::size_t until,
                      const std::optional<std::string>& own_state, Progress& progress) {
    testing::HostOptions options;
    options.deadline = std::chrono::milliseconds(talk.steps.at(from).deadline_ms);
    options.unix_ms = talk.steps.at(from).at_ms;
    options.fires_followups = false;  // those that were due are steps of the talk
    testing::FakeHost host(testing::Library(agent.library.string()), std::move(options));
    if (const auto started = host.start(agent.config_json); !started.ok())
        throw std::runtime_error("it does not start: " + started.error);
    const std::string conversation = std::to_string(talk.conversation);
    Json all = Json::array();
    std::size_t size = 0;
    std::int64_t now_ms = talk.steps.at(from).at_ms;
    for (std::size_t i = from; i < until && size < enough_for_one_child; ++i) {
        const RecordedStep& step = talk.steps[i];
        progress.at(std::to_string(i));
        const std::chrono::milliseconds passed(std::max<std::int64_t>(0, step.at_ms - now_ms));
        host.advance(std::min<std::chrono::milliseconds>(passed, longest_pause));
        host.set_unix_ms(step.at_ms);
        now_ms = step.at_ms;
        if (!own_state)
            host.set_state(conversation, step.state, step.state_revision, step.state_schema);
        else if (i == from)
            host.set_state(conversation, *own_state, step.state_revision, step.state_schema);
        PlayedStep played = play_step(host, step);
        Json json = packed(played);
        const std::size_t bytes = json.dump(-1, ' ', false, Json::error_handler_t::replace).size();
        if (bytes > most_of_a_step) {
            played.said = {};
            played.said.error = "it says more than can be compared";
            json = packed(played);
        }
        size += std::min(bytes, most_of_a_step);
        all.push_back(std::move(json));
    }
    const Json result{{"steps", std::move(all)}, {"state", own_state ? host.state(conversation) : ""}};
    return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

PlayedStep broken(const std::string& trouble) {
    PlayedStep step;
    step.trouble = trouble;
    return step;
}

}  // namespace

std::vector<PlayedStep> play(const ReplayAgent& agent, const RecordedTalk& talk, bool own_state,
                             Millis limit) {
    std::vector<PlayedStep> all;
    std::optional<std::string> state;
    if (own_state) state = talk.steps.front().state;
    const std::size_t size = talk.steps.size();
    std::size_t until = size;
    std::string trouble;  // with the step `until`, when that is not the end
    while (all.size() < size) {
        const std::size_t from = all.size();
        const ChildEnd end = run_in_child(
            [&](Progress& progress) { return play_some(agent, talk, from, until, state, progress); }, limit);
        const Json result = Json::parse(end.result, nullptr, false);
        if (end.how == ChildEnd::How::returned && result.is_object()) {
            for (const Json& one : result.at("steps")) all.push_back(unpacked(one));
            if (own_state) state = result.at("state").get<std::string>();
            if (all.size() < until || until == size) continue;
        } else {
            trouble = how_it_ended(end);
            const std::size_t at = end.step.empty() ? from : static_cast<std::size_t>(std::stoul(end.step));
            // Once more without that step, for what it said before.
            if (at > from) {
                until = at;
                continue;
            }
        }
        all.push_back(broken(trouble));
        until = size;
    }
    return all;
}

}  // namespace parley::kit

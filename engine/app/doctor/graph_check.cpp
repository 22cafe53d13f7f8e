#include "app/doctor/graph_check.hpp"

#include <ctime>

#include "app/doctor/asking.hpp"
#include "whatsapp/graph_error.hpp"

namespace parley::doctor {
namespace {

std::string duration_text(Millis time) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    if (seconds < 120) return counted(static_cast<std::uint64_t>(seconds), "second");
    if (seconds < 7200) return counted(static_cast<std::uint64_t>(seconds / 60), "minute");
    return counted(static_cast<std::uint64_t>(seconds / 3600), "hour");
}

Finding no_answer(const std::string& url, const HttpFailure& failure) {
    if (failure.reason.find("SSL") != std::string::npos ||
        failure.reason.find("certificate") != std::string::npos)
        return fail("graph", url, "no trusted connection: " + failure.reason,
                    "install the package ca-certificates, set the clock, and take away what breaks TLS open "
                    "between here and Meta");
    return fail("graph", url, "does not answer: " + failure.reason,
                "look at DNS, the firewall and whatsapp.graph_url; proxies of the environment are not used");
}

Finding judge_answer(const std::string& url, const std::string& version, const HttpReply& reply) {
    if (!parse_graph_error(reply.body) && reply.status != 200)
        return fail("graph", url,
                    "something else than Meta's Graph API answers: HTTP " + std::to_string(reply.status),
                    "correct whatsapp.graph_url; Meta's is https://graph.facebook.com");
    const std::string served = reply.header("facebook-api-version");
    if (!served.empty() && served != version)
        return warn("graph", url, "serves calls of " + version + " as " + served,
                    "write whatsapp.api_version: " + served + " and look at Meta's changelog");
    return pass("graph", url, "answers, " + version);
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    const char* const end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return WallTime{std::chrono::seconds(timegm(&parts))};
}

Finding judge_clock(Millis behind) {
    const Millis off = behind < Millis{0} ? -behind : behind;
    const std::string remedy = "keep the clock by NTP: `timedatectl set-ntp true`";
    if (off <= Millis{2'000}) return pass("clock", "", "agrees with Meta's");
    const std::string text =
        duration_text(off) + (behind > Millis{0} ? " behind Meta's" : " ahead of Meta's");
    if (off > Millis{5 * 60'000})
        return fail("clock", "", text + ": the 24-hour window and certificates are judged wrongly", remedy);
    if (off > Millis{60'000}) return warn("clock", "", text, remedy);
    return pass("clock", "", text);
}

GraphAnswer examine_graph(const WhatsappConfig& whatsapp, HttpClient& http, const Clock& clock) {
    HttpCall call;
    call.url = whatsapp.graph_url;
    while (call.url.ends_with('/')) call.url.pop_back();
    call.url += "/" + whatsapp.api_version + "/debug_token";
    call.timeout = longest_call;
    call.connect_timeout = longest_connect;
    call.max_response = 1U << 20;
    const WallTime before = clock.wall();
    const HttpOutcome outcome = ask(http, std::move(call));
    const WallTime after = clock.wall();
    if (!outcome.reply) return {{no_answer(whatsapp.graph_url, outcome.failure)}, false};
    GraphAnswer answer{{judge_answer(whatsapp.graph_url, whatsapp.api_version, *outcome.reply)}, true};
    answer.has_answered = !has_failed(answer.report);
    // The header has whole seconds, cut off.
    if (const auto theirs = parse_http_date(outcome.reply->header("date")))
        answer.report.push_back(judge_clock(*theirs + Millis{500} - (before + (after - before) / 2)));
    else
        answer.report.push_back(skip("clock", "", "the answer tells no time"));
    return answer;
}

}  // namespace parley::doctor

#include "app/doctor/door_check.hpp"

#include <nlohmann/json.hpp>

#include "app/diagnostic.hpp"
#include "app/doctor/asking.hpp"
#include "app/doctor/machine_check.hpp"
#include "whatsapp/graph_call.hpp"
#include "whatsapp/signature.hpp"

namespace parley::doctor {
namespace {

using Json = nlohmann::json;

// A webhook without an item.
constexpr const char* empty_webhook = R"({"object":"whatsapp_business_account","entry":[]})";
constexpr const char* look_at_proxy =
    "let the proxy pass this path to the engine, byte for byte: see \"HTTPS\" in docs/whatsapp-setup.md";
constexpr const char* start_engine = "start the engine, and see that the proxy reaches it at server.listen";

std::string random_digits(Random& random) {
    std::string digits;
    for (int i = 0; i < 12; ++i) digits += static_cast<char>('0' + random.below(10));
    return digits;
}

// The detail of a problem that the engine answered; empty when the answer is another server's.
std::string detail_of(const HttpReply& reply) {
    const Json body = Json::parse(reply.body, nullptr, false);
    if (!body.is_object() || !body.contains("detail") || !body["detail"].is_string()) return {};
    return body["detail"].get<std::string>();
}

bool has_accepted_nothing(const HttpReply& reply) {
    const Json body = Json::parse(reply.body, nullptr, false);
    return body.is_object() && body.contains("accepted") && body["accepted"] == 0;
}

std::string answer_text(const HttpReply& reply) {
    std::string text = "HTTP " + std::to_string(reply.status);
    if (const std::string detail = detail_of(reply); !detail.empty())
        return text + " (" + printable(detail) + ")";
    if (reply.status >= 300 && reply.status < 400) {
        const std::string location = reply.header("location");
        // Its query repeats ours, with the verify token.
        return text + " to " + printable(location.substr(0, location.find('?')));
    }
    const std::string type = reply.header("content-type");
    if (type.starts_with("text/html")) return text + " with a page of HTML";
    if (!reply.body.empty()) text += " with " + in_quotes(reply.body);
    return text;
}

class Examination {
  public:
    Examination(const Door& door, const DoorPorts& ports) : door_(door), ports_(ports) {}

    Report run() {
        if (!examine_certificate() || !examine_verification()) return std::move(report_);
        examine_signature();
        return std::move(report_);
    }

  private:
    void add(Finding finding) { report_.push_back(std::move(finding)); }

    // False when nothing can be asked at all.
    bool examine_certificate() {
        if (!door_.url.starts_with("https://")) {
            if (door_.is_public)
                add(warn("certificate", door_.url, "is no https:// address; Meta posts to no other",
                         "give the engine a certificate, or put a proxy with one before it"));
            return true;
        }
        const Result<WallTime> ends = ports_.certificate(door_.url);
        if (ends) add(judge_certificate(door_.url, *ends, ports_.clock.wall()));
        if (!ends)
            add(fail(
                "certificate", door_.url, "no trusted connection: " + ends.error().message(),
                "make the address reachable from the internet, with a publicly trusted certificate and its "
                "whole chain; if it is, this network does not lead its own address back: try from "
                "elsewhere"));
        return ends.has_value();
    }

    HttpCall call_of(const char* method) const {
        HttpCall call;
        call.method = method;
        call.url = door_.url;
        call.timeout = longest_call;
        call.connect_timeout = longest_connect;
        call.max_response = 1U << 20;
        return call;
    }

    bool examine_verification() {
        const std::string challenge = random_digits(ports_.random);
        const std::string token(door_.verify_token.reveal());
        HttpCall call = call_of("GET");
        call.url += door_.url.find('?') == std::string::npos ? '?' : '&';
        call.url +=
            "hub.mode=subscribe&hub.challenge=" + challenge + "&hub.verify_token=" + percent_encode(token);
        HttpOutcome outcome = ask(ports_.http, std::move(call));
        if (!outcome.reply) {
            std::string reason = outcome.failure.reason;
            blot_out(reason, percent_encode(token));
            add(fail("verification", door_.url, "does not answer: " + reason, start_engine));
            return false;
        }
        if (outcome.reply->status == 200 && outcome.reply->body == challenge) {
            add(pass("verification", door_.url, "takes the verify token and gives the challenge back"));
            return true;
        }
        blot_out(outcome.reply->body, token);
        add(judge_verification(*outcome.reply));
        // The path leads to an engine, whose signature check is worth a look too.
        return is_for_others(*outcome.reply);
    }

    // The engine's own words; what it says of Meta is not known by that.
    static bool is_for_others(const HttpReply& reply) {
        return (reply.status == 403 || reply.status == 429) && !detail_of(reply).empty();
    }
    Finding not_for_this_machine(const char* check, const std::string& text) const {
        return skip(check, door_.url, "not for this machine: " + text,
                    "Meta may be let in all the same: see whatsapp.allowed_networks, whatsapp.rate_limit and "
                    "server.tls.client_ca");
    }

    Finding judge_verification(const HttpReply& reply) const {
        const std::string text = answer_text(reply);
        if (reply.status == 403 && detail_of(reply) == "verification failed")
            return fail("verification", door_.url, "refuses the verify token",
                        "the engine that answers has another one: reload it (SIGHUP), and write the same "
                        "token here and into Meta's dashboard");
        if (is_for_others(reply)) return not_for_this_machine("verification", text);
        if (reply.status == 200)
            return fail("verification", door_.url, "answers, but not with the challenge alone: " + text,
                        "something before the engine answers itself or changes the body; " +
                            std::string(look_at_proxy));
        if (reply.status >= 502 && reply.status <= 504)
            return fail("verification", door_.url, "the proxy does not reach the engine: " + text,
                        start_engine);
        if (reply.status >= 300 && reply.status < 400)
            return fail("verification", door_.url, "redirects, which Meta does not follow: " + text,
                        "give Meta the final address");
        return fail("verification", door_.url, "expected the challenge, got " + text, look_at_proxy);
    }

    HttpOutcome post(const std::string& signature) {
        HttpCall call = call_of("POST");
        call.body = empty_webhook;
        call.headers = {{"Content-Type", "application/json"}, {"X-Hub-Signature-256", signature}};
        return ask(ports_.http, std::move(call));
    }

    // The good one first: a limit on addresses without a good signature then spares this one.
    void examine_signature() {
        if (door_.app->app_secrets.empty())
            return add(skip("signature", door_.url, "the app has no secret to sign with",
                            "write its app_secret: webhooks without a signature are for trials only"));
        const HttpOutcome taken = post(make_signature(door_.app->app_secrets.front(), empty_webhook));
        if (!taken.reply)
            return add(fail("signature", door_.url, "does not answer a POST: " + taken.failure.reason,
                            start_engine));
        if (taken.reply->status != 200) return add(judge_refusal(*taken.reply));
        if (!has_accepted_nothing(*taken.reply))
            return add(fail("signature", door_.url,
                            "answers a webhook in another way than Parley: " + answer_text(*taken.reply),
                            look_at_proxy));
        const HttpOutcome forged = post("sha256=" + std::string(64, '0'));
        if (forged.reply && forged.reply->status == 200)
            return add(fail("signature", door_.url, "takes a webhook with a wrong signature",
                            "let nobody but Meta reach this address, and see what answers there"));
        add(pass("signature", door_.url,
                 forged.reply ? "a signed webhook is taken, a forged one refused"
                              : "a signed webhook is taken, a forged one gets no answer"));
    }

    Finding judge_refusal(const HttpReply& reply) const {
        const std::string text = answer_text(reply);
        if (reply.status == 401)
            return fail(
                "signature", door_.url,
                "refuses what is signed with the secret of app " + door_.app->id.str(),
                door_.is_public
                    ? "the engine that answers has another secret (reload it), or a proxy changes the "
                      "body or drops X-Hub-Signature-256"
                    : "the running engine has another secret: reload it (SIGHUP)");
        if (is_for_others(reply)) return not_for_this_machine("signature", text);
        if (reply.status == 503)
            return fail("signature", door_.url, "cannot store now: " + text,
                        "look at the disk and at the engine's log");
        return fail("signature", door_.url, "expected 200 for a signed POST, got " + text, look_at_proxy);
    }

    const Door& door_;
    const DoorPorts& ports_;
    Report report_;
};

}  // namespace

Report examine_door(const Door& door, const DoorPorts& ports) {
    return Examination(door, ports).run();
}

}  // namespace parley::doctor

#include "whatsapp/setup_advice.hpp"

#include <algorithm>
#include <array>

#include "whatsapp/graph_answer.hpp"
#include "whatsapp/graph_call.hpp"

namespace parley {
namespace {

using namespace std::chrono_literals;
using enum Errc;

struct Advice {
    std::int32_t code;
    std::int32_t subcode;  // 0: any
    Errc kind;
    std::chrono::seconds wait;  // 0: what Meta asked for
    std::string_view meaning;
    std::string_view remedy;
};

constexpr std::string_view new_token =
    "give the account the token of a system user that has whatsapp_business_management, "
    "whatsapp_business_messaging and access to this WhatsApp Business Account";
constexpr std::string_view fewer_calls =
    "wait; an active WhatsApp Business Account has 5000 such calls an hour";
constexpr std::string_view in_manager =
    "look at the number in WhatsApp Manager, which says what is in the way";
constexpr std::string_view migration = "the number is being migrated or belongs to another account";

// The subcodes of 136024 are in no page of Meta's; several users of the API report the same.
constexpr auto table = std::to_array<Advice>({
    {0, 0, unauthorized, 0s, "the access token cannot be authenticated", new_token},
    {3, 0, unauthorized, 0s, "the app lacks a capability or permission", new_token},
    {4, 0, busy, 0s, "the app's call limit is reached",
     "wait; the app's dashboard at Meta shows its rate limit"},
    {10, 0, unauthorized, 0s, "the permission was not granted or was removed", new_token},
    {100, 0, invalid_input, 0s, "Meta does not take a value of this call",
     "correct what Meta names and try again"},
    {190, 0, unauthorized, 0s, "the access token has expired or was revoked", new_token},
    {368, 0, unauthorized, 0s, "the account is blocked for a while because of policy violations",
     "look at the account in WhatsApp Manager and appeal there"},
    {2200, 0, invalid_input, 0s, "the webhook URL did not answer Meta's verification",
     "make the URL reachable from the internet with a trusted certificate, and check its verify token"},
    {80007, 0, busy, 0s, "the WhatsApp Business Account's call limit is reached", fewer_calls},
    {80008, 0, busy, 0s, "too many calls to this WhatsApp Business Account", fewer_calls},
    {131005, 0, unauthorized, 0s, "the token has no access to this object", new_token},
    {131031, 0, unauthorized, 0s, "the account is locked, or the PIN does not match",
     "look at the account in WhatsApp Manager; check the PIN"},
    {131037, 0, conflict, 0s, "the number needs an approved display name",
     "wait for the review of the display name, or change it in WhatsApp Manager"},
    {131045, 0, conflict, 0s, "the number is not registered correctly", "register the number again"},
    {133000, 0, conflict, 0s, "an earlier deregistration of the number was not completed",
     "deregister the number again, then register it"},
    {133004, 0, unavailable, 0s, "Meta's registration is unavailable for a moment", "try again in a minute"},
    {133005, 0, invalid_input, 0s, "the PIN is not the two-step PIN of this number",
     "give the PIN that was set first, or turn two-step verification off in WhatsApp Manager and register "
     "with a new "
     "one"},
    {133006, 0, conflict, 0s, "the number must be verified before it is registered",
     "ask for a verification code, verify it, then register"},
    {133008, 0, busy, 1h, "too many wrong PINs were tried",
     "wait as long as Meta says, and make sure of the PIN"},
    {133009, 0, busy, 60s, "PINs were tried too fast", "wait a minute, and make sure of the PIN"},
    {133010, 0, conflict, 0s, "the number is not registered", "register the number with its PIN"},
    {133015, 0, busy, 300s, "the number was deleted a moment ago", "wait 5 minutes, then register it"},
    {133016, 0, busy, 72h, "the number was registered or deregistered too often: 10 times within 72 hours",
     "wait 72 hours; a try before makes it no shorter"},
    {136024, 0, busy, 60s, "Meta did not send the verification code",
     "wait, then try the other method, sms or voice; check that the number takes calls and is not used by a "
     "WhatsApp "
     "app"},
    {136024, 2388091, busy, 1h, "Meta cannot send a code to this number now",
     "wait an hour, then try the other method; a number that is used by a WhatsApp app gets no code"},
    {136024, 2388366, conflict, 0s, "the number is verified already", "register the number with its PIN"},
    {136024, 2388367, busy, 72h, "too many codes were asked for: 10 within 72 hours",
     "wait 72 hours, or verify the number in WhatsApp Manager"},
    {136025, 0, invalid_input, 0s, "the verification code is wrong or has expired",
     "check the code of the last message or call, or ask for a new one"},
    {2388001, 0, conflict, 0s, migration, in_manager},
    {2388012, 0, conflict, 0s, migration, in_manager},
    {2388091, 0, conflict, 0s, migration, in_manager},
    {2388093, 0, conflict, 0s, migration, in_manager},
    {2388103, 0, conflict, 0s, migration, in_manager},
    {2494100, 0, busy, 60s, "the number is in maintenance", "try again in a minute"},
});

const Advice* find_advice(std::int32_t code, std::int32_t subcode) {
    const auto find = [](std::int32_t wanted, std::int32_t within) {
        return std::find_if(table.begin(), table.end(), [&](const Advice& advice) {
            return advice.code == wanted && advice.subcode == within;
        });
    };
    auto found = subcode != 0 ? find(code, subcode) : table.end();
    if (found == table.end() && subcode != 0 && code == 100) found = find(subcode, 0);
    if (found == table.end()) found = find(code, 0);
    return found == table.end() ? nullptr : &*found;
}

Errc kind_of(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::retry:
            return unavailable;
        case ErrorClass::limit:
        case ErrorClass::pair:
            return busy;
        case ErrorClass::token:
        case ErrorClass::policy:
            return unauthorized;
        default:
            return invalid_input;
    }
}

void explain_unknown(SetupFailure& setup, const GraphFailure& failure) {
    setup.kind = kind_of(failure.error_class);
    setup.meaning = failure.meaning;
    setup.remedy = setup.kind == unauthorized && failure.error_class == ErrorClass::token
                       ? std::string(new_token)
                       : failure.remedy;
    if (!setup.meaning.empty()) return;
    setup.meaning = "Meta refused the call with an error that is not known here";
    if (failure.code != 0) return;
    setup.meaning = failure.http_status == 0 ? "there was no answer of Meta"
                                             : "something else than Meta's Graph API answered";
    setup.remedy = "check the network and whatsapp.graph_url, then try again";
}

}  // namespace

SetupFailure to_setup_failure(const GraphFailure& failure) {
    SetupFailure setup;
    setup.code = failure.code;
    setup.subcode = failure.subcode;
    setup.http_status = failure.http_status;
    setup.reason = failure.reason;
    const bool is_graphs = failure.code != 0 || !failure.meaning.empty();
    const Advice* advice = is_graphs ? find_advice(failure.code, failure.subcode) : nullptr;
    if (is_graphs && failure.is_not_found()) {
        setup.kind = not_found;
        setup.meaning = "Meta has no such number or account, or the token has no access to it";
        setup.remedy =
            "check the phone_number_id and the waba_id, and that the token's system user is assigned to the "
            "WhatsApp Business Account";
    } else if (advice) {
        const bool needs_a_person = advice->kind == invalid_input || advice->kind == unauthorized;
        // Meta's is_transient counts for more than the code.
        setup.kind = needs_a_person && failure.error_class == ErrorClass::retry ? unavailable : advice->kind;
        setup.meaning = advice->meaning;
        setup.remedy = advice->remedy;
    } else {
        explain_unknown(setup, failure);
    }
    setup.is_retryable = setup.kind == busy || setup.kind == unavailable;
    if (setup.is_retryable) {
        setup.wait = std::max(failure.wait, advice ? Millis(advice->wait) : Millis{0});
    }
    return setup;
}

std::optional<SetupFailure> find_setup_failure(const HttpOutcome& outcome,
                                               const std::vector<Secret>& secrets) {
    auto failure = find_failure(outcome, Secret());
    if (!failure && outcome.reply) {
        const GraphJson root = parse_answer(outcome.reply->body);
        const GraphJson& success = member_of(root, "success");
        if (!success.is_boolean() || success.get<bool>()) return std::nullopt;
        failure = refused_call(ErrorClass::retry, "Meta answered \"success\": false without a reason");
        failure->http_status = outcome.reply->status;
        failure->meaning = "Meta did not do it and gave no reason";
    }
    for (const Secret& secret : secrets) {
        blot_out(failure->reason, secret.reveal());
        blot_out(failure->reason, percent_encode(secret.reveal()));
    }
    return to_setup_failure(*failure);
}

}  // namespace parley

#include <algorithm>
#include <array>

#include "whatsapp/graph_error.hpp"

namespace parley {
namespace {

using namespace std::chrono_literals;
using enum ErrorClass;
using enum Scope;

constexpr GraphErrorRow row(std::int32_t code, ErrorClass error_class, std::string_view meaning) {
    return {code, code, error_class, message, 0s, meaning};
}
constexpr GraphErrorRow rows_of(std::int32_t first, std::int32_t last, ErrorClass error_class,
                                std::string_view meaning) {
    return {first, last, error_class, message, 0s, meaning};
}
constexpr GraphErrorRow wait(std::int32_t code, Scope scope, std::chrono::seconds after,
                             std::string_view meaning) {
    return {code, code, limit, scope, after, meaning};
}

// From Meta's error pages of 2025 and 2026.
constexpr auto table = std::to_array<GraphErrorRow>({
    row(0, token, "the access token cannot be authenticated"),
    row(1, retry, "unknown error at Meta or in the request"),
    row(2, retry, "the Graph API is down or overloaded for a moment"),
    row(3, token, "the app lacks a capability or permission"),
    wait(4, app, 60s, "the app's call limit is reached"),
    row(10, token, "permission denied"),
    wait(17, account, 60s, "the system user's call limit is reached"),
    wait(32, account, 60s, "the page's call limit is reached"),
    row(33, token, "the phone number id does not exist or the token has no access to it"),
    row(100, request, "a parameter is missing, unknown or invalid"),
    row(102, token, "the session has expired"),
    row(104, token, "appsecret_proof is missing or wrong"),
    row(190, token, "the access token has expired or was revoked"),
    rows_of(200, 299, token, "a permission was not granted or was removed"),
    row(368, policy, "the account is blocked for a while because of policy violations"),
    row(463, token, "the access token has expired"),
    row(467, token, "the access token is invalid"),
    wait(613, account, 60s, "a call limit of its own is reached"),
    wait(80007, account, 60s, "the WhatsApp Business Account's call limit is reached"),
    wait(80008, account, 60s, "too many calls to this WhatsApp Business Account"),
    wait(130429, number, 1s, "the number's throughput is reached"),
    row(130472, user, "the user is in an experiment that gets no marketing messages"),
    row(130497, policy, "the business may not message users of this country"),
    row(130501, request, "this message type is not supported"),
    row(131000, retry, "something went wrong at Meta"),
    row(131005, token, "access denied"),
    row(131008, request, "a required parameter is missing"),
    row(131009, request, "a parameter's value is invalid"),
    row(131014, request, "the media URL cannot be fetched"),
    row(131016, retry, "a service at Meta is unavailable"),
    row(131020, request, "the group has a single member"),
    row(131021, request, "recipient and sender are the same"),
    row(131026, user, "it cannot be delivered: not on WhatsApp, an old client, or blocked"),
    row(131030, request, "the recipient is not in the test number's list"),
    row(131031, policy, "the account is locked"),
    row(131037, policy, "the number needs an approved display name"),
    row(131041, request, "the group is unknown"),
    row(131042, policy, "a payment problem of the account"),
    row(131044, policy, "calls need a payment method"),
    row(131045, policy, "the number is not registered correctly"),
    row(131047, window, "more than 24 hours have passed since the user's last message"),
    row(131048, policy, "the number is restricted because users reported or blocked it"),
    row(131049, user, "Meta chose not to deliver it to this user now"),
    row(131050, user, "the user stopped marketing messages of this business"),
    row(131051, request, "this message type is not supported"),
    row(131052, request, "the user's media cannot be downloaded"),
    row(131053, request, "the media cannot be used: type, codec or link"),
    row(131055, request, "this method is not allowed here"),
    {131056, 131056, pair, recipient, 1s, "too many messages to this user in a short time"},
    wait(131057, number, 60s, "the account is in maintenance"),
    row(131059, request, "the paging cursor is invalid"),
    row(131060, request, "the message is unavailable"),
    row(131062, request, "this message needs a phone number, not a user id"),
    row(131063, request, "marketing templates are switched off for this account"),
    row(131064, policy, "the messaging limit was exceeded by misclassified templates"),
    rows_of(131201, 131207, request, "the group operation is not possible"),
    wait(131208, number, 60s, "too many group operations"),
    rows_of(131209, 131215, request, "the group operation is not possible"),
    row(132000, request, "the number of template parameters is wrong"),
    row(132001, request, "there is no approved template of this name and language"),
    row(132005, request, "the template's text becomes too long"),
    row(132007, policy, "the template's content violates a policy"),
    row(132008, request, "a template parameter is invalid"),
    row(132012, request, "a template parameter has the wrong format"),
    row(132015, policy, "the template is paused"),
    row(132016, policy, "the template is disabled"),
    row(132018, request, "the template parameters are invalid"),
    row(132068, policy, "the flow is blocked"),
    wait(132069, message, 360s, "the flow is throttled"),
    row(133000, retry, "the number's deregistration is incomplete"),
    row(133004, retry, "the server is unavailable for a moment"),
    row(133005, request, "the PIN is wrong"),
    row(133006, request, "the number must be verified before it is registered"),
    wait(133008, number, 1h, "too many wrong PINs"),
    wait(133009, number, 60s, "the PIN was tried too fast"),
    row(133010, policy, "the number is not registered"),
    wait(133015, number, 300s, "the number was deleted a moment ago"),
    wait(133016, number, 72h, "the number was registered too often"),
    row(134011, policy, "the payment terms are not accepted"),
    row(134100, request, "only marketing messages are allowed here"),
    wait(134101, account, 60s, "templates are still being synchronised"),
    row(134102, policy, "marketing messages are not available to this account"),
    row(135000, request, "unknown problem with the parameters"),
    wait(136024, number, 60s, "the verification code could not be requested"),
    row(136025, request, "the verification code is wrong or has expired"),
    row(137000, user, "the user's identity has changed"),
    row(138000, request, "calling is not enabled"),
    row(138001, user, "the user cannot be called"),
    wait(138002, number, 60s, "too many calls at once"),
    wait(138003, message, 60s, "a call with this user is going on"),
    row(138004, retry, "the call could not be connected"),
    wait(138005, number, 60s, "too many calls"),
    row(138006, request, "the user has not allowed calls"),
    row(138007, retry, "the call was not connected in time"),
    wait(138009, recipient, 1h, "too many requests to allow calls"),
    wait(138012, recipient, 1h, "too many calls to this user"),
    rows_of(138013, 138023, request, "calling is not possible"),
    rows_of(139000, 139004, request, "the flow cannot be managed like this"),
    row(139100, request, "some users could not be blocked"),
    row(139101, request, "the block list is full"),
    row(139102, retry, "the block list is being changed by somebody else"),
    row(139103, retry, "the block list failed at Meta"),
    rows_of(147001, 147005, request, "the business username is not possible"),
    row(2388001, request, "the number is being migrated"),
    row(2388012, request, "the number is being migrated"),
    row(2388019, request, "too many templates"),
    row(2388040, request, "a template field is too long"),
    row(2388047, request, "the template's header is wrong"),
    row(2388072, request, "the template's body is wrong"),
    row(2388073, request, "the template's footer is wrong"),
    row(2388091, request, "the number is being migrated"),
    row(2388093, request, "the number is being migrated"),
    row(2388103, request, "the number is being migrated"),
    row(2388293, request, "the template has too many parameters for its length"),
    row(2388299, request, "a template must not begin or end with a parameter"),
    row(2494100, request, "the number is in maintenance"),
    rows_of(2593107, 2593109, request, "the app's history cannot be synchronised"),
});

constexpr bool is_ordered() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].last < table[i].first) return false;
        if (i > 0 && table[i].first <= table[i - 1].last) return false;
    }
    return true;
}
static_assert(is_ordered());

}  // namespace

std::span<const GraphErrorRow> graph_error_table() noexcept {
    return table;
}

std::string_view remedy_of(ErrorClass error_class) noexcept {
    switch (error_class) {
        case retry:
            return "try again in a while";
        case pair:
            return "write to this user more slowly";
        case limit:
            return "make fewer calls; try again later";
        case request:
            return "correct the request";
        case token:
            return "give the deployment a valid access token with whatsapp_business_messaging and access to "
                   "the number";
        case window:
            return "send a template";
        case user:
            return "do not send this to the user again";
        case policy:
            return "look at the account in WhatsApp Manager: it is restricted, unpaid or not registered";
    }
    return "correct the request";
}

const GraphErrorRow* find_graph_error(std::int32_t code) noexcept {
    const auto found =
        std::lower_bound(table.begin(), table.end(), code,
                         [](const GraphErrorRow& entry, std::int32_t wanted) { return entry.last < wanted; });
    return found != table.end() && found->first <= code ? &*found : nullptr;
}

}  // namespace parley

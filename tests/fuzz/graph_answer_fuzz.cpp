// Any answer of a peer, and any payload of an agent: an outcome with a bounded reason, a body that is JSON.
#include <string_view>

#include "fuzz/require.hpp"
#include "whatsapp/graph_error.hpp"
#include "whatsapp/json_document.hpp"
#include "whatsapp/send_payload.hpp"
#include "whatsapp/text_split.hpp"

namespace {

using namespace parley;

void check_outcome(const std::string& body, int status) {
    HttpOutcome outcome;
    outcome.reply = HttpReply{status, {{"retry-after", body.substr(0, 5)}}, body};
    const SendOutcome ending = to_send_outcome(outcome, 1);
    std::visit(
        [](const auto& how) {
            if constexpr (requires { how.reason; }) PARLEY_REQUIRE(how.reason.size() <= 400);
        },
        ending);
}

void check_payload(const std::string& payload) {
    OutboundMessage message;
    message.to.wa_id = "919800000001";
    message.payload_json = payload;
    JsonDocument document;
    const auto body = to_graph_body(message);
    PARLEY_REQUIRE(!body || document.parse(*body));
    for (const std::string& part : split_text_reply(payload)) PARLEY_REQUIRE(!body || document.parse(part));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const int status : {200, 400, 500}) check_outcome(text, status);
    check_payload(text);
    std::string cut;
    for (const std::string& part : split_text(text, 1 + size % 50)) cut += part;
    PARLEY_REQUIRE(cut.size() <= text.size());
    return 0;
}

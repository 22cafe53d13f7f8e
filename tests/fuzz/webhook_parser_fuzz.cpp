// Any body: refused, or taken apart into items that are JSON, can be read again and make a canonical message.
#include <string_view>

#include "fuzz/require.hpp"
#include "whatsapp/canonical_message.hpp"
#include "whatsapp/json_document.hpp"
#include "whatsapp/webhook_parser.hpp"

namespace {

using namespace parley;

const WallTime receipt = from_unix_ms(1'790'000'000'000);

bool is_json(std::string_view text) {
    thread_local JsonDocument document;
    return static_cast<bool>(document.parse(text));
}

void check(const WebhookItem& item) {
    static const Deployment deployment;
    PARLEY_REQUIRE(!item.dedup_id.empty());
    PARLEY_REQUIRE(is_json(item.raw_json));
    const auto again = read_stored(item.raw_json, item.waba_id, receipt);
    PARLEY_REQUIRE(again.has_value());
    PARLEY_REQUIRE(again->raw_json == item.raw_json);
    if (item.kind == ItemKind::message) {
        PARLEY_REQUIRE(again->kind == item.kind);
        PARLEY_REQUIRE(again->dedup_id == item.dedup_id);
        PARLEY_REQUIRE(again->message->text == item.message->text);
        PARLEY_REQUIRE(is_json(to_canonical(item, deployment)));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const auto batch = parse_webhook(body, receipt);
    if (!batch) {
        PARLEY_REQUIRE(batch.error().code() == Errc::invalid_input);
        return 0;
    }
    std::size_t stored = 0;
    for (const WebhookItem& item : batch->items) {
        check(item);
        stored += item.raw_json.size();
    }
    PARLEY_REQUIRE(stored <= 70'000 + 9 * size);
    return 0;
}

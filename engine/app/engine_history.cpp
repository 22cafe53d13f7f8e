// The engine's calls about what happened: conversations, messages, webhooks, dead letters.
#include <future>

#include "app/engine_parts.hpp"
#include "app/reply_text.hpp"
#include "app/stored_message.hpp"
#include "base/log.hpp"
#include "whatsapp/graph_error.hpp"

namespace parley {
namespace {

ErrorMeaning explain(std::int32_t code) {
    const GraphErrorRow* row = find_graph_error(code);
    if (row == nullptr) return {};
    return {std::string(row->meaning), std::string(remedy_of(row->error_class))};
}

constexpr std::size_t erased_at_once = 500;

}  // namespace

Result<Erased> Engine::Parts::erase(ConversationId conversation) {
    Erased all;
    while (!all.is_done) {
        std::promise<Result<Erased>> erased;
        eraser->erase_some(conversation, erased_at_once,
                           [&](Result<Erased> some) { erased.set_value(std::move(some)); });
        auto some = erased.get_future().get();
        if (!some) return some.error();
        all.items += some->items;
        all.messages += some->messages;
        all.letters += some->letters;
        all.followups += some->followups;
        for (std::string& hash : some->media) {
            media->forget(hash);
            all.media.push_back(std::move(hash));
        }
        all.is_done = some->is_done;
    }
    log_info("person erased", {{"conversation", to_int(conversation)},
                               {"items", static_cast<std::int64_t>(all.items)},
                               {"messages", static_cast<std::int64_t>(all.messages)}});
    return all;
}

void Engine::Parts::add_history() {
    dead_letters = std::make_unique<DeadLetters>(DeadLetters::Ports{
        *store, *intake, *pump, environment.clock,
        [this](OpenMessage open) { return to_queued(std::move(open), accounts, *store); }});
    outbox_decisions =
        std::make_unique<OutboxDecisions>(OutboxDecisions::Ports{*store, *intake, *pump, environment.clock});
    const HistoryView view{environment.clock,
                           accounts,
                           *history,
                           refused_posts,
                           [this](ConversationId conversation) { return erase(conversation); },
                           [](const ItemRow& item) {
                               return read_item(item.kind, item.raw_json, item.waba_id,
                                                item.facts.received_at);
                           },
                           [](const std::string& payload) { return to_reply_text(payload).text; },
                           &explain,
                           [this](const PhoneNumberId& channel) { return pump->trouble(channel); }};
    const ApiPages pages(router, *gate, *workers);
    history_api = std::make_unique<HistoryApi>(view);
    history_api->add_pages(pages);
    webhook_log_api = std::make_unique<WebhookLogApi>(view);
    webhook_log_api->add_pages(pages);
    dead_letter_api = std::make_unique<DeadLetterApi>(view, *dead_letters);
    dead_letter_api->add_pages(pages);
    outbox_api = std::make_unique<OutboxApi>(
        OutboxApi::Ports{*store, accounts, *outbox_decisions,
                         [this](const PhoneNumberId& channel) { return pump->trouble(channel); }});
    outbox_api->add_pages(pages);
}

}  // namespace parley

// The engine's calls about what happened: conversations, messages, webhooks, dead letters.
#include <future>

#include "app/engine_parts.hpp"
#include "app/reply_text.hpp"
#include "app/stored_message.hpp"
#include "base/log.hpp"
#include "store/redaction.hpp"
#include "whatsapp/graph_error.hpp"

namespace parley {
namespace {

ErrorMeaning explain(std::int32_t code) {
    const GraphErrorRow* row = find_graph_error(code);
    if (row == nullptr) return {};
    return {std::string(row->meaning), std::string(remedy_of(row->error_class))};
}

constexpr std::size_t erased_at_once = 500;

// `call` starts something that takes a completion.
template <class Value, class Call>
Result<Value> wait_for(Call call) {
    std::promise<Result<Value>> made;
    auto waiting = made.get_future();
    call([&](Result<Value> value) { made.set_value(std::move(value)); });
    return waiting.get();
}

}  // namespace

RefusedPostsOptions refused_options(const WebhookConfig& webhook) {
    RefusedPostsOptions options{webhook.log_refused, {}};
    if (webhook.log_bodies == WebhookConfig::Bodies::none)
        options.shown = [](std::string_view, WallTime) { return std::string(); };
    if (webhook.log_bodies == WebhookConfig::Bodies::redacted)
        options.shown = [](std::string_view body, WallTime at) { return Redactor({}, 0, at).document(body); };
    return options;
}

Result<> Engine::Parts::erase_stored(ConversationId conversation, Erased& all) {
    while (!all.is_done) {
        auto some = wait_for<Erased>(
            [&](auto done) { eraser->erase_some(conversation, erased_at_once, std::move(done)); });
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
    return {};
}

Result<> Engine::Parts::erase_keys(const DeploymentId& deployment, const PersonNames& person,
                                   ErasedPerson& all) {
    KeyErasure call{deployment, person, {}};
    for (bool is_done = false; !is_done;) {
        auto some = wait_for<ErasedKeys>([&](auto done) { eraser->erase_keys(call, std::move(done)); });
        if (!some) return some.error();
        all.keys += some->erased;
        std::move(some->naming.begin(), some->naming.end(), std::back_inserter(all.naming));
        call.after = std::move(some->next);
        is_done = some->is_done;
    }
    return {};
}

// What is found by the person's names goes first: whatever fails, the person is still there to be erased once more.
Result<ErasedPerson> Engine::Parts::erase(const ConversationRow& person) {
    if (auto* copies = firestore ? firestore->log() : nullptr)
        if (auto gone = copies->erase(person.channel, person.person); !gone)
            return gone.error().within("its webhook logs in Firestore");
    ErasedPerson all;
    auto names = wait_for<PersonNames>([&](auto done) { eraser->find_names(person.id, std::move(done)); });
    if (!names) return names.error();
    if (const DeploymentPtr deployment = accounts.by_channel(person.channel))
        if (auto done = erase_keys(deployment->id, *names, all); !done) return done.error();
    const std::set<ConversationId> talks(names->conversations.begin(), names->conversations.end());
    const auto recorded = turn_watch->erase_records(talks);
    const auto stored = recorded ? erase_stored(person.id, all.stored) : Result<>(recorded.error());
    if (!stored) {
        turn_watch->remember(talks);
        return stored.error();
    }
    all.records = *recorded;
    all.refused = refused_posts.forget(*names);
    log_info("person erased", {{"conversation", to_int(person.id)},
                               {"items", static_cast<std::int64_t>(all.stored.items)},
                               {"messages", static_cast<std::int64_t>(all.stored.messages)},
                               {"records", static_cast<std::int64_t>(all.records)},
                               {"keys", static_cast<std::int64_t>(all.keys)}});
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
                           [this](const ConversationRow& person) { return erase(person); },
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

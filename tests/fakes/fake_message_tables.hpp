// The rules of a MessageStore on plain maps: what FakeMessageStore keeps instead of a database. Not
// thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <tuple>

#include "core/message_store.hpp"
#include "core/service_window.hpp"
#include "fakes/fake_conversations.hpp"

namespace parley::fakes {

struct FakeItem {
    NewItem arrived;
    PostFacts post;
    ConversationId conversation{};
    InboundState state = InboundState::stored;
    bool answerable = false;
    std::uint32_t attempt = 0;
    TraceId trace_id = {};
    Annotations annotations;
    std::vector<OutboundId> replies;
    bool open() const { return answerable && arrived.routed && state == InboundState::stored; }
};

struct FakeOutbound {
    OutboundMessage message;
    OutboundState state = OutboundState::queued;
    WallTime at{};
    MessageId wamid;
    std::int32_t error_code = 0;
    std::string error_text;
    std::string provisional;
    bool unsent() const { return !is_settled(state); }
};

struct FakeFollowup {
    FollowupOrder order;
    PhoneNumberId channel;
    WallTime scheduled_at{};
};

class FakeMessageTables {
  public:
    std::map<ItemSeq, FakeItem> items;
    std::map<OutboundId, FakeOutbound> outbound;
    std::map<ConversationId, ConversationState> states;
    std::vector<DeadLetterRecord> letters;
    std::map<std::pair<ConversationId, std::string>, FakeFollowup> followups;

    std::vector<StoredItem> add_inbound(InboundBatch& batch) {
        std::vector<StoredItem> stored;
        for (NewItem& item : batch.items) stored.push_back(add_item(item, batch));
        return stored;
    }

    Result<std::vector<OutboundId>> commit_turn(const TurnCommit& turn) {
        const auto found = items.find(turn.seq);
        if (found == items.end()) return Error(Errc::not_found, "no such message");
        FakeItem& item = found->second;
        if (!item.open()) return Error(Errc::conflict, "the turn of this message is over");
        for (const NewOutbound& reply : turn.replies)
            if (callbacks_.contains(reply.callback)) return Error(Errc::conflict, "the callback id is taken");
        item.state = turn.state;
        item.attempt = turn.attempt;
        item.annotations = turn.annotations;
        const ConversationId conversation = people_.current(turn.conversation);
        if (turn.has_state) states[conversation] = turn.new_state;
        for (const NewOutbound& reply : turn.replies)
            item.replies.push_back(insert(reply, conversation, turn.at, item.trace_id).id);
        put_followups(turn, conversation);
        if (turn.dead_letter) bury(true, to_int(turn.seq), turn.at, *turn.dead_letter);
        return item.replies;
    }

    Result<OutboundMessage> add_outbound(const NewOutbound& message, WallTime at) {
        if (message.to.wa_id.empty() && message.to.user_id.empty())
            return Error(Errc::invalid_input, "a recipient needs a number or a user id");
        if (callbacks_.contains(message.callback)) return Error(Errc::conflict, "the callback id is taken");
        const Party party{message.to.wa_id, message.to.user_id, {}, {}};
        return insert(message, people_.resolve(message.channel, party), at);
    }

    Result<OutboundState> record_outcome(const OutcomeRecord& record) {
        const auto found = outbound.find(record.id);
        if (found == outbound.end()) return Error(Errc::not_found, "no such outbound message");
        FakeOutbound& row = found->second;
        row.message.tries = std::max(row.message.tries, record.tries);
        if (row.wamid.empty() && !record.wamid.empty()) note_wamid(row, record.wamid);
        if (is_settled(row.state) && !moves_forward(row.state, record.state)) return row.state;
        move(row, record.state, record.at, record.error_code, record.error_text);
        if (record.dead_letter) bury(false, to_int(record.id), record.at, *record.dead_letter);
        return row.state;
    }

    FiredFollowups fire(const FollowupCall& call) {
        FiredFollowups fired;
        std::multimap<WallTime, std::pair<ConversationId, std::string>> due;
        for (const auto& [key, one] : followups)
            if (is_served(call, one) && one.order.due <= call.now) due.emplace(one.order.due, key);
        for (const auto& [at, key] : due) {
            if (fired.messages.size() + fired.outside_window >= call.limit) break;
            const FakeFollowup one = followups.at(key);
            followups.erase(key);
            const WallTime last = last_inbound(key.first);
            if (one.order.in_window && last != WallTime{} && is_window_closed(last, call.now))
                ++fired.outside_window;
            else
                fired.messages.push_back(open_followup(people_.current(key.first), one, call.now));
        }
        for (OpenMessage& message : fired.messages) message.state = state_of(message.conversation);
        for (const auto& [key, one] : followups)
            if (is_served(call, one)) fired.next = std::min(fired.next, one.order.due);
        return fired;
    }

    Result<Revived> end_dead_letter(std::int64_t id, bool retry, WallTime at) {
        const auto letter =
            std::find_if(letters.begin(), letters.end(), [&](const auto& l) { return l.id == id; });
        if (letter == letters.end()) return Error(Errc::not_found, "no such dead letter");
        Revived revived;
        if (retry && letter->inbound) {
            FakeItem& item = items.at(ItemSeq{letter->message});
            if (item.state != InboundState::dead) return Error(Errc::conflict, "the message is not dead");
            item.state = InboundState::stored;
            item.attempt = 0;
            item.replies.clear();
            revived.inbound = open_messages(ItemSeq{letter->message - 1}, 1).front();
        } else if (retry) {
            FakeOutbound& row = outbound.at(OutboundId{letter->message});
            if (row.state != OutboundState::failed && row.state != OutboundState::expired)
                return Error(Errc::conflict, "the message has not failed");
            row.state = OutboundState::queued;
            row.wamid = {};
            row.message.tries = 0;
            revived.outbound = row.message;
            revived.outbound->created_at = at;
        }
        letters.erase(letter);
        return revived;
    }

    Result<OutboundMessage> decide(const OutboundDecision& decision) {
        const auto found = outbound.find(decision.id);
        if (found == outbound.end()) return Error(Errc::not_found, "no such outbound message");
        FakeOutbound& row = found->second;
        const bool may = decision.send ? row.state == OutboundState::held : row.unsent();
        if (!may) return Error(Errc::conflict, std::string("the message is ") + to_string(row.state));
        move(row, decision.send ? OutboundState::queued : OutboundState::cancelled, decision.at, 0, {});
        OutboundMessage message = row.message;
        message.conversation = people_.current(message.conversation);
        message.created_at = decision.at;
        return message;
    }

    // Reads.
    std::vector<WaitingFollowups> waiting_followups() const {
        std::map<PhoneNumberId, std::uint64_t> counts;
        for (const auto& [key, one] : followups) ++counts[one.channel];
        std::vector<WaitingFollowups> rows;
        for (const auto& [channel, count] : counts) rows.push_back({channel, count});
        return rows;
    }
    std::vector<OpenMessage> open_messages(ItemSeq after, std::size_t limit) const {
        std::vector<OpenMessage> page;
        for (auto it = items.upper_bound(after); it != items.end() && page.size() < limit; ++it) {
            const auto& [seq, row] = *it;
            if (!row.open()) continue;
            const ConversationId conversation = people_.current(row.conversation);
            const WebhookItem& what = row.arrived.item;
            page.push_back({seq, conversation, what.channel, what.raw_json, what.waba_id,
                            row.post.received_at, row.attempt, state_of(conversation), what.kind,
                            row.trace_id});
        }
        return page;
    }
    std::vector<UnsentMessage> unsent_messages(OutboundId after, std::size_t limit) const {
        std::vector<UnsentMessage> page;
        for (auto it = outbound.upper_bound(after); it != outbound.end() && page.size() < limit; ++it)
            if (it->second.unsent())
                page.push_back({it->second.message, it->second.state,
                                it->second.state == OutboundState::held ? it->second.at : WallTime{}});
        return page;
    }
    std::vector<HeldMessage> held_messages(OutboundId after, std::size_t limit) const {
        std::vector<HeldMessage> page;
        for (auto it = outbound.upper_bound(after); it != outbound.end() && page.size() < limit; ++it) {
            const auto& [id, row] = *it;
            if (row.state != OutboundState::held) continue;
            page.push_back(
                {id, row.message.channel, row.message.to, row.message.callback, row.at, row.error_text});
        }
        return page;
    }
    std::vector<DeadLetterRecord> dead_letters(std::int64_t before, std::size_t limit) const {
        std::vector<DeadLetterRecord> page;
        for (auto letter = letters.rbegin(); letter != letters.rend(); ++letter)
            if ((before == 0 || letter->id < before) && page.size() < limit) page.push_back(*letter);
        return page;
    }
    std::optional<MessageRecord> find_message(const PhoneNumberId& channel, const MessageId& id,
                                              WallTime at) const {
        const auto found = dedup_.find({at, ItemKind::message, channel.str(), id.str()});
        if (found == dedup_.end()) return std::nullopt;
        const FakeItem& item = items.at(found->second);
        MessageRecord record{found->second, item.state, item.annotations, {}};
        for (const OutboundId reply : item.replies)
            record.replies.push_back({outbound.at(reply).message, outbound.at(reply).state});
        return record;
    }
    WallTime last_inbound(ConversationId conversation) const {
        WallTime last{};
        for (const auto& [seq, row] : items)
            if (row.arrived.item.opens_window &&
                people_.current(row.conversation) == people_.current(conversation))
                last = std::max(last, window_start(row.arrived.item.timestamp, row.post.received_at));
        return last;
    }
    AuthorsNames authors_names(const std::string& callback) const {
        const auto found = callbacks_.find(callback);
        if (found == callbacks_.end()) return {};
        const FakeOutbound& row = outbound.at(found->second);
        return {row.message.user_callback, row.provisional};
    }
    Result<std::string> give_provisional_id(OutboundId id) {
        const auto found = outbound.find(id);
        if (found == outbound.end()) return Error(Errc::not_found, "no such outbound message");
        found->second.provisional = provisional_id(found->second.message.callback);
        return found->second.provisional;
    }
    StoreCounts counts() const {
        StoreCounts n;
        for (const auto& [seq, row] : items) {
            n.messages += row.arrived.item.kind == ItemKind::message;
            n.statuses += row.arrived.item.kind == ItemKind::status;
            n.unrouted += !row.arrived.routed;
            n.open += row.open();
        }
        for (const auto& [id, row] : outbound) {
            n.unsent += row.unsent();
            n.held += row.state == OutboundState::held;
        }
        n.dead_letters = letters.size();
        return n;
    }

  private:
    using DedupKey = std::tuple<WallTime, ItemKind, std::string, std::string>;

    // Not the real store's hash, but as fixed.
    static TraceId trace_of(const std::string& text) {
        std::string bytes;
        for (const char* half : {"a", "b"}) {
            const std::uint64_t hash = std::hash<std::string>{}(half + text);
            bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
        }
        return to_trace_id(bytes);
    }

    StoredItem add_item(NewItem& item, const InboundBatch& batch) {
        const WebhookItem& what = item.item;
        StoredItem result;
        const DedupKey key{what.timestamp, what.kind, what.channel.str(),
                           what.dedup_id + (what.kind == ItemKind::message ? "" : "|" + what.waba_id)};
        if (dedup_.contains(key)) {
            result.disposition = Disposition::duplicate;
            return result;
        }
        const bool expired = what.timestamp < batch.oldest_answerable;
        result.seq = ItemSeq{++last_item_};
        result.disposition = expired ? Disposition::expired : Disposition::added;
        dedup_.emplace(key, result.seq);
        result.trace_id = trace_of(what.channel.str() + "|" + std::get<3>(key));
        if (what.kind == ItemKind::status && what.update && !expired)
            result.applied = apply(*what.update, what.channel);
        const bool answerable =
            item.answerable && !expired && (what.kind != ItemKind::status || result.applied);
        result.conversation = conversation_of(item, result, answerable);
        if (what.message && what.message->becomes && !expired)
            result.conversation = people_.rename(what.channel, result.conversation, *what.message->becomes);
        states.try_emplace(result.conversation);
        merge_followups();
        if (what.opens_window)
            std::erase_if(followups, [&](const auto& each) {
                return people_.current(each.first.first) == people_.current(result.conversation) &&
                       each.second.order.unless_written;
            });
        if (answerable && item.routed) result.state = state_of(result.conversation);
        FakeItem row{item,       batch.post, result.conversation, InboundState::stored,
                     answerable, 0,          result.trace_id,     {},
                     {}};
        if (!item.routed) row.state = InboundState::unrouted;
        items.emplace(result.seq, std::move(row));
        return result;
    }

    ConversationState state_of(ConversationId conversation) const {
        const auto found = states.find(conversation);
        ConversationState state = found == states.end() ? ConversationState{} : found->second;
        state.followups.clear();
        for (const auto& [key, one] : followups)
            if (people_.current(key.first) == conversation) state.followups.push_back(key.second);
        return state;
    }

    // Of one person's two conversations that are one now the newer of a key stays.
    void merge_followups() {
        for (auto each = followups.begin(); each != followups.end();) {
            const ConversationId lives = people_.current(each->first.first);
            if (lives == each->first.first) {
                ++each;
                continue;
            }
            const auto [kept, is_new] = followups.try_emplace({lives, each->first.second}, each->second);
            if (!is_new && each->second.scheduled_at > kept->second.scheduled_at) kept->second = each->second;
            each = followups.erase(each);
        }
    }

    void put_followups(const TurnCommit& turn, ConversationId conversation) {
        for (const FollowupOrder& order : turn.followups) {
            std::erase_if(followups, [&](const auto& each) {
                return people_.current(each.first.first) == conversation && each.first.second == order.key;
            });
            if (!order.is_cancelled && !(order.unless_written && turn.has_written_again))
                followups[{conversation, order.key}] = {order, turn.channel, turn.at};
        }
    }

    static bool is_served(const FollowupCall& call, const FakeFollowup& one) {
        return std::find(call.channels.begin(), call.channels.end(), one.channel) != call.channels.end();
    }

    OpenMessage open_followup(ConversationId conversation, const FakeFollowup& one, WallTime now) {
        const ItemSeq seq{++last_item_};
        FakeItem row;
        row.arrived.item.kind = ItemKind::followup;
        row.arrived.item.channel = one.channel;
        row.arrived.item.raw_json = R"({"followup":{"key":")" + one.order.key + R"("}})";
        row.post.received_at = now;
        row.conversation = conversation;
        row.answerable = true;
        row.trace_id = trace_of("followup|" + std::to_string(last_item_));
        items.emplace(seq, row);
        return {seq, conversation,       one.channel, row.arrived.item.raw_json, {}, now, 0,
                {},  ItemKind::followup, row.trace_id};
    }

    ConversationId conversation_of(const NewItem& item, const StoredItem& stored, bool answerable) {
        const WebhookItem& what = item.item;
        if (what.kind == ItemKind::message)
            return people_.resolve(what.channel, what.message ? what.message->from : Party{});
        if (what.kind == ItemKind::status)
            return answerable ? stored.applied->conversation : ConversationId{};
        return item.answerable || what.opens_window ? people_.resolve(what.channel, what.person)
                                                    : ConversationId{};
    }

    std::optional<Applied> apply(const DeliveryUpdate& update, const PhoneNumberId& channel) {
        const OutboundId id = owner_of(update);
        if (id == OutboundId{}) return std::nullopt;
        FakeOutbound& row = outbound.at(id);
        if (row.message.channel != channel) return std::nullopt;
        if (row.wamid.empty()) note_wamid(row, update.wamid);
        const bool moved = update.state && moves_forward(row.state, *update.state);
        if (moved) move(row, *update.state, update.at, update.error_code, update.error_text);
        if (moved && *update.state == OutboundState::failed)
            bury(false, to_int(id), update.at,
                 {"WhatsApp could not deliver the message",
                  std::to_string(update.error_code) + ": " + update.error_text});
        return Applied{row.message.id,
                       people_.current(row.message.conversation),
                       row.state,
                       moved,
                       row.message.user_callback,
                       update.window_closed,
                       channel,
                       {update.recipient.wa_id, update.recipient.user_id},
                       row.provisional};
    }
    OutboundId owner_of(const DeliveryUpdate& update) const {
        if (const auto found = callbacks_.find(update.callback); found != callbacks_.end())
            return found->second;
        if (const auto found = wamids_.find(update.wamid.str()); found != wamids_.end()) return found->second;
        return {};
    }

    static void move(FakeOutbound& row, OutboundState to, WallTime at, std::int32_t code,
                     const std::string& text) {
        row.state = to;
        row.at = at;
        row.error_code = code;
        row.error_text = text;
    }
    void note_wamid(FakeOutbound& row, const MessageId& wamid) {
        row.wamid = wamid;
        wamids_[wamid.str()] = row.message.id;
    }

    OutboundMessage insert(const NewOutbound& message, ConversationId conversation, WallTime at,
                           TraceId answered = {}) {
        OutboundMessage numbered;
        static_cast<NewOutbound&>(numbered) = message;
        numbered.id = OutboundId{++last_outbound_};
        numbered.conversation = conversation;
        numbered.created_at = at;
        numbered.answered_trace = answered;
        callbacks_[message.callback] = numbered.id;
        outbound[numbered.id] = FakeOutbound{numbered, OutboundState::queued, at, {}, 0, {}};
        return numbered;
    }
    void bury(bool inbound, std::int64_t message, WallTime at, const DeadLetter& letter) {
        letters.push_back({static_cast<std::int64_t>(letters.size()) + 1, inbound, message, at, letter});
    }

    std::int64_t last_item_ = 0, last_outbound_ = 0;
    FakeConversations people_;
    std::map<DedupKey, ItemSeq> dedup_;
    std::map<std::string, OutboundId> callbacks_, wamids_;
};

}  // namespace parley::fakes

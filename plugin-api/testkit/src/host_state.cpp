// Turns and operations: opened, used, closed.
#include "host_state.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace parley::testing {

HostState::HostState(HostOptions host_options) : options(std::move(host_options)), random_(options.seed) {
    options.unix_ms -= static_cast<std::int64_t>(now_ns / 1'000'000);
    connect_table(*this);
    connect_media(*this);
    connect_extras(*this);
    connect_followups(*this);
}

TurnRecord& HostState::open_turn(const std::string& conversation, const Message& message) {
    const parley_turn id = ++next_handle_;
    auto record = std::make_unique<TurnRecord>();
    record->id = id;
    record->conversation = conversation;
    const std::uint64_t allowed = static_cast<std::uint64_t>(options.deadline.count()) * 1'000'000;
    open[id] = {now_ns + allowed, now_ns + 2 * allowed, conversations[conversation].messages, message.sender,
                message.name};
    return *(records[id] = std::move(record));
}

TurnRecord* HostState::use(parley_turn turn, const char* call) {
    require_running(call);
    if (open.contains(turn)) return records.at(turn).get();
    const bool was_a_turn = records.contains(turn);
    blame(std::string(call) + ": " +
          (was_a_turn ? "the turn is over already" : "there never was such a turn"));
    return nullptr;
}

void HostState::commit(TurnRecord& record) {
    record.finished = true;
    if (record.postponed_ms) {
        discard(record, PARLEY_OK, {});
        return;
    }
    commit_followups(record);
    if (!record.state_json) return;
    Conversation& conversation = conversations[record.conversation];
    conversation.document = *record.state_json;
    ++conversation.revision;
    conversation.schema = options.state_schema;
}

void HostState::discard(TurnRecord& record, parley_status status, std::string error) {
    record.status = status;
    record.error = std::move(error);
    record.replies.clear();
    record.state_json.reset();
    record.annotations.clear();
    record.followups.clear();
}

void HostState::close(parley_turn turn) {
    open.erase(turn);
    for (auto& [op, operation] : operations) {
        if (operation.turn != turn) continue;
        operation.response = {.status = PARLEY_CANCELLED, .body = "the turn is over"};
        operation.due_ns = now_ns;
    }
}

parley_status HostState::add_operation(parley_turn turn, HttpResponse response, parley_op* op) {
    if (response.accepted != PARLEY_OK) return response.accepted;
    if (operations.size() >= options.operations) return PARLEY_LIMIT;
    *op = ++next_handle_;
    const std::uint64_t due = response.delay
                                  ? now_ns + static_cast<std::uint64_t>(response.delay->count()) * 1'000'000
                                  : UINT64_MAX;
    operations[*op] = {turn, due, std::move(response)};
    return PARLEY_OK;
}

bool HostState::cancel_operation(parley_op op) {
    const auto found = operations.find(op);
    if (found == operations.end()) return false;
    found->second.response = {.status = PARLEY_CANCELLED, .body = "cancelled by the agent"};
    found->second.due_ns = now_ns;
    return true;
}

void HostState::require_running(const char* call) {
    if (phase == Phase::creating)
        blame(std::string(call) + ": called inside create, where only log and get_extension may be");
    if (phase == Phase::destroyed) blame(std::string(call) + ": called after destroy");
}

std::uint64_t HostState::next_random() {
    // splitmix64
    std::uint64_t z = random_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
}

unsigned char HostState::next_byte() {
    return static_cast<unsigned char>(used_random < given_random.size() ? given_random[used_random++]
                                                                        : next_random());
}

std::string iso_8601(std::uint64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace parley::testing

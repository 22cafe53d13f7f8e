#include "core/dead_letters.hpp"

#include <future>

#include "core/message_log.hpp"

namespace parley {

Result<DeadLetterRecord> DeadLetters::find(std::int64_t letter) {
    auto rows = ports_.store.dead_letters(letter + 1, 1);
    if (!rows) return rows.error();
    if (letter <= 0 || rows->empty() || rows->front().id != letter)
        return Error(Errc::not_found, "there is no dead letter " + std::to_string(letter));
    return std::move(rows->front());
}

Result<Revived> DeadLetters::end(std::int64_t letter, bool retry) {
    std::promise<Result<Revived>> ended;
    auto waiting = ended.get_future();
    ports_.store.end_dead_letter(letter, retry, ports_.clock.wall(),
                                 [&](Result<Revived> result) { ended.set_value(std::move(result)); });
    return waiting.get();
}

Result<> DeadLetters::retry(std::int64_t letter) {
    const auto known = find(letter);
    if (!known) return known.error();
    Result<> revived;
    const bool done = ports_.intake.deliver_late([&] {
        std::vector<QueuedMessage> messages;
        revived = revive(letter, messages);
        return messages;
    });
    if (!done) return Error(Errc::unavailable, "the engine still reads what waits in its store; try again");
    if (revived)
        log_info("dead letter is tried again",
                 {{"letter", letter},
                  {"message", known->inbound ? message_name(ItemSeq{known->message})
                                             : message_name(OutboundId{known->message})}});
    return revived;
}

Result<> DeadLetters::revive(std::int64_t letter, std::vector<QueuedMessage>& messages) {
    auto revived = end(letter, true);
    if (!revived) return revived.error();
    if (revived->outbound) ports_.pump.enqueue({std::move(*revived->outbound)});
    if (!revived->inbound) return {};
    auto message = ports_.read(std::move(*revived->inbound));
    if (!message) return message.error().within("the message waits, but cannot be answered now");
    messages.push_back(std::move(*message));
    return {};
}

Result<> DeadLetters::drop(std::int64_t letter) {
    const auto ended = end(letter, false);
    if (!ended) return ended.error();
    log_info("dead letter dropped", {{"letter", letter}});
    return {};
}

}  // namespace parley

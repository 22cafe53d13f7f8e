// MessageWay: the way of one message, step by step, and in one sentence what became of it and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "admin/history_view.hpp"
#include "admin/view_json.hpp"

namespace parley {

class MessageWay {
  public:
    // Reads what belongs to the message; blocks. unavailable: the disk.
    static Result<MessageWay> of(const HistoryRow& row, const HistoryView& view);

    // {"verdict","remedy","timeline":[{"at","step","text","ok","details"}]}
    Json json() const;

  private:
    // What became of a message, in one sentence, and what a person can do; empty: nothing need be done.
    struct Verdict {
        std::string text, remedy;
    };
    explicit MessageWay(const HistoryView& view) : view_(view) {}
    Result<> add(const ItemRow& item);
    Result<> add(const OutboundRow& message);
    Result<> add_attempts(const OutboundRow& message);
    Result<> add_statuses(const OutboundRow& message);
    void add_decision(const AttemptRow& decided);
    void add_post(const ItemRow& item);
    void add_turn(const ItemRow& item, const std::vector<DeadLetterRecord>& letters);
    void add_step(WallTime at, const char* step, std::string text, Json ok, Json details = Json::object());
    Verdict judge(const ItemRow& item, const std::vector<DeadLetterRecord>& letters) const;
    Verdict judge(const OutboundRow& message) const;

    const HistoryView& view_;
    Verdict verdict_;
    std::string cancelled_by_;  // the key of the person who did; empty: nobody
    Json steps_ = Json::array();
};

}  // namespace parley

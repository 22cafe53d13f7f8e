// Dead letters: what no agent and no send could finish; to look at, to try again, to drop.
#pragma once

#include "admin/api_pages.hpp"
#include "admin/history_view.hpp"
#include "admin/message_json.hpp"
#include "core/dead_letters.hpp"

namespace parley {

// Must outlive the router its pages are added to. Answers block.
class DeadLetterApi {
  public:
    DeadLetterApi(HistoryView view, DeadLetters& letters)
        : view_(std::move(view)), shown_(view_), letters_(letters) {}
    DeadLetterApi(const DeadLetterApi&) = delete;
    DeadLetterApi& operator=(const DeadLetterApi&) = delete;

    // GET /api/dead-letters, GET and DELETE /api/dead-letters/{letter}, POST /api/dead-letters/{letter}/retry.
    void add_pages(ApiPages pages);

  private:
    HttpResponse list(const ApiCall& call) const;
    HttpResponse one(const ApiCall& call) const;
    HttpResponse retry(const ApiCall& call) const;
    HttpResponse drop(const ApiCall& call) const;
    Result<std::optional<HistoryRow>> message_of(const DeadLetterRecord& letter) const;
    Result<Json> to_row(const DeadLetterRecord& letter, bool whole) const;

    const HistoryView view_;
    const MessageJson shown_;
    DeadLetters& letters_;
};

}  // namespace parley

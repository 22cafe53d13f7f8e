// Conversations and messages: who wrote, what was answered, and why not.
#pragma once

#include "admin/api_pages.hpp"
#include "admin/history_view.hpp"
#include "admin/list_query.hpp"
#include "admin/message_json.hpp"

namespace parley {

// Must outlive the router its pages are added to. Answers block.
class HistoryApi {
  public:
    explicit HistoryApi(HistoryView view) : view_(std::move(view)), shown_(view_) {}
    HistoryApi(const HistoryApi&) = delete;
    HistoryApi& operator=(const HistoryApi&) = delete;

    // GET /api/conversations, GET and DELETE /api/conversations/{deployment}/{user}, GET /api/messages, /api/messages/{message}.
    void add_pages(ApiPages pages);

  private:
    HttpResponse conversations(const ApiCall& call) const;
    HttpResponse conversation(const ApiCall& call) const;
    HttpResponse erase(const ApiCall& call) const;
    HttpResponse messages(const ApiCall& call) const;
    HttpResponse message(const ApiCall& call) const;

    Result<PhoneNumberId> channel_wanted(const std::string& query) const;
    Result<ConversationRow> conversation_named(const PathArguments& path) const;
    PhoneNumberId channel_named(const std::string& deployment_or_number) const;
    Result<std::optional<HistoryRow>> find(const std::string& id) const;
    Json to_row(const ConversationRow& row) const;

    const HistoryView view_;
    const MessageJson shown_;
};

}  // namespace parley

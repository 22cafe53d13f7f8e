// The webhooks that came, and those that were turned away.
#pragma once

#include "admin/api_pages.hpp"
#include "admin/history_view.hpp"
#include "admin/list_query.hpp"

namespace parley {

// Must outlive the router its pages are added to. Answers block.
class WebhookLogApi {
  public:
    explicit WebhookLogApi(HistoryView view) : view_(std::move(view)) {}

    // GET /api/webhook-logs, /api/webhook-logs/{webhook}.
    void add_pages(ApiPages pages);

  private:
    HttpResponse list(const ApiCall& call) const;
    HttpResponse accepted(const ListQuery& query) const;
    HttpResponse refused(const ListQuery& query, const std::string& text) const;
    HttpResponse one(const ApiCall& call) const;
    HttpResponse one_accepted(ItemSeq first) const;

    const HistoryView view_;
};

}  // namespace parley

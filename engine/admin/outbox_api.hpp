// Messages that have not left, or of which nobody knows whether they did: to look at, to send again, to cancel.
#pragma once

#include "admin/api_pages.hpp"
#include "admin/message_json.hpp"
#include "core/outbox_decisions.hpp"

namespace parley {

// Must outlive the router its pages are added to. Answers block.
class OutboxApi {
  public:
    struct Ports {
        MessageStore& store;
        const AccountRegistry& accounts;
        OutboxDecisions& decisions;
        std::function<std::string(const PhoneNumberId&)> trouble_of;  // why nothing is sent from it now
    };
    explicit OutboxApi(Ports ports) : ports_(std::move(ports)) {}

    // GET /api/outbox, POST /api/outbox/{message}/send and /api/outbox/{message}/cancel.
    void add_pages(ApiPages pages);

  private:
    HttpResponse list(const ApiCall& call) const;
    HttpResponse send(const ApiCall& call) const;
    HttpResponse cancel(const ApiCall& call) const;
    Result<HistoryPage<Json>> held(OutboundId after, std::size_t limit) const;
    Result<HistoryPage<Json>> unsent(OutboundId after, std::size_t limit, bool with_held) const;
    Json to_row(const HeldMessage& message, OutboundState state) const;

    Ports ports_;
};

}  // namespace parley

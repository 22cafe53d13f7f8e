// Responder: exactly one answer per request, whatever its owner does.
#include "net/http_exchange.hpp"

#include "net/router.hpp"

namespace parley {

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
    Responder taken(std::move(other));
    std::swap(exchange_, taken.exchange_);
    return *this;
}

Responder::~Responder() {
    if (exchange_) (*this)(problem(500, "Internal Server Error", "the request was not answered"));
}

void Responder::operator()(HttpResponse response) {
    if (auto exchange = std::exchange(exchange_, nullptr)) exchange->answer(std::move(response));
}

}  // namespace parley

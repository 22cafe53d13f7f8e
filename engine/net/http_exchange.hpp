// The other end of a Responder: whoever takes the answer of one request.
#pragma once

#include "net/http_server.hpp"

namespace parley {

// The server's connections implement it; a test that calls a handler without a server can, too.
class Responder::Exchange {
  public:
    virtual ~Exchange() = default;
    virtual void answer(HttpResponse response) = 0;  // once, any thread; must not throw
};

}  // namespace parley

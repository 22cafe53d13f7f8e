// RequestIds: a name for every request, so that a caller's report, a proxy's log and this engine's can be laid side by side.
//
// A trusted proxy's X-Request-Id is kept if it is 1 to 64 of A-Z a-z 0-9 . _ -, and made anew otherwise.
// Threads   Any.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.hpp"
#include "net/http_message.hpp"
#include "net/networks.hpp"

namespace parley {

class RequestIds {
  public:
    explicit RequestIds(Random* random);  // null: requests have no ids

    void trust(Networks proxies);

    // Writes the id of a request, or one of nobody's. A string that was used before costs no allocation.
    void name(const HttpRequest& request, std::string& id);
    void make(std::string& id);

  private:
    bool is_trusted(std::string_view peer) const;

    std::string prefix_;  // random, so that no two engines and no two starts share an id
    std::atomic<std::uint64_t> last_{0};
    mutable std::mutex mutex_;
    std::shared_ptr<const Networks> proxies_;  // null: none
};

// Puts the member "request_id" into a problem's JSON; other bodies stay as they are.
void add_request_id(HttpResponse& response, std::string_view id);

}  // namespace parley

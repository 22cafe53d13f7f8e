// Signed WhatsApp text webhooks as Meta sends them: some 700 bytes, \u escapes, Devanagari, a wamid of its own
// each.
#pragma once

#include <cstdint>
#include <string>

#include "base/crypto/hmac.hpp"

namespace parley::bench {

class Webhooks {
  public:
    // `host` for the Host header; `run` makes the wamids differ from those of other runs.
    Webhooks(std::string host, std::string run, std::string phone_number_id, const Secret& app_secret);

    // The whole HTTP request. The text of the message starts with `sequence`, so its echo tells which it was.
    std::string request(unsigned user, std::uint64_t sequence) const;

  private:
    std::string host_;
    std::string run_;
    std::string phone_number_id_;
    HmacSha256 hmac_;
};

}  // namespace parley::bench

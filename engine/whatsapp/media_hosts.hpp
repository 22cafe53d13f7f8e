// Which hosts media may come from. Media URLs arrive from the network and are fetched with the access token, so a forged
// one must lead nowhere.
#pragma once

#include <string>

#include "net/url_target.hpp"

namespace parley {

// https of graph.facebook.com, lookaside.fbsbx.com, *.fbcdn.net and *.whatsapp.net on port 443, and the configured
// Graph address as it is.
class MediaHosts {
  public:
    explicit MediaHosts(const std::string& graph_url);
    bool allow(const UrlTarget& target) const;

  private:
    UrlTarget graph_;  // empty: the configured URL is none
};

}  // namespace parley

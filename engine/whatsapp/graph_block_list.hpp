// The block list of a number at the Graph API: who is on it, putting users on it, taking them off.
#pragma once

#include <string>
#include <vector>

#include "base/unique_function.hpp"
#include "core/account_registry.hpp"
#include "core/outbound.hpp"
#include "whatsapp/graph_call.hpp"
#include "whatsapp/graph_failure.hpp"

namespace parley {

struct BlockedPage {
    std::vector<Recipient> users;
    std::string after;  // for the next page; empty: this was the last
};

struct BlockChange {
    struct Failed {
        Recipient user;
        std::string reason;
    };
    std::vector<Recipient> done;
    std::vector<Failed> failed;  // Meta blocks only who wrote in the last 24 hours
};

// Of the account's number. Any thread; `done` as in GraphMedia.
class GraphBlockList {
  public:
    GraphBlockList(GraphOptions options, HttpClient& http);

    void list(const std::string& after, DeploymentPtr account, Completion<GraphResult<BlockedPage>> done,
              unsigned limit = 100);

    // A change that Graph made in part (139100) is a BlockChange with `failed`, no failure.
    void add(const std::vector<Recipient>& users, DeploymentPtr account,
             Completion<GraphResult<BlockChange>> done);
    void remove(const std::vector<Recipient>& users, DeploymentPtr account,
                Completion<GraphResult<BlockChange>> done);

  private:
    void change(const char* method, const char* list, const std::vector<Recipient>& users,
                DeploymentPtr account, Completion<GraphResult<BlockChange>> done);

    GraphCaller caller_;
    HttpClient& http_;
};

}  // namespace parley

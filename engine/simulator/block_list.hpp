// The users that numbers of the business have blocked.
//
// Threads   None of its own; the caller serialises.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "simulator/graph_call.hpp"

namespace parley::sim {

class BlockList {
  public:
    static constexpr std::size_t max_users = 64'000;  // of one number

    using MayBlock = std::function<bool(const std::string& user)>;  // whoever wrote in the last 24 h

    // GET, POST and DELETE /{phone_number_id}/block_users. Of users that could not be changed it tells beside those
    // that were.
    GraphReply answer(const GraphCall& call, const MayBlock& may_block);

    bool contains(const std::string& phone_number_id, const std::string& user) const;
    void clear() { users_.clear(); }

  private:
    GraphBody change(const GraphCall& call, const Json& wanted, const MayBlock& may_block);

    std::map<std::string, std::map<std::string, std::uint64_t>> users_;  // by number; each with its order
    std::uint64_t last_ = 0;
};

}  // namespace parley::sim

// AgentVersions: the agents that answered, by a small number that stands in each turn's row.
//
// Threads   The writer, inside its transaction. forget() after a rollback.
#pragma once

#include <string>
#include <unordered_map>

#include "store/sqlite.hpp"

namespace parley {

class AgentVersions {
  public:
    Result<> open(sqlite::Database& db);
    std::int64_t number_of(const std::string& name);  // 0 for an empty one
    void forget() { numbers_.clear(); }

  private:
    sqlite::Statement find_, insert_;
    std::unordered_map<std::string, std::int64_t> numbers_;
};

}  // namespace parley

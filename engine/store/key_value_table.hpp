// KeyValueTable: the agents' own keys, and how much each deployment has.
//
// Threads   The writer, inside its transaction. forget() after a rollback.
#pragma once

#include <unordered_map>

#include "core/key_value_store.hpp"
#include "core/person_eraser.hpp"
#include "store/sqlite.hpp"

namespace parley {

class KeyValueTable {
  public:
    explicit KeyValueTable(KeyValueLimits limits) : limits_(limits) {}
    Result<> open(sqlite::Database& db);

    Result<KeyValueAnswer> answer(const KeyValueCall& call);
    // A slice; see PersonEraser.
    ErasedKeys erase(const KeyErasure& call);
    void forget() { used_.clear(); }

  private:
    struct Used {
        std::uint64_t keys = 0, bytes = 0;
    };
    struct Found {
        std::uint64_t version = 0;  // 0: it is not there
        std::string value;
    };
    Found find(const KeyValueCall& call);
    Used& used_by(const std::string& deployment);
    Result<KeyValueAnswer> put(const KeyValueCall& call, Found before);
    Result<KeyValueAnswer> remove(const KeyValueCall& call, const Found& before);
    KeyValueAnswer list(const KeyValueCall& call);

    const KeyValueLimits limits_;
    sqlite::Statement find_, put_, remove_, list_, slice_, count_, next_version_, last_version_;
    std::unordered_map<std::string, Used> used_;  // of deployments that were asked about
};

}  // namespace parley

#include "store/agent_versions.hpp"

namespace parley {

Result<> AgentVersions::open(sqlite::Database& db) {
    if (!db.prepare(find_, "SELECT id FROM agent_version WHERE name=?1") ||
        !db.prepare(insert_, "INSERT INTO agent_version (name) VALUES (?1)"))
        return db.error();
    return {};
}

std::int64_t AgentVersions::number_of(const std::string& name) {
    if (name.empty()) return 0;
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    const auto look = [&]() -> std::int64_t {
        find_.start(name);
        const std::int64_t id = find_.next() ? find_.integer(0) : 0;
        find_.reset();
        return id;
    };
    std::int64_t id = look();
    if (id == 0) {
        insert_.run(name);
        id = look();
    }
    return numbers_.emplace(name, id).first->second;
}

}  // namespace parley

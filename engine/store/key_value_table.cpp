#include "store/key_value_table.hpp"

namespace parley {
namespace {

// Of one slice: what the writer does between two batches of messages.
constexpr std::size_t most_erased_keys = 500;
constexpr std::size_t most_erased_bytes = 2U << 20;

}  // namespace

Result<> KeyValueTable::open(sqlite::Database& db) {
    if (!db.prepare(find_, "SELECT version, value FROM key_value WHERE deployment=?1 AND key=?2") ||
        !db.prepare(put_,
                    "INSERT INTO key_value VALUES (?1,?2,?3,?4)"
                    " ON CONFLICT DO UPDATE SET version=?3, value=?4") ||
        !db.prepare(remove_, "DELETE FROM key_value WHERE deployment=?1 AND key=?2") ||
        !db.prepare(
            list_,
            "SELECT key FROM key_value WHERE deployment=?1 AND key>=?2 AND key>?3 ORDER BY key LIMIT ?4") ||
        !db.prepare(
            slice_,
            "SELECT key, value FROM key_value WHERE deployment=?1 AND key>?2 ORDER BY key LIMIT ?3") ||
        !db.prepare(
            count_,
            "SELECT count(*), coalesce(sum(length(CAST(key AS BLOB)) + length(value)), 0) FROM key_value"
            " WHERE deployment=?1") ||
        !db.prepare(next_version_, "UPDATE key_value_version SET last=last+1") ||
        !db.prepare(last_version_, "SELECT last FROM key_value_version"))
        return db.error();
    return {};
}

KeyValueTable::Found KeyValueTable::find(const KeyValueCall& call) {
    find_.start(call.deployment.str(), call.key);
    Found found;
    if (find_.next()) {
        found.version = static_cast<std::uint64_t>(find_.integer(0));
        found.value = find_.text(1);
    }
    find_.reset();
    return found;
}

KeyValueTable::Used& KeyValueTable::used_by(const std::string& deployment) {
    const auto [known, is_new] = used_.try_emplace(deployment);
    if (is_new) {
        count_.start(deployment);
        if (count_.next())
            known->second = {static_cast<std::uint64_t>(count_.integer(0)),
                             static_cast<std::uint64_t>(count_.integer(1))};
        count_.reset();
    }
    return known->second;
}

Result<KeyValueAnswer> KeyValueTable::answer(const KeyValueCall& call) {
    if (call.kind == KeyValueCall::Kind::list) return list(call);
    Found found = find(call);
    const bool is_write = call.kind != KeyValueCall::Kind::get;
    if (!is_write || (call.expected && *call.expected != found.version))
        return KeyValueAnswer{!is_write, found.version, std::move(found.value), {}, false};
    return call.kind == KeyValueCall::Kind::put ? put(call, std::move(found)) : remove(call, found);
}

Result<KeyValueAnswer> KeyValueTable::put(const KeyValueCall& call, Found before) {
    Used& used = used_by(call.deployment.str());
    const bool is_new = before.version == 0;
    const std::uint64_t bytes =
        used.bytes + call.value.size() + (is_new ? call.key.size() : 0) - before.value.size();
    if (is_new && used.keys >= limits_.keys)
        return Error(Errc::invalid_input, "the deployment has " + std::to_string(limits_.keys) +
                                              " keys, which is all it may have");
    if (bytes > limits_.bytes && bytes > used.bytes)
        return Error(Errc::invalid_input, "the deployment's keys and values have " +
                                              std::to_string(limits_.bytes) +
                                              " bytes, which is all they may have");
    next_version_.run();
    last_version_.start();
    const std::uint64_t version =
        last_version_.next() ? static_cast<std::uint64_t>(last_version_.integer(0)) : 0;
    last_version_.reset();
    put_.run(call.deployment.str(), call.key, version, sqlite::Blob{call.value});
    used = {used.keys + (is_new ? 1 : 0), bytes};
    return KeyValueAnswer{true, version, {}, {}, false};
}

Result<KeyValueAnswer> KeyValueTable::remove(const KeyValueCall& call, const Found& before) {
    if (before.version == 0) return KeyValueAnswer{};
    Used& used = used_by(call.deployment.str());
    remove_.run(call.deployment.str(), call.key);
    used = {used.keys - 1, used.bytes - call.key.size() - before.value.size()};
    return KeyValueAnswer{};
}

ErasedKeys KeyValueTable::erase(const KeyErasure& call) {
    ErasedKeys slice;
    std::vector<std::pair<std::string, std::size_t>> theirs;  // and what else is counted of a key
    std::size_t read = 0, bytes = 0;
    slice_.start(call.deployment.str(), call.after, most_erased_keys);
    while (bytes < most_erased_bytes && slice_.next()) {
        const std::string_view key = slice_.text(0), value = slice_.text(1);
        ++read;
        bytes += key.size() + value.size();
        slice.next = key;
        if (is_key_of(key, call.person))
            theirs.emplace_back(key, value.size());
        else if (names_person(value, call.person))
            slice.naming.emplace_back(key);
    }
    slice_.reset();
    slice.is_done = read < most_erased_keys && bytes < most_erased_bytes;
    Used& used = used_by(call.deployment.str());
    for (const auto& [key, size] : theirs) {
        remove_.run(call.deployment.str(), key);
        used = {used.keys - 1, used.bytes - key.size() - size};
    }
    slice.erased = theirs.size();
    return slice;
}

KeyValueAnswer KeyValueTable::list(const KeyValueCall& call) {
    KeyValueAnswer answer;
    list_.start(call.deployment.str(), call.key, call.after, call.limit + 1);
    while (list_.next()) {
        const std::string_view key = list_.text(0);
        if (!key.starts_with(call.key)) break;  // sorted: what follows does not begin so either
        answer.has_more = answer.keys.size() == call.limit;
        if (answer.has_more) break;
        answer.keys.emplace_back(key);
    }
    list_.reset();
    return answer;
}

}  // namespace parley

#include "store/dedup_table.hpp"

#include <algorithm>
#include <cstdlib>

#include <openssl/evp.h>

namespace parley {
namespace {

constexpr Millis run_every{500};

}  // namespace

void DedupHasher::Free::operator()(evp_md_ctx_st* context) const noexcept {
    EVP_MD_CTX_free(context);
}
void DedupHasher::Free::operator()(evp_md_st* algorithm) const noexcept {
    EVP_MD_free(algorithm);
}

DedupHasher::DedupHasher() : sha256_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
    // Out of memory is the only way this fails; an engine without memory restarts.
    if (!sha256_ || !context_) std::abort();
}

DedupKey DedupHasher::key(ItemKind kind, const PhoneNumberId& channel, std::string_view waba_id,
                          std::string_view id, WallTime at) {
    text_.assign(1, static_cast<char>('0' + static_cast<int>(kind)));
    text_.append(channel.str()).push_back('\n');
    if (kind != ItemKind::message) text_.append(waba_id).push_back('\n');
    text_.append(id);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    if (EVP_DigestInit_ex2(context_.get(), sha256_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), text_.data(), text_.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1)
        std::abort();
    DedupKey key{unix_ms(at), {}};
    std::memcpy(key.hash.data(), digest.data(), key.hash.size());
    return key;
}

Result<> DedupTable::open(sqlite::Database& db) {
    db_ = &db;
    sqlite::Statement unmoved;
    if (!db.prepare(find_, "SELECT 1 FROM dedup WHERE at=?1 AND hash=?2") ||
        !db.prepare(insert_, "INSERT OR IGNORE INTO dedup VALUES (?1,?2,?3)") ||
        !db.prepare(
            prune_,
            "DELETE FROM dedup WHERE (at, hash) IN (SELECT at, hash FROM dedup WHERE at<?1 LIMIT ?2)") ||
        !db.prepare(unmoved, "SELECT seq, at, hash FROM item WHERE seq>?1 ORDER BY seq"))
        return db.error();
    const auto through = db.query_integer("SELECT dedup_through FROM mark");
    const auto newest = db.query_integer("SELECT coalesce(max(at), -1) FROM dedup");
    if (!through || !newest) return !through ? through.error() : newest.error();
    moved_through_ = moved_through_before_ = *through;
    newest_moved_at_ = *newest;
    unmoved.start(*through);
    while (unmoved.next()) {
        Entry entry{{unmoved.integer(1), {}}, ItemSeq{unmoved.integer(0)}};
        const std::string_view hash = unmoved.text(2);
        std::memcpy(entry.key.hash.data(), hash.data(), std::min(hash.size(), entry.key.hash.size()));
        add(entry.key, entry.seq);
    }
    if (db.failed()) return db.error();
    fresh_before_ = fresh_.size();
    return {};
}

bool DedupTable::contains(const DedupKey& key) {
    if (find_in_memory(key)) return true;
    if (key.at > newest_moved_at_) return false;
    find_.start(key.at, sqlite::Blob{key.bytes()});
    const bool found = find_.next();
    find_.reset();
    return found;
}

void DedupTable::add(const DedupKey& key, ItemSeq seq) {
    fresh_.push_back({key, seq});
    const std::lock_guard lock(mutex_);
    memory_.emplace(key, seq);
}

std::optional<ItemSeq> DedupTable::find_in_memory(const DedupKey& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = memory_.find(key);
    if (found == memory_.end()) return std::nullopt;
    return found->second;
}

void DedupTable::start_run(MonoTime now) {
    run_.swap(fresh_);
    fresh_.clear();
    fresh_before_ = 0;
    run_through_ = to_int(run_.back().seq);
    std::sort(run_.begin(), run_.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    next_ = next_before_ = 0;
    run_started_ = now;
}

void DedupTable::move_some(MonoTime now, std::size_t limit) {
    // A run starts only from committed keys, before this transaction adds its own.
    if (next_ == run_.size() && !fresh_.empty() && fresh_.size() == fresh_before_ &&
        now - run_started_ >= run_every)
        start_run(now);
    limit = std::max(limit, run_.size() / 128);
    for (; next_ < run_.size() && limit > 0; ++next_, --limit) {
        const Entry& entry = run_[next_];
        insert_.run(entry.key.at, sqlite::Blob{entry.key.bytes()}, to_int(entry.seq));
        newest_moved_at_ = std::max(newest_moved_at_, entry.key.at);
    }
    if (next_ == run_.size() && run_through_ > moved_through_) moved_through_ = run_through_;
}

bool DedupTable::prune(WallTime oldest, std::size_t limit) {
    prune_.run(unix_ms(oldest), limit);
    return db_->changes() == static_cast<std::int64_t>(limit);
}

void DedupTable::committed() {
    if (next_ != next_before_) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = next_before_; i < next_; ++i) memory_.erase(run_[i].key);
    }
    if (next_ == run_.size()) {
        run_.clear();
        next_ = 0;
    }
    next_before_ = next_;
    moved_through_before_ = moved_through_;
    fresh_before_ = fresh_.size();
}

void DedupTable::rollback() {
    next_ = next_before_;
    moved_through_ = moved_through_before_;
    undo_to(fresh_before_);
}

void DedupTable::undo_to(std::size_t point) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = point; i < fresh_.size(); ++i) memory_.erase(fresh_[i].key);
    fresh_.resize(point);
}

}  // namespace parley

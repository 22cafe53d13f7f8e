#include "whatsapp/graph_media_library.hpp"

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/base64.hpp"
#include "base/crypto/hmac.hpp"
#include "base/log.hpp"

namespace parley {
namespace {

// Graph writes hexadecimal digits, webhooks base64.
std::optional<Sha256> read_hash(const std::string& text) {
    Sha256 hash{};
    if (from_hex(text, hash)) return hash;
    const auto bytes = from_base64(text);
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), hash.begin());
    return hash;
}

Counter& fetches(Metrics& metrics, const char* result) {
    return metrics.counter("parley_media_fetches_total", "Media that agents asked for by how it ended",
                           {{"result", result}});
}

Error too_large(std::uint64_t size, std::size_t most) {
    return {Errc::invalid_input, "the file is too large: " + std::to_string(size) + " bytes, the limit is " +
                                     std::to_string(most) + " (media.max_file)"};
}

Result<std::string> read_file(const std::string& path, std::size_t most) {
    std::error_code trouble;
    if (!std::filesystem::is_regular_file(path, trouble)) return Error{Errc::not_found, path + " is no file"};
    const std::uint64_t size = std::filesystem::file_size(path, trouble);
    if (!trouble && size > most) return too_large(size, most);
    std::ifstream file(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (trouble || !file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
        return Error{Errc::unavailable, path + " cannot be read"};
    return bytes;
}

// What a download URL answers once its five minutes are over.
bool is_expired(const GraphFailure& failure) {
    return failure.http_status == 404 || failure.http_status == 403 || failure.http_status == 410;
}

Error within(const std::string& media_id, const GraphFailure& failure) {
    return to_error(failure).within("media " + media_id);
}

}  // namespace

struct GraphMediaLibrary::Fetch {
    std::string key, media_id;
    DeploymentPtr account;
    std::vector<Completion<Result<MediaFile>>> asked;
    MediaFacts facts{};
    std::optional<Sha256> hash = std::nullopt;
    bool is_second_lookup = false;
};

GraphMediaLibrary::GraphMediaLibrary(MediaLibraryOptions options, Ports ports)
    : options_(options),
      ports_(ports),
      cached_(fetches(ports.metrics, "cached")),
      downloaded_(fetches(ports.metrics, "downloaded")),
      failed_(fetches(ports.metrics, "failed")),
      uploaded_(ports.metrics.counter("parley_media_uploads_total", "Files that agents uploaded")) {}

void GraphMediaLibrary::fetch(const DeploymentId& deployment, std::string media_id,
                              Completion<Result<MediaFile>> done) {
    DeploymentPtr account = ports_.accounts.by_id(deployment);
    if (!account) return done(Error{Errc::not_found, "the deployment is gone"});
    if (!is_path_safe(media_id)) return done(Error{Errc::invalid_input, "this is no media id"});
    std::string key = account->channel.str() + '/' + media_id;
    auto fresh = std::make_shared<Fetch>(Fetch{key, std::move(media_id), std::move(account), {}});
    bool is_full = false;
    {
        const std::lock_guard lock(mutex_);
        const auto open = open_.find(key);
        is_full = open == open_.end() && waiting_.size() >= options_.most_waiting;
        if (open != open_.end()) {
            open->second->asked.push_back(std::move(done));
            return;
        }
        if (!is_full) {
            fresh->asked.push_back(std::move(done));
            open_.emplace(key, fresh);
            if (running_ == options_.at_once) {
                waiting_.push_back(std::move(fresh));
                return;
            }
            ++running_;
        }
    }
    if (is_full) return done(Error{Errc::busy, "too many media are being fetched"});
    look_up(std::move(fresh));
}

void GraphMediaLibrary::look_up(FetchPtr fetch) {
    ports_.graph.look_up(fetch->media_id, fetch->account,
                         [this, fetch](GraphResult<MediaFacts> facts) { found(fetch, std::move(facts)); });
}

void GraphMediaLibrary::found(FetchPtr fetch, GraphResult<MediaFacts> facts) {
    if (!facts) return end(fetch, within(fetch->media_id, facts.error()));
    fetch->facts = std::move(*facts);
    fetch->hash = read_hash(fetch->facts.sha256);
    if (!fetch->hash && !fetch->facts.sha256.empty())
        return end(fetch,
                   Error{Errc::unavailable, "media " + fetch->media_id + ": Graph's sha256 cannot be read"});
    if (fetch->facts.size > options_.most_file)
        return end(fetch, too_large(fetch->facts.size, options_.most_file));
    if (!fetch->hash || fetch->facts.size == 0 || fetch->is_second_lookup) return download(std::move(fetch));
    post(fetch, [this, fetch] { find_or_download(fetch); });
}

void GraphMediaLibrary::forget(const std::string& metas_sha256) {
    if (const auto hash = read_hash(metas_sha256)) ports_.cache.remove(to_hex(*hash));
}

void GraphMediaLibrary::find_or_download(FetchPtr fetch) {
    const std::string hash = to_hex(*fetch->hash);
    auto path = ports_.cache.find(hash, fetch->facts.size);
    if (!path) return download(std::move(fetch));
    cached_.add();
    MediaFile file{std::move(*path), fetch->facts.mime_type, hash, fetch->facts.size};
    end(std::move(fetch), std::move(file));
}

void GraphMediaLibrary::download(FetchPtr fetch) {
    ports_.graph.download(
        fetch->facts.url, options_.most_file, fetch->account,
        [this, fetch](GraphResult<std::string> bytes) { downloaded(fetch, std::move(bytes)); });
}

void GraphMediaLibrary::downloaded(FetchPtr fetch, GraphResult<std::string> bytes) {
    if (bytes) return post(fetch, [this, fetch, kept = std::move(*bytes)] { keep(fetch, kept); });
    if (!is_expired(bytes.error()) || std::exchange(fetch->is_second_lookup, true))
        return end(fetch, within(fetch->media_id, bytes.error()));
    look_up(std::move(fetch));
}

void GraphMediaLibrary::keep(FetchPtr fetch, const std::string& bytes) {
    const Sha256 hash = sha256(bytes);
    if (fetch->hash && *fetch->hash != hash)
        return end(fetch, Error{Errc::unavailable,
                                "media " + fetch->media_id + ": the file does not match its hash"});
    const std::string name = to_hex(hash);
    auto path = ports_.cache.put(name, bytes);
    if (!path) return end(fetch, path.error());
    downloaded_.add();
    MediaFile file{std::move(*path), fetch->facts.mime_type, name, bytes.size()};
    end(std::move(fetch), std::move(file));
}

void GraphMediaLibrary::post(FetchPtr fetch, UniqueFunction<void()> job) {
    if (!ports_.workers.post(std::move(job)))
        end(std::move(fetch), Error{Errc::busy, "too much disk work waits"});
}

void GraphMediaLibrary::end(FetchPtr fetch, Result<MediaFile> result) {
    if (!result) {
        failed_.add();
        log_warning("media not fetched",
                    {{"deployment", fetch->account->id.str()}, {"reason", result.error().message()}});
    }
    std::vector<Completion<Result<MediaFile>>> asked;
    FetchPtr next;
    {
        const std::lock_guard lock(mutex_);
        asked.swap(fetch->asked);
        open_.erase(fetch->key);
        if (waiting_.empty()) {
            --running_;
        } else {
            next = std::move(waiting_.front());
            waiting_.pop_front();
        }
    }
    for (auto& done : asked) done(result);
    if (next) look_up(std::move(next));
}

void GraphMediaLibrary::upload(const DeploymentId& deployment, NewMedia media,
                               Completion<Result<std::string>> done) {
    DeploymentPtr account = ports_.accounts.by_id(deployment);
    if (!account) return done(Error{Errc::not_found, "the deployment is gone"});
    if (media.path.empty()) return start_upload(std::move(account), media, std::move(done));
    auto shared = std::make_shared<Completion<Result<std::string>>>(std::move(done));
    auto file = std::make_shared<NewMedia>(std::move(media));
    const bool is_posted = ports_.workers.post([this, account, file, shared] {
        auto bytes = read_file(file->path, options_.most_file);
        if (!bytes) return (*shared)(bytes.error());
        file->bytes = std::move(*bytes);
        start_upload(account, *file, std::move(*shared));
    });
    if (!is_posted) (*shared)(Error{Errc::busy, "too much disk work waits"});
}

void GraphMediaLibrary::start_upload(DeploymentPtr account, const NewMedia& media,
                                     Completion<Result<std::string>> done) {
    if (media.bytes.size() > options_.most_file)
        return done(too_large(media.bytes.size(), options_.most_file));
    ports_.graph.upload(media, std::move(account),
                        [this, done = std::move(done)](GraphResult<std::string> id) mutable {
                            if (!id) return done(to_error(id.error()).within("upload"));
                            uploaded_.add();
                            done(std::move(*id));
                        });
}

void GraphMediaLibrary::remove(const DeploymentId& deployment, std::string media_id,
                               Completion<Result<>> done) {
    ports_.graph.remove(media_id, ports_.accounts.by_id(deployment),
                        [media_id, done = std::move(done)](GraphResult<void> removed) mutable {
                            if (!removed) return done(within(media_id, removed.error()));
                            done(Result<>{});
                        });
}

}  // namespace parley

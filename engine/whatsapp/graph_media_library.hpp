// MediaLibrary on the Graph API and a folder of files.
//
// A fetch looks the id up, then takes the file from the folder or downloads it; a URL that has expired meanwhile is
// looked up once more. The hash is checked before anybody gets the file. Those who ask for the same media at once share
// one fetch, and only a few fetches run at a time: each holds its file in memory until it is on the disk.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "base/worker_pool.hpp"
#include "core/account_registry.hpp"
#include "core/media_library.hpp"
#include "whatsapp/graph_media.hpp"
#include "whatsapp/media_cache.hpp"

namespace parley {

struct MediaLibraryOptions {
    std::size_t most_file = 100U << 20;  // bytes of one file, either way; WhatsApp's limit is 100 MB
    unsigned at_once = 4;                // fetches
    std::size_t most_waiting = 1000;     // further ones are refused as busy
};

class GraphMediaLibrary final : public MediaLibrary {
  public:
    struct Ports {
        GraphMedia& graph;
        MediaCache& cache;
        const AccountRegistry& accounts;
        WorkerPool& workers;  // for the disk; to be stopped before the HTTP client goes
        Metrics& metrics;
    };
    GraphMediaLibrary(MediaLibraryOptions options, Ports ports);

    // Forgets a file by the hash that Meta gave with it; whoever else sent the same file has it fetched again. Blocks.
    void forget(const std::string& metas_sha256);

    void fetch(const DeploymentId& deployment, std::string media_id,
               Completion<Result<MediaFile>> done) override;
    void upload(const DeploymentId& deployment, NewMedia media,
                Completion<Result<std::string>> done) override;
    void remove(const DeploymentId& deployment, std::string media_id, Completion<Result<>> done) override;

  private:
    struct Fetch;
    using FetchPtr = std::shared_ptr<Fetch>;

    void look_up(FetchPtr fetch);
    void found(FetchPtr fetch, GraphResult<MediaFacts> facts);
    void find_or_download(FetchPtr fetch);
    void download(FetchPtr fetch);
    void downloaded(FetchPtr fetch, GraphResult<std::string> bytes);
    void keep(FetchPtr fetch, const std::string& bytes);
    void end(FetchPtr fetch, Result<MediaFile> result);
    void start_upload(DeploymentPtr account, const NewMedia& media, Completion<Result<std::string>> done);
    void post(FetchPtr fetch, UniqueFunction<void()> job);

    const MediaLibraryOptions options_;
    Ports ports_;
    Counter& cached_;
    Counter& downloaded_;
    Counter& failed_;
    Counter& uploaded_;
    std::mutex mutex_;
    std::map<std::string, FetchPtr> open_;  // by number and media id
    std::deque<FetchPtr> waiting_;
    unsigned running_ = 0;
};

}  // namespace parley

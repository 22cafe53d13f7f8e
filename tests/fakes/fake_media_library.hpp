// A MediaLibrary that keeps what it is asked; the test answers.
#pragma once

#include <mutex>
#include <vector>

#include "core/media_library.hpp"

namespace parley {

// Asked from any thread, answered from one.
class FakeMediaLibrary final : public MediaLibrary {
  public:
    struct Asked {
        std::string what;  // fetch, upload, remove
        DeploymentId deployment;
        std::string media_id;
        NewMedia media;
    };
    void fetch(const DeploymentId& deployment, std::string media_id,
               Completion<Result<MediaFile>> done) override {
        const std::lock_guard lock(mutex_);
        fetches.push_back(std::move(done));
        asked_.push_back({"fetch", deployment, std::move(media_id), {}});
    }
    void upload(const DeploymentId& deployment, NewMedia media,
                Completion<Result<std::string>> done) override {
        const std::lock_guard lock(mutex_);
        uploads.push_back(std::move(done));
        asked_.push_back({"upload", deployment, "", std::move(media)});
    }
    void remove(const DeploymentId& deployment, std::string media_id, Completion<Result<>> done) override {
        const std::lock_guard lock(mutex_);
        removals.push_back(std::move(done));
        asked_.push_back({"remove", deployment, std::move(media_id), {}});
    }
    std::vector<Asked> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

    std::vector<Completion<Result<MediaFile>>> fetches;
    std::vector<Completion<Result<std::string>>> uploads;
    std::vector<Completion<Result<>>> removals;

  private:
    mutable std::mutex mutex_;
    std::vector<Asked> asked_;
};

}  // namespace parley

// The media that the fake host has for an agent, and what the agent made of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <parley/plugin.h>

namespace parley::testing {

// A file at WhatsApp. The host checks nothing of it and reads nothing: the agent gets the path as it stands here.
struct ScriptedFile {
    std::string path;
    std::string mime_type = "image/jpeg";
    std::string sha256 = std::string(64, '0');
    std::uint64_t size = 0;
};

struct Upload {
    std::string id;  // what the agent was told: upload-1, upload-2 …
    std::string mime_type, filename, path, bytes;
    parley_turn turn = 0;
};

// host.media().give("1000000000000001", {.path = "/tmp/photo.jpg", .size = 12});
class ScriptedMedia {
  public:
    // Ids that were not given complete with INVALID.
    void give(std::string media_id, ScriptedFile file) { files_[std::move(media_id)] = std::move(file); }
    // The next operation completes with this status and reason.
    void fail(parley_status status, std::string reason) { failure_ = {status, std::move(reason)}; }

    const std::vector<std::string>& fetched() const { return fetched_; }  // ids, in order
    const std::vector<std::string>& removed() const { return removed_; }
    const std::vector<Upload>& uploads() const { return uploads_; }

    void forget_past() { fetched_.clear(), removed_.clear(), uploads_.clear(); }

    // For the host: status and body of what comes of an operation.
    using Ending = std::pair<parley_status, std::string>;
    Ending fetch(const std::string& media_id);
    Ending upload(Upload upload);
    Ending remove(const std::string& media_id);

  private:
    std::map<std::string, ScriptedFile> files_;
    std::optional<Ending> failure_;
    std::vector<std::string> fetched_, removed_;
    std::vector<Upload> uploads_;
};

}  // namespace parley::testing

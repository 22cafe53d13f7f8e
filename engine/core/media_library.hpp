// Port: the files that travel with messages. What users sent is fetched from WhatsApp and kept as files; what is to be
// sent is uploaded. GraphMediaLibrary implements it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/unique_function.hpp"
#include "core/ids.hpp"

namespace parley {

struct MediaFile {
    std::string path;  // absolute; stays for at least some minutes, so copy what is to be kept
    std::string mime_type;
    std::string sha256;  // 64 hexadecimal digits
    std::uint64_t size = 0;
};

struct NewMedia {
    std::string mime_type;
    std::string filename;  // shown to nobody; empty: one is made up
    std::string bytes;
    std::string path;  // of a file to read instead of `bytes`
};

// Any thread. `done` runs exactly once, on any thread, maybe before the function returns. A deployment reaches the media
// of its own number only. not_found: no such media, or expired; invalid_input: no media id, too large, a type that
// WhatsApp does not take; unauthorized: the access token does not allow it; busy or unavailable: try again later.
class MediaLibrary {
  public:
    virtual ~MediaLibrary() = default;
    virtual void fetch(const DeploymentId& deployment, std::string media_id,
                       Completion<Result<MediaFile>> done) = 0;
    virtual void upload(const DeploymentId& deployment, NewMedia media,
                        Completion<Result<std::string>> done) = 0;  // the media id
    virtual void remove(const DeploymentId& deployment, std::string media_id, Completion<Result<>> done) = 0;
};

}  // namespace parley

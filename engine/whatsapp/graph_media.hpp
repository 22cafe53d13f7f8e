// Media at the Graph API: looking ids up, downloading, uploading, deleting.
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_function.hpp"
#include "core/account_registry.hpp"
#include "core/media_library.hpp"
#include "whatsapp/graph_call.hpp"
#include "whatsapp/graph_failure.hpp"
#include "whatsapp/media_hosts.hpp"

namespace parley {

struct MediaFacts {
    std::string url;  // works for about five minutes
    std::string mime_type;
    std::string sha256;      // as Graph spells it: hexadecimal, or base64 as in webhooks; may be empty
    std::uint64_t size = 0;  // bytes; 0: not told
};

// Any thread. `done` runs on the HTTP client's thread, or before the function returns when nothing could be called. The
// client must not call back after this object is gone: shut it down first.
class GraphMedia {
  public:
    GraphMedia(GraphOptions options, HttpClient& http);

    // Asked with the account's number, so that ids of other numbers are not found.
    void look_up(const std::string& media_id, DeploymentPtr account,
                 Completion<GraphResult<MediaFacts>> done);

    // The bytes behind MediaFacts::url, at most `most` of them. The token goes to the hosts of MediaHosts only. Up to
    // two redirects are followed, to these hosts only, and to another host than the first without the token.
    void download(const std::string& url, std::size_t most, DeploymentPtr account,
                  Completion<GraphResult<std::string>> done);

    // Of media.bytes; gives the media id, which is good for this number and for 30 days.
    void upload(const NewMedia& media, DeploymentPtr account, Completion<GraphResult<std::string>> done);

    void remove(const std::string& media_id, DeploymentPtr account, Completion<GraphResult<void>> done);

  private:
    struct Download;
    void follow(std::shared_ptr<Download> download);

    GraphCaller caller_;
    HttpClient& http_;
    MediaHosts hosts_;
};

}  // namespace parley

// The calls of a bot that the Graph proxy passes on as they are: media, templates and the profile of its own number.
// Nothing else reaches Graph with the real token.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "core/account_registry.hpp"
#include "net/http_server.hpp"
#include "whatsapp/graph_media.hpp"

namespace parley {

// With these members or fields a call would become another one, or go out in another name.
inline constexpr std::array<std::string_view, 6> forbidden_members{"method",         "batch", "access_token",
                                                                   "attached_files", "ids",   "relative_url"};

// Any thread. The caller has judged the bot's own token. Answers come on the HTTP client's thread, or at once.
class ProxyCalls {
  public:
    struct Options {
        GraphOptions graph;
        std::size_t most_file = 100U << 20;  // of a download
        bool has_tls = false;                // what the rewritten media URLs begin with
    };
    ProxyCalls(Options options, HttpClient& http, GraphMedia& media);

    void presence(const MessageId& message, bool typing, DeploymentPtr account, Responder respond);

    // Their own answers, but `url` leads back to this proxy.
    void look_up_media(const std::string& media_id, const std::string& host, DeploymentPtr account,
                       Responder respond);
    void download_media(const std::string& media_id, DeploymentPtr account, Responder respond);
    // After a look-up, so that nothing but media can be deleted.
    void delete_media(const std::string& media_id, DeploymentPtr account, Responder respond);
    void upload_media(const HttpRequest& request, DeploymentPtr account, Responder respond);

    // `edge` is whatsapp_business_profile of the number, or message_templates of its WABA.
    void profile(const HttpRequest& request, DeploymentPtr account, Responder respond);
    void templates(const HttpRequest& request, DeploymentPtr account, Responder respond);

  private:
    void pass(const HttpRequest& request, const std::string& node, const std::string& edge,
              std::span<const std::string_view> parameters, DeploymentPtr account, Responder respond);
    void start(HttpCall call, DeploymentPtr account, Responder respond);
    void find_media(const std::string& media_id, DeploymentPtr account, Completion<HttpOutcome> done);

    const Options options_;
    GraphCaller caller_;
    HttpClient& http_;
    GraphMedia& media_;
};

}  // namespace parley

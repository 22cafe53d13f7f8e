#include "whatsapp/graph_media.hpp"

#include <algorithm>

#include "whatsapp/graph_answer.hpp"

namespace parley {
namespace {

constexpr unsigned most_redirects = 2;
constexpr Millis transfer_limit{180'000};

std::optional<GraphFailure> check_call(const DeploymentPtr& account, const std::string* media_id) {
    if (!account || account->access_token.empty())
        return refused_call(ErrorClass::token, "the deployment has no access token");
    if (!is_path_safe(account->channel.str()))
        return refused_call(ErrorClass::request, "the phone_number_id is no id");
    if (media_id && !is_path_safe(*media_id)) return refused_call(ErrorClass::request, "this is no media id");
    return std::nullopt;
}

std::string media_path(const std::string& media_id, const Deployment& account) {
    return media_id + "?phone_number_id=" + account.channel.str();
}

std::uint64_t size_in(const std::string& text) {
    const bool is_number =
        !text.empty() && text.size() < 19 && text.find_first_not_of("0123456789") == std::string::npos;
    return is_number ? std::stoull(text) : 0;
}

GraphResult<MediaFacts> read_facts(const HttpReply& reply) {
    const GraphJson root = parse_answer(reply.body);
    MediaFacts facts{text_of(root, "url"), text_of(root, "mime_type"), text_of(root, "sha256"),
                     size_in(text_of(root, "file_size"))};
    if (facts.url.empty()) return refused_call(ErrorClass::retry, "Graph's answer names no media URL");
    return facts;
}

// Quotes and line ends would end the header early.
std::string header_safe(std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '"' || c == '\\'; }, '_');
    return text;
}

bool is_mime_type(const std::string& text) {
    const auto slash = text.find('/');
    return slash != std::string::npos && slash > 0 && slash + 1 < text.size() && text.size() <= 200 &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"'; });
}

std::string boundary_beside(const std::string& bytes) {
    for (unsigned n = 0;; ++n) {
        const std::string boundary = "parley-form-" + std::to_string(n);
        if (bytes.find(boundary) == std::string::npos) return boundary;
    }
}

std::string to_form(const NewMedia& media, const std::string& boundary) {
    const std::string filename = media.filename.empty() ? "file" : header_safe(media.filename);
    const std::string begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
    std::string form;
    form.reserve(media.bytes.size() + 1024);
    form += begin + "\"messaging_product\"\r\n\r\nwhatsapp\r\n";
    form += begin + "\"type\"\r\n\r\n" + media.mime_type + "\r\n";
    form +=
        begin + "\"file\"; filename=\"" + filename + "\"\r\nContent-Type: " + media.mime_type + "\r\n\r\n";
    form += media.bytes;
    return form += "\r\n--" + boundary + "--\r\n";
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Absolute, or from the root of where it was given.
std::string redirected(const std::string& location, const std::string& from) {
    if (!location.starts_with('/') || location.starts_with("//")) return location;
    return from.substr(0, from.find('/', from.find("://") + 3)) + location;
}

}  // namespace

struct GraphMedia::Download {
    std::string url;
    std::size_t most;
    DeploymentPtr account;
    Completion<GraphResult<std::string>> done;
    std::optional<UrlTarget> first = std::nullopt;
    unsigned redirects = 0;
};

GraphMedia::GraphMedia(GraphOptions options, HttpClient& http)
    : caller_(std::move(options)), http_(http), hosts_(caller_.options().graph_url) {}

void GraphMedia::look_up(const std::string& media_id, DeploymentPtr account,
                         Completion<GraphResult<MediaFacts>> done) {
    if (auto refused = check_call(account, &media_id)) return done(std::move(*refused));
    http_.start(caller_.make("GET", media_path(media_id, *account), account->access_token),
                [account, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_failure(outcome, account->access_token))
                        return done(std::move(*failure));
                    done(read_facts(*outcome.reply));
                });
}

void GraphMedia::download(const std::string& url, std::size_t most, DeploymentPtr account,
                          Completion<GraphResult<std::string>> done) {
    if (auto refused = check_call(account, nullptr)) return done(std::move(*refused));
    follow(std::make_shared<Download>(Download{url, most, std::move(account), std::move(done)}));
}

void GraphMedia::follow(std::shared_ptr<Download> download) {
    const auto target = parse_url_target(download->url);
    if (!target)
        return download->done(
            refused_call(ErrorClass::request, "the media URL is none: " + target.error().message()));
    if (!hosts_.allow(*target))
        return download->done(refused_call(ErrorClass::request, "the media URL leads to " + target->scheme +
                                                                    "://" + target->host +
                                                                    ", which is not one of Meta's hosts"));
    if (!download->first) download->first = *target;
    HttpCall call;
    call.url = download->url;
    if (*target == *download->first)
        call.headers = {{"Authorization", "Bearer " + std::string(download->account->access_token.reveal())}};
    call.timeout = transfer_limit;
    call.connect_timeout = caller_.options().connect_timeout;
    call.max_response = download->most;
    http_.start(std::move(call), [this, download](HttpOutcome outcome) {
        if (outcome.reply && is_redirect(outcome.reply->status)) {
            if (++download->redirects > most_redirects)
                return download->done(refused_call(ErrorClass::request, "the media URL redirects too often"));
            download->url = redirected(outcome.reply->header("location"), download->url);
            return follow(download);
        }
        // A file may hold anything, also what looks like an error of Graph.
        if (outcome.reply && outcome.reply->status >= 200 && outcome.reply->status < 300)
            return download->done(std::move(outcome.reply->body));
        download->done(*find_failure(outcome, download->account->access_token));
    });
}

void GraphMedia::upload(const NewMedia& media, DeploymentPtr account,
                        Completion<GraphResult<std::string>> done) {
    if (auto refused = check_call(account, nullptr)) return done(std::move(*refused));
    if (!is_mime_type(media.mime_type))
        return done(refused_call(ErrorClass::request, "mime_type must be a type such as image/png"));
    if (media.bytes.empty()) return done(refused_call(ErrorClass::request, "the file is empty"));
    const std::string boundary = boundary_beside(media.bytes);
    HttpCall call = caller_.make("POST", account->channel.str() + "/media", account->access_token);
    call.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    call.body = to_form(media, boundary);
    call.timeout = transfer_limit;
    http_.start(std::move(call), [account, done = std::move(done)](HttpOutcome outcome) mutable {
        if (auto failure = find_failure(outcome, account->access_token)) return done(std::move(*failure));
        std::string id = text_of(parse_answer(outcome.reply->body), "id");
        if (!is_path_safe(id)) return done(refused_call(ErrorClass::retry, "Graph's answer has no media id"));
        done(std::move(id));
    });
}

void GraphMedia::remove(const std::string& media_id, DeploymentPtr account,
                        Completion<GraphResult<void>> done) {
    if (auto refused = check_call(account, &media_id)) return done(std::move(*refused));
    http_.start(caller_.make("DELETE", media_path(media_id, *account), account->access_token),
                [account, done = std::move(done)](HttpOutcome outcome) mutable {
                    if (auto failure = find_failure(outcome, account->access_token))
                        return done(std::move(*failure));
                    done(GraphResult<void>{});
                });
}

}  // namespace parley

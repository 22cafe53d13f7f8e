#include "net/certificate_expiry.hpp"

#include <array>
#include <memory>
#include <string_view>

#include <curl/curl.h>

#include "net/url_target.hpp"

namespace parley {
namespace {

struct Cleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

// libcurl tells each certificate of the chain as lines "Name:value", the server's own first.
Result<WallTime> read_expiry(CURL* easy) {
    constexpr std::string_view name = "Expire date:";
    curl_certinfo* chain = nullptr;
    curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain);
    if (chain != nullptr && chain->num_of_certs > 0)
        for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
            const std::string text = line->data;
            if (!text.starts_with(name)) continue;
            const time_t at = curl_getdate(text.c_str() + name.size(), nullptr);
            if (at > 0) return WallTime{std::chrono::seconds(at)};
        }
    return Error(Errc::unavailable, "its certificate does not say when it ends");
}

}  // namespace

Result<WallTime> certificate_expiry(const std::string& url, Millis limit, const std::string& ca_file) {
    const auto target = parse_url_target(url);
    if (!target || target->scheme != "https") return Error(Errc::invalid_input, "it is no https:// address");
    const std::unique_ptr<CURL, Cleanup> easy(curl_easy_init());
    if (!easy) return Error(Errc::fault, "libcurl does not work");
    std::array<char, CURL_ERROR_SIZE> reason{};
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, reason.data());
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(easy.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    if (!ca_file.empty()) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, ca_file.c_str());
    const CURLcode code = curl_easy_perform(easy.get());
    if (code != CURLE_OK)
        return Error(Errc::unavailable, reason[0] != '\0' ? reason.data() : curl_easy_strerror(code));
    return read_expiry(easy.get());
}

}  // namespace parley

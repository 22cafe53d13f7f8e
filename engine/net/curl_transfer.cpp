// One exchange on a libcurl easy handle.
#include "net/curl_transfer.hpp"

#include <algorithm>
#include <new>

#include <unistd.h>

#include "net/curl_sockets.hpp"
#include "net/private_network.hpp"

namespace parley {

namespace {

constexpr long idle_connection_seconds = 60;
constexpr long buffer_bytes = 16384;  // libcurl's 64 KiB for uploads is much with hundreds of transfers

bool is_token(std::string_view text) {
    static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool has_scheme(std::string_view url, std::string_view scheme) {
    return url.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), url.begin(),
                                                    [](char a, char b) { return a == to_lower(b); });
}

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

long milliseconds(Millis time) {
    return std::max<long>(1, static_cast<long>(time.count()));
}

}  // namespace

CurlTransfer::CurlTransfer(const CurlOptions& options, CurlSockets& sockets)
    : easy_(curl_easy_init()), sockets_(sockets) {
    if (easy_ == nullptr) throw std::bad_alloc();
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PIPEWAIT, 1L);
    set(CURLOPT_MAXAGE_CONN, idle_connection_seconds);
    set(CURLOPT_BUFFERSIZE, buffer_bytes);
    set(CURLOPT_UPLOAD_BUFFERSIZE, buffer_bytes);
    set(CURLOPT_USERAGENT, options.user_agent.c_str());
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());

    set(CURLOPT_PREREQDATA, this);
    set(
        CURLOPT_PREREQFUNCTION, +[](void* self, char* peer, char*, int, int) {
            return static_cast<CurlTransfer*>(self)->before_request(peer == nullptr ? "" : peer);
        });
    set(CURLOPT_OPENSOCKETDATA, this);
    set(
        CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr* address) {
            return static_cast<CurlTransfer*>(self)->open_socket(*address);
        });
    set(CURLOPT_CLOSESOCKETDATA, &sockets);
    set(
        CURLOPT_CLOSESOCKETFUNCTION, +[](void* all, curl_socket_t socket) {
            static_cast<CurlSockets*>(all)->closed(socket);
            return close(socket);
        });
    set(CURLOPT_HEADERDATA, this);
    set(
        CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
            return static_cast<CurlTransfer*>(self)->take_header({data, size});
        });
    set(CURLOPT_WRITEDATA, this);
    set(
        CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
            return static_cast<CurlTransfer*>(self)->take_body({data, size});
        });
}

CurlTransfer::~CurlTransfer() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(header_lines_);
}

CurlTransfer& CurlTransfer::of(CURL* easy) {
    CurlTransfer* self = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
    return *self;
}

Result<> CurlTransfer::prepare(HttpCallId id, HttpCall call, Completion<HttpOutcome> done) {
    id_ = id;
    call_ = std::move(call);
    done_ = std::move(done);
    started_ = refused_ = repeated_ = too_large_ = false;
    error_[0] = '\0';
    reply_ = {};
    if (!is_token(call_.method)) return Error(Errc::invalid_input, "the method is not a token");
    if (has_control(call_.url) || call_.url.find_first_of(" \t") != std::string::npos)
        return Error(Errc::invalid_input, "the URL has a space or control character in it");
    const bool tls = has_scheme(call_.url, "https://");
    if (!tls && !has_scheme(call_.url, "http://"))
        return Error(Errc::invalid_input, "the URL begins with neither https:// nor http://");
    if (auto headers = set_headers(); !headers) return headers;
    set(CURLOPT_URL, call_.url.c_str());
    // Asking a plain-text peer for HTTP/2 only makes libcurl wait for the first answer before it opens more
    // connections.
    set(CURLOPT_HTTP_VERSION, tls ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
    set_method();
    set(CURLOPT_TIMEOUT_MS, milliseconds(call_.timeout));
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(call_.connect_timeout));
    const bool bodiless = call_.method == "HEAD";
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(bodiless ? 0 : call_.max_response));
    return {};
}

Result<> CurlTransfer::set_headers() {
    curl_slist_free_all(std::exchange(header_lines_, nullptr));
    bool has_type = false;
    auto append = [this](const std::string& line) {
        auto* const longer = curl_slist_append(header_lines_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        header_lines_ = longer;
    };
    for (const auto& [name, value] : call_.headers) {
        if (!is_token(name)) return Error(Errc::invalid_input, "a header's name is not a token");
        if (has_control(value))
            return Error(Errc::invalid_input,
                         "the value of header " + name + " has a control character in it");
        has_type = has_type || (name.size() == 12 && curl_strequal(name.c_str(), "Content-Type"));
        // "Name:" alone would remove a header; libcurl writes an empty one for "Name;".
        append(trim(value).empty() ? name + ";" : name + ": " + value);
    }
    if (!has_type) append("Content-Type:");
    append("Expect:");
    set(CURLOPT_HTTPHEADER, header_lines_);
    return {};
}

void CurlTransfer::set_method() {
    const auto& method = call_.method;
    repeatable_ = method == "GET" || method == "HEAD" || method == "OPTIONS";
    set(CURLOPT_NOBODY, 0L);
    set(CURLOPT_HTTPGET, 1L);
    const bool with_body = !call_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
    if (method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (with_body && method != "HEAD") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
        set(CURLOPT_POSTFIELDS, call_.body.data());
    }
    const bool known = method == "HEAD" || (method == "GET" && !with_body) || method == "POST";
    set(CURLOPT_CUSTOMREQUEST, known ? static_cast<const char*>(nullptr) : method.c_str());
}

int CurlTransfer::before_request(std::string_view peer) {
    if (!call_.allow_private_network && !is_public_address(peer)) {
        refused_ = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (started_ && !repeatable_) {
        repeated_ = true;
        return CURL_PREREQFUNC_ABORT;
    }
    started_ = true;
    return CURL_PREREQFUNC_OK;
}

curl_socket_t CurlTransfer::open_socket(const curl_sockaddr& address) {
    if (!call_.allow_private_network && !is_public_address(address.addr)) {
        refused_ = true;
        return CURL_SOCKET_BAD;
    }
    const auto opened = socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
    if (opened >= 0) sockets_.opened(opened);
    return opened;
}

std::size_t CurlTransfer::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // also after an interim 1xx answer
        reply_.headers.clear();
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        std::transform(name.begin(), name.end(), name.begin(), to_lower);
        reply_.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
    }
    return line.size();
}

std::size_t CurlTransfer::take_body(std::string_view bytes) {
    if (bytes.size() > call_.max_response - reply_.body.size()) {
        too_large_ = true;
        return bytes.size() + 1;
    }
    reply_.body += bytes;
    return bytes.size();
}

HttpFailure CurlTransfer::failure(CURLcode code) const {
    using Kind = HttpFailure::Kind;
    if (too_large_ || code == CURLE_FILESIZE_EXCEEDED)
        return {Kind::too_large, true,
                "the answer is larger than " + std::to_string(call_.max_response) + " bytes"};
    if (refused_ && !started_)
        return {.kind = Kind::not_sent,
                .reason = "the address is in a private network, which is not allowed here",
                .denied = true};
    if (repeated_) return {Kind::in_doubt, true, "the connection was closed without an answer"};
    auto reason = one_line(error_[0] != '\0' ? error_.data() : curl_easy_strerror(code));
    return {started_ ? Kind::in_doubt : Kind::not_sent, started_, std::move(reason),
            code == CURLE_OPERATION_TIMEDOUT};
}

HttpOutcome CurlTransfer::finish(CURLcode code) {
    HttpOutcome outcome;
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
        reply_.status = static_cast<int>(status);
        outcome.reply = std::move(reply_);
    } else {
        outcome.failure = failure(code);
    }
    clear();
    return outcome;
}

HttpOutcome CurlTransfer::finish_cancelled() {
    HttpOutcome outcome;
    outcome.failure = {HttpFailure::Kind::cancelled, started_, "cancelled"};
    clear();
    return outcome;
}

// A pooled handle keeps no customer's text and no token.
void CurlTransfer::clear() {
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr));
    set(CURLOPT_HTTPGET, 1L);
    set(CURLOPT_URL, static_cast<const char*>(nullptr));
    set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
    curl_slist_free_all(std::exchange(header_lines_, nullptr));
    call_ = {};
    reply_ = {};
}

}  // namespace parley

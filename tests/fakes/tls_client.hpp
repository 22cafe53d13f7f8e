// A TLS client on 127.0.0.1 that a test reads and writes by hand. Waits at most ten seconds for anything.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakes/authority.hpp"

namespace parley::fakes {

class TlsClient {
  public:
    struct Options {
        const Issued* shown = nullptr;  // its client certificate
        std::string protocols;          // offered by ALPN, each after its length
        int most_version = TLS1_3_VERSION;
    };
    explicit TlsClient(std::uint16_t port) : TlsClient(port, Options{}) {}
    TlsClient(std::uint16_t port, const Options& options)
        : context_(SSL_CTX_new(TLS_client_method())),
          socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        SSL_CTX_set_max_proto_version(context_.get(), options.most_version);
        if (options.shown != nullptr) show(*options.shown);
        const timeval limit{10, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket_);
        if (!options.protocols.empty())
            SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                                static_cast<unsigned>(options.protocols.size()));
        is_open_ = SSL_connect(ssl_.get()) == 1;
    }
    ~TlsClient() { ::close(socket_); }
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool is_open() const { return is_open_; }
    std::string protocol() const {
        const unsigned char* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
        return {reinterpret_cast<const char*>(chosen), size};
    }
    // The common name of the server's certificate.
    std::string server() const {
        X509* const shown = SSL_get0_peer_certificate(ssl_.get());
        char name[256] = "";
        if (shown != nullptr)
            X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
        return name;
    }

    bool send(std::string_view text) {
        return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) ==
               static_cast<int>(text.size());
    }
    // Up to the end of a body whose length is told; what there is of it when nothing more comes.
    std::string receive() {
        std::string all;
        std::size_t wanted = std::string::npos;
        char part[16384];
        while (all.size() < wanted) {
            const int got = SSL_read(ssl_.get(), part, sizeof part);
            if (got <= 0) break;
            all.append(part, static_cast<std::size_t>(got));
            const auto end = all.find("\r\n\r\n");
            const auto length = all.find("Content-Length: ");
            if (end != std::string::npos && length < end)
                wanted = end + 4 + static_cast<std::size_t>(std::stoul(all.substr(length + 16)));
        }
        return all;
    }
    // The status of the answer to one GET; 0 without an answer.
    int get(const std::string& path) {
        if (!is_open_ || !send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) return 0;
        const std::string answer = receive();
        return answer.size() > 12 ? std::stoi(answer.substr(9)) : 0;
    }
    // True when the server said that nothing follows, and not only the connection broke.
    bool is_ended_in_order() {
        char byte;
        const int got = SSL_read(ssl_.get(), &byte, 1);
        return got <= 0 && SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
    }

  private:
    struct Free {
        void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
        void operator()(SSL* one) const { SSL_free(one); }
    };

    void show(const Issued& issued) {
        const std::unique_ptr<BIO, decltype(&BIO_free)> certificate(
            BIO_new_mem_buf(issued.certificate.data(), -1), &BIO_free);
        const std::unique_ptr<BIO, decltype(&BIO_free)> key(BIO_new_mem_buf(issued.key.data(), -1),
                                                            &BIO_free);
        X509* const own = PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr);
        EVP_PKEY* const secret = PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr);
        SSL_CTX_use_certificate(context_.get(), own);
        SSL_CTX_use_PrivateKey(context_.get(), secret);
        X509_free(own);
        EVP_PKEY_free(secret);
    }

    std::unique_ptr<SSL_CTX, Free> context_;
    int socket_;
    std::unique_ptr<SSL, Free> ssl_;
    bool is_open_ = false;
};

}  // namespace parley::fakes

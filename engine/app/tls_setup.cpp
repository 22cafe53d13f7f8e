#include "app/tls_setup.hpp"

namespace parley {
namespace {

class TlsChecker {
  public:
    TlsChecker(const Config& config, const KeyPlaces& places, Findings& findings)
        : config_(config), places_(places), findings_(findings) {}

    void run(WallTime now) {
        const TlsConfig& tls = config_.server.tls;
        const bool has_certificate = given("certificate"), has_key = given("private_key");
        if (!has_certificate && (has_key || given("client_ca")))
            missing("certificate", has_key ? "private_key" : "client_ca");
        if (!has_key && has_certificate) missing("private_key", "certificate");
        if (tls.certificate.empty() && tls.private_key.empty() && tls.client_ca.empty()) return;
        TlsContext context;
        read("certificate", tls.certificate, &TlsContext::use_certificate, context);
        read("private_key", tls.private_key, &TlsContext::use_private_key, context);
        read("client_ca", tls.client_ca, &TlsContext::trust_clients_of, context);
        if (context.expires_at() != WallTime{} && context.expires_at() < now)
            findings_.warning(place("certificate"), path("certificate"),
                              "has expired; clients will refuse it", "renew it");
    }

  private:
    static std::string path(const char* key) { return std::string("server.tls.") + key; }
    bool given(const char* key) const { return places_.contains(path(key)); }
    Position place(const char* key) const {
        const auto found = places_.find(path(key));
        return found == places_.end() ? Position{} : found->second;
    }

    void missing(const char* key, const char* beside) {
        findings_.error(place(beside), path(key), std::string("is missing beside ") + beside,
                        std::string("write, for example:  ") + key + ": /etc/parley/" +
                            (std::string_view(key) == "certificate" ? "fullchain.pem" : "privkey.pem"));
    }

    void read(const char* key, const std::string& file, Result<> (TlsContext::*use)(const std::string&),
              TlsContext& context) {
        if (file.empty()) return;
        const auto used = (context.*use)(resolve(config_, file).string());
        if (!used) findings_.error(place(key), path(key), used.error().message());
    }

    const Config& config_;
    const KeyPlaces& places_;
    Findings& findings_;
};

}  // namespace

void check_tls(const Config& config, const KeyPlaces& places, WallTime now, Findings& findings) {
    TlsChecker(config, places, findings).run(now);
}

bool has_tls(const Config& config) noexcept {
    return !config.server.tls.certificate.empty();
}

Result<std::shared_ptr<const TlsContext>> make_tls(const Config& config) {
    const TlsConfig& tls = config.server.tls;
    if (!has_tls(config)) return std::shared_ptr<const TlsContext>{};
    auto context = std::make_shared<TlsContext>();
    if (const auto used = context->use_certificate(resolve(config, tls.certificate).string()); !used)
        return used.error().within("server.tls.certificate");
    if (const auto used = context->use_private_key(resolve(config, tls.private_key).string()); !used)
        return used.error().within("server.tls.private_key");
    if (!tls.client_ca.empty()) {
        const auto trusted = context->trust_clients_of(resolve(config, tls.client_ca).string());
        if (!trusted) return trusted.error().within("server.tls.client_ca");
    }
    return std::shared_ptr<const TlsContext>(std::move(context));
}

}  // namespace parley

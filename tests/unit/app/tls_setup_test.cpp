#include "app/tls_setup.hpp"

#include <gtest/gtest.h>

#include "fakes/authority.hpp"
#include "fakes/temp_folder.hpp"
#include "unit/app/config_case.hpp"

namespace parley {
namespace {

using namespace test;

class TlsSetup : public testing::Test {
  protected:
    std::filesystem::path file(const char* name) const { return folder_.path() / name; }
    LoadReport load_tls(const std::string& block, WallTime at = SystemClock().wall()) {
        const std::string path = file("c.yaml").string();
        LoadReport report =
            load_config(path, "server:\n  tls:\n" + block + with_deployment(""), environment(), at);
        for (Diagnostic& one : report.errors) one.file = "c.yaml";
        return report;
    }
    std::string errors(const std::string& block) { return errors_of(load_tls(block)); }
    std::string in_folder(const char* name) const { return file(name).string(); }

    fakes::TempFolder folder_;
    fakes::Authority authority_{"Authority"};
};

TEST_F(TlsSetup, reads_files_beside_the_configuration) {
    authority_.issue("a.example").write(file("cert.pem"), file("key.pem"));
    std::ofstream(file("ca.pem")) << authority_.certificate();
    const LoadReport report =
        load_tls("    certificate: cert.pem\n    private_key: key.pem\n    client_ca: ca.pem\n");
    EXPECT_EQ(errors_of(report), "");
    EXPECT_TRUE(report.warnings.empty());
    const auto tls = make_tls(report.config);
    ASSERT_TRUE(tls) << tls.error().message();
    EXPECT_NE(*tls, nullptr);
    EXPECT_EQ(*make_tls(Config{}), nullptr);
}

TEST_F(TlsSetup, names_each_mistake_at_its_key) {
    authority_.issue("a.example").write(file("cert.pem"), file("key.pem"));
    authority_.issue("b.example").write(file("other.pem"), file("other key.pem"));
    EXPECT_EQ(errors("    certificate: none.pem\n    private_key: none.key\n    client_ca: .\n"),
              "c.yaml:3:18: server.tls.certificate: there is no file " + in_folder("none.pem") +
                  "\nc.yaml:4:18: server.tls.private_key: there is no file " + in_folder("none.key") +
                  "\nc.yaml:5:16: server.tls.client_ca: " + folder_.path().string() +
                  "/ is a folder, not a file\n");
    EXPECT_EQ(errors("    certificate: cert.pem\n    private_key: other key.pem\n"),
              "c.yaml:4:18: server.tls.private_key: " + in_folder("other key.pem") +
                  " is not the key of the certificate\n");
}

TEST_F(TlsSetup, wants_certificate_and_key_together) {
    authority_.issue("a.example").write(file("cert.pem"), file("key.pem"));
    std::ofstream(file("ca.pem")) << authority_.certificate();
    EXPECT_EQ(errors("    certificate: cert.pem\n"),
              "c.yaml:3:18: server.tls.private_key: is missing beside certificate\n"
              "  write, for example:  private_key: /etc/parley/privkey.pem\n");
    EXPECT_EQ(errors("    private_key: key.pem\n"),
              "c.yaml:3:18: server.tls.certificate: is missing beside private_key\n"
              "  write, for example:  certificate: /etc/parley/fullchain.pem\n");
    EXPECT_NE(errors("    client_ca: ca.pem\n"), "");
}

TEST_F(TlsSetup, warns_of_a_certificate_that_has_expired) {
    authority_.issue("a.example", -60).write(file("cert.pem"), file("key.pem"));
    const LoadReport report = load_tls("    certificate: cert.pem\n    private_key: key.pem\n");
    EXPECT_EQ(errors_of(report), "");
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].path, "server.tls.certificate");
}

}  // namespace
}  // namespace parley

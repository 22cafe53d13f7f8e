// Any header and body: nothing but the right digest is accepted. The first line of the input is the header.
#include <string_view>

#include "fuzz/require.hpp"
#include "whatsapp/signature.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace parley;
    static const Secret secret("fuzzed app secret");
    static const SignatureVerifier verifier({{AppId("app"), {Secret("another"), secret}}});
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string_view header = input.substr(0, line);
    const std::string_view body = input.substr(std::min(line + 1, input.size()));

    const std::string good = make_signature(secret, body);
    PARLEY_REQUIRE(verifier.verify(good, body).size() == 1);
    if (!verifier.verify(header, body).empty()) PARLEY_REQUIRE(header.size() == good.size());
    std::string bent = good;
    char& digit = bent[7 + size % 64];
    digit = digit == '0' ? '1' : '0';
    PARLEY_REQUIRE(verifier.verify(bent, body).empty());
    return 0;
}

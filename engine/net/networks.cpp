#include "net/networks.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace parley {
namespace {

constexpr unsigned mapped_bits = 96;
constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct Parts {
    IpAddress address;
    unsigned bits = 0;  // of 32 or 128
};

std::optional<unsigned> read_bits(std::string_view text) {
    unsigned bits = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bits);
    const bool is_plain = failed == std::errc{} && end == text.data() + text.size() &&
                          (text.size() == 1 || text.front() != '0');
    return is_plain ? std::optional(bits) : std::nullopt;
}

std::optional<Parts> split(std::string_view text) {
    const auto slash = text.find('/');
    const std::string_view host = text.substr(0, slash);
    const auto address = IpAddress::parse(host);
    if (!address || host.find('%') != std::string_view::npos) return std::nullopt;
    const unsigned most = address->is_v4() ? 32 : 128;
    if (slash == std::string_view::npos) return Parts{*address, most};
    auto bits = read_bits(text.substr(slash + 1));
    const bool is_wrapped = address->is_v4() && host.find(':') != std::string_view::npos;
    if (bits && is_wrapped) {
        if (*bits < mapped_bits) return std::nullopt;
        *bits -= mapped_bits;
    }
    if (!bits || *bits > most) return std::nullopt;
    return Parts{*address, *bits};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    if (plain.find('\0') != std::string::npos) return std::nullopt;
    IpAddress address;
    if (inet_pton(AF_INET, plain.c_str(), address.bytes_.data() + mapped.size()) == 1) {
        std::copy(mapped.begin(), mapped.end(), address.bytes_.begin());
        address.is_v4_ = true;
        return address;
    }
    if (inet_pton(AF_INET6, plain.c_str(), address.bytes_.data()) != 1) return std::nullopt;
    address.is_v4_ = std::equal(mapped.begin(), mapped.end(), address.bytes_.begin());
    return address;
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto* const from = bytes_.data() + (is_v4_ ? mapped.size() : 0);
    return inet_ntop(is_v4_ ? AF_INET : AF_INET6, from, text.data(), text.size());
}

IpAddress IpAddress::start_of(unsigned bits) const {
    IpAddress start = *this;
    const unsigned kept = is_v4_ ? bits + mapped_bits : bits;
    for (unsigned i = 0; i < start.bytes_.size(); ++i) {
        const unsigned in_byte = kept > 8 * i ? std::min(8U, kept - 8 * i) : 0;
        start.bytes_[i] = static_cast<std::uint8_t>(start.bytes_[i] & (0xff00U >> in_byte));
    }
    return start;
}

Result<Network> Network::parse(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return Error{Errc::invalid_input, "expected a network, an address or address/bits"};
    if (parts->address.start_of(parts->bits) != parts->address)
        return Error{Errc::invalid_input,
                     "expected the first address of a network of " + std::to_string(parts->bits) + " bits"};
    return Network(parts->address, parts->bits);
}

std::string network_start(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return {};
    return parts->address.start_of(parts->bits).to_string() + "/" + std::to_string(parts->bits);
}

Result<Networks> Networks::parse(const std::vector<std::string>& texts) {
    Networks all;
    for (const std::string& text : texts) {
        auto one = Network::parse(text);
        if (!one) return one.error();
        all.networks_.push_back(*one);
    }
    return all;
}

bool Networks::contain(const IpAddress& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const Network& one) { return one.contains(address); });
}

bool Networks::contain(std::string_view address) const {
    const auto parsed = IpAddress::parse(address);
    return parsed && contain(*parsed);
}

}  // namespace parley

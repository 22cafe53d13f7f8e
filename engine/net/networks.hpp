// IP addresses, and the networks (CIDR) they lie in.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace parley {

// An IPv4 address wrapped in IPv6 (::ffff:10.0.0.1) is the IPv4 address.
class IpAddress {
  public:
    // "10.0.0.1", "::1"; the zone of "fe80::1%eth0" is dropped. None for anything else.
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const noexcept { return is_v4_; }
    std::string to_string() const;
    // In the bytes of IPv6, so that IPv4 begins at bit 96.
    const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }

    // The first address of the network that has this one and `bits` of prefix, of 32 or 128.
    IpAddress start_of(unsigned bits) const;

    friend bool operator==(const IpAddress&, const IpAddress&) = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
    bool is_v4_ = false;
};

class Network {
  public:
    // "10.0.0.0/8", "fd00::/8"; an address alone is a network of one. invalid_input with "expected …", also for
    // an address that is not the first of its network.
    static Result<Network> parse(std::string_view text);

    bool contains(const IpAddress& address) const { return address.start_of(bits_) == start_; }

  private:
    Network(IpAddress start, unsigned bits) : start_(start), bits_(bits) {}
    IpAddress start_;
    unsigned bits_;
};

// "10.0.0.0/8" for "10.1.2.3/8": what Network::parse takes in place of it; empty when it is no network at all.
std::string network_start(std::string_view text);

class Networks {
  public:
    Networks() = default;
    static Result<Networks> parse(const std::vector<std::string>& texts);

    bool empty() const noexcept { return networks_.empty(); }
    bool contain(const IpAddress& address) const;
    bool contain(std::string_view address) const;  // false when it is no address

  private:
    std::vector<Network> networks_;
};

}  // namespace parley

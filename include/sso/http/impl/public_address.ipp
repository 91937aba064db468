// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/public_address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace sso {
namespace detail {

struct ipv4_block {
  std::uint32_t first;
  unsigned prefix;
};

/// IPv4 blocks that are not public (IANA IPv4 Special-Purpose Address Registry).
inline constexpr ipv4_block special_ipv4_blocks[] = {
    {0x00'00'00'00, 8},   // "this network"
    {0x0a'00'00'00, 8},   // private use
    {0x64'40'00'00, 10},  // carrier-grade NAT
    {0x7f'00'00'00, 8},   // loopback
    {0xa9'fe'00'00, 16},  // link-local, metadata services
    {0xac'10'00'00, 12},  // private use
    {0xc0'00'00'00, 24},  // protocol assignments
    {0xc0'00'02'00, 24},  // documentation
    {0xc0'58'63'00, 24},  // 6to4 relays, withdrawn
    {0xc0'a8'00'00, 16},  // private use
    {0xc6'12'00'00, 15},  // benchmarking
    {0xc6'33'64'00, 24},  // documentation
    {0xcb'00'71'00, 24},  // documentation
    {0xe0'00'00'00, 4},   // multicast
    {0xf0'00'00'00, 4},   // reserved, broadcast
};

constexpr bool is_public_ipv4(std::uint32_t address) noexcept {
  for (const auto& block : special_ipv4_blocks) {
    if ((address ^ block.first) >> (32 - block.prefix) == 0) return false;
  }
  return true;
}

using ipv6_bytes = std::array<std::uint8_t, 16>;

struct ipv6_block {
  ipv6_bytes first;
  unsigned prefix;
};

constexpr bool is_in(const ipv6_bytes& address, const ipv6_block& block) noexcept {
  for (unsigned bit = 0; bit < block.prefix; bit += 8) {
    const unsigned left = block.prefix - bit;
    const unsigned mask = left >= 8 ? 0xff : 0xff & (0xff << (8 - left));
    if (((address[bit / 8] ^ block.first[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

constexpr std::uint32_t ipv4_at(const ipv6_bytes& address, std::size_t first) noexcept {
  std::uint32_t out = 0;
  for (std::size_t i = first; i != first + 4; ++i) out = out << 8 | address[i];
  return out;
}

constexpr bool is_public_ipv6(const ipv6_bytes& address) noexcept {
  constexpr ipv6_block mapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};  // RFC 4291 2.5.5.2
  constexpr ipv6_block nat64{{0x00, 0x64, 0xff, 0x9b}, 96};                     // RFC 6052 2.1
  constexpr ipv6_block six_to_four{{0x20, 0x02}, 16};                           // RFC 3056 2
  constexpr ipv6_block global_unicast{{0x20}, 3};                               // RFC 4291 2.4
  constexpr ipv6_block special[] = {
      {{0x20, 0x01}, 23},              // protocol assignments, Teredo
      {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
      {{0x3f, 0xff}, 20},              // documentation
  };
  if (is_in(address, mapped) || is_in(address, nat64)) return is_public_ipv4(ipv4_at(address, 12));
  if (is_in(address, six_to_four)) return is_public_ipv4(ipv4_at(address, 2));
  if (!is_in(address, global_unicast)) return false;
  for (const auto& block : special) {
    if (is_in(address, block)) return false;
  }
  return true;
}

}  // namespace detail

SSO_DECL bool is_public_address(const asio::ip::address& address) noexcept {
  if (address.is_v4()) return detail::is_public_ipv4(address.to_v4().to_uint());
  const auto bytes = address.to_v6().to_bytes();
  detail::ipv6_bytes copy{};
  for (std::size_t i = 0; i != copy.size(); ++i) copy[i] = bytes[i];
  return detail::is_public_ipv6(copy);
}

}  // namespace sso

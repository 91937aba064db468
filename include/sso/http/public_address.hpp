// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/ip/address.hpp>

namespace sso {

/// Whether `address` is a unicast address of the public Internet. False for loopback, private, link-local,
/// shared, multicast, broadcast, benchmarking, documentation and reserved ranges. For an IPv4-mapped, NAT64
/// or 6to4 address, checks the embedded IPv4 address. Other addresses with an embedded IPv4 address, such as
/// Teredo, are not public.
///
/// Use it as `beast_options::allow_address` for URLs from untrusted sources, so that no request reaches a
/// private network or a metadata service.
///
/// Thread safety: a pure function. Does not allocate.
///
/// Source: the IANA registries of special-purpose addresses (RFC 6890), RFC 4291 §2.5.5, RFC 6052 §2.1, RFC
/// 3056 §2.
[[nodiscard]] SSO_DECL bool is_public_address(const asio::ip::address& address) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/public_address.ipp>
#endif

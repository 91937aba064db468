// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/collector.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor::detail {

/// A member's name and value.
struct named_text {
  std::string member;
  std::string text;
};

/// A fault in the issuer's text.
enum class issuer_fault {
  none,
  absent,
  placeholder,    // `issuer.template`
  discovery_url,  // `issuer.is_discovery_url`
  malformed,      // `issuer.malformed`
  plain_http,     // `issuer.malformed`, only because of its scheme
};

[[nodiscard]] SSO_DECL issuer_fault fault_of(std::string_view issuer);

/// Runs `issuer.malformed`, `issuer.is_discovery_url` and `issuer.template`.
/// @param others other texts to search for placeholders: stored URLs and members of the discovery document
SSO_DECL issuer_fault check_issuer(collector& out, std::string_view issuer,
                                   const std::vector<named_text>& others);

/// How two issuers differ: `trailing slash`, `case`, `scheme`, `port`, `path` or `other`.
[[nodiscard]] SSO_DECL std::string_view difference_of(std::string_view expected, std::string_view actual);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/issuer.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/report.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor {

/// Checks the discovery document of an OpenID provider (`issuer.*`, `discovery.*`, and
/// `settings.secret_missing` if there is no secret) against the stored configuration.
///
/// `document`: the bytes as received; a document of more than 1 MiB is not read. Does not include the checks
/// of the HTTP exchange; see `examine`.
///
/// Thread safety: a pure function.
///
/// Source: OpenID Connect Discovery 1.0 §3, §4.
[[nodiscard]] SSO_DECL report check_discovery(std::string_view document, const expectation& expected);

namespace detail {

/// Values of a discovery document needed by the key checks.
struct discovery_facts {
  std::string jwks_uri;                 // empty: none
  std::vector<std::string> algorithms;  // signing algorithms of ID tokens
};

/// As above. Stores the values for the key checks in `facts`.
[[nodiscard]] SSO_DECL report check_discovery(std::string_view document, const expectation& expected,
                                              discovery_facts& facts);

/// Reports the discovery checks as undecided.
[[nodiscard]] SSO_DECL report without_discovery(const std::string& reason, const expectation& expected);

}  // namespace detail
}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/discovery.ipp>
#endif

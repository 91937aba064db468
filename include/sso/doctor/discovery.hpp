// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/report.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor {

/// Checks the discovery document of an OpenID provider (`issuer.*`, `discovery.*`, and `settings.secret_missing` if
/// there is no secret) against what is stored.
///
/// `document`: its bytes as received, whatever they are; of more than 1 MiB nothing is read. Checks of how it was
/// fetched are not among these: see `examine`.
/// Thread safety: a pure function.
///
/// Source: OpenID Connect Discovery 1.0 §3, §4.
[[nodiscard]] SSO_DECL report check_discovery(std::string_view document, const expectation& expected);

namespace detail {

/// What the checks of keys need of a discovery document.
struct discovery_facts {
  std::string jwks_uri;                 // empty: none
  std::vector<std::string> algorithms;  // that ID tokens are signed with
};

/// The same; `facts` takes what else is needed of the document.
[[nodiscard]] SSO_DECL report check_discovery(std::string_view document, const expectation& expected,
                                              discovery_facts& facts);

/// Reports that the checks of the document cannot run.
[[nodiscard]] SSO_DECL report without_discovery(const std::string& reason, const expectation& expected);

}  // namespace detail
}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/discovery.ipp>
#endif

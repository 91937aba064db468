// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/report.hpp>

#include <string>
#include <string_view>

namespace sso::doctor {

/// Checks the key set of an OpenID provider (`keys.*`): whether ID tokens can be verified with it, and whether it holds
/// what should not be public.
///
/// `jwks`: its bytes as received, whatever they are; of more than 1 MiB nothing is read, of more than 1,000 keys the
/// first are. Checks of how it was fetched are not among these: see `examine`.
/// Thread safety: a pure function.
///
/// Source: RFC 7517, RFC 7518 §6.
[[nodiscard]] SSO_DECL report check_keys(std::string_view jwks, const expectation& expected);

namespace detail {

/// Reports that the checks of the keys cannot run.
[[nodiscard]] SSO_DECL report without_keys(const std::string& reason);

}  // namespace detail
}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/keys.ipp>
#endif

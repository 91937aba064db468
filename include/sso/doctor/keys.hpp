// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/report.hpp>

#include <string>
#include <string_view>

namespace sso::doctor {

/// Checks the key set of an OpenID provider (`keys.*`): whether ID tokens can be verified with it, and
/// whether it exposes keys that must not be public.
///
/// `jwks`: the bytes as received; a document of more than 1 MiB is not read. Only the first 1,000 keys are
/// checked. Does not include the checks of the HTTP exchange; see `examine`.
///
/// Thread safety: a pure function.
///
/// Source: RFC 7517, RFC 7518 §6.
[[nodiscard]] SSO_DECL report check_keys(std::string_view jwks, const expectation& expected);

namespace detail {

/// Reports the key checks as undecided.
[[nodiscard]] SSO_DECL report without_keys(const std::string& reason);

}  // namespace detail
}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/keys.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/credentials.hpp>

namespace sso::truto {

/// The token in `TRUTO_API_TOKEN`. Throws `sso::exception` with `errc::invalid_argument` naming the variable
/// if it is not set or can be no token. Not safe against another thread that changes the environment at the
/// same time.
[[nodiscard]] SSO_DECL credentials credentials_from_environment();

/// What the environment says.
struct environment {
  sso::credentials credentials;  ///< a `bearer_token`
  client_options options;        ///< those given, completed from the environment
};

/// Reads `TRUTO_API_TOKEN`, which must be set, and into `options.base_url`, if that is empty, `TRUTO_API_BASE_URL`.
///
/// Throws `sso::exception` with `errc::invalid_argument` naming the variable and what is wrong with it. Not
/// safe against another thread that changes the environment at the same time.
[[nodiscard]] SSO_DECL environment from_environment(client_options options = {});

/// The same without the credentials, for those that come from elsewhere: `TRUTO_API_TOKEN` is not looked at.
[[nodiscard]] SSO_DECL client_options options_from_environment(client_options options = {});

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/environment.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/credentials.hpp>

namespace sso::truto {

/// Reads the token from `TRUTO_API_TOKEN`. Throws `sso::exception` with `errc::invalid_argument` naming the
/// variable if it is not set or not a valid token.
///
/// Thread safety: not safe while another thread modifies the environment.
[[nodiscard]] SSO_DECL credentials credentials_from_environment();

/// Credentials and options read from the environment.
struct environment {
  sso::credentials credentials;  ///< a `bearer_token`
  client_options options;        ///< the given options, completed from the environment
};

/// Reads `TRUTO_API_TOKEN`, which is required. If `options.base_url` is empty, sets it from
/// `TRUTO_API_BASE_URL`.
///
/// Throws `sso::exception` with `errc::invalid_argument` naming the variable and the rule.
///
/// Thread safety: not safe while another thread modifies the environment.
[[nodiscard]] SSO_DECL environment from_environment(client_options options = {});

/// Reads the options only, without `TRUTO_API_TOKEN`. For credentials from another source. Otherwise like
/// `from_environment`.
[[nodiscard]] SSO_DECL client_options options_from_environment(client_options options = {});

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/environment.ipp>
#endif

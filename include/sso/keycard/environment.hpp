// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/credentials.hpp>

namespace sso::keycard {

/// What the environment says.
struct environment {
  sso::credentials credentials;  ///< `client_credentials`
  client_options options;        ///< those given, completed from the environment
};

/// Reads the variables of the official SDKs: `KEYCARD_API_CLIENT_ID` and `KEYCARD_API_CLIENT_SECRET`, which
/// must be set; and into the members of `options` that are empty, `KEYCARD_API_BASE_URL`,
/// `KEYCARD_API_CUSTOM_HEADERS` (lines `Name: value`; headers that `options` has stay) and `KEYCARD_API_LOG`
/// (`info` or `debug`: a logger to `std::clog`).
///
/// Throws `sso::exception` with `errc::invalid_argument` naming the variable and what is wrong with it. Not
/// safe against another thread that changes the environment at the same time.
[[nodiscard]] SSO_DECL environment from_environment(client_options options = {});

/// The same without the credentials, for those that come from elsewhere: `KEYCARD_API_CLIENT_ID` and
/// `KEYCARD_API_CLIENT_SECRET` are not looked at.
[[nodiscard]] SSO_DECL client_options options_from_environment(client_options options = {});

}  // namespace sso::keycard

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/environment.ipp>
#endif

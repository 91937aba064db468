// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/credentials.hpp>

namespace sso::keycard {

/// Credentials and options read from the environment.
struct environment {
  sso::credentials credentials;  ///< `client_credentials`
  client_options options;        ///< the given options, completed from the environment
};

/// Reads the environment variables of the official SDKs. `KEYCARD_API_CLIENT_ID` and
/// `KEYCARD_API_CLIENT_SECRET` are required. The following ones set members of `options` that are empty:
/// `KEYCARD_API_BASE_URL`, `KEYCARD_API_CUSTOM_HEADERS` (lines `Name: value`; headers in `options` take
/// precedence) and `KEYCARD_API_LOG` (`debug`, `info`, `warn` or `error`: a logger to `std::clog`; `off`:
/// none).
///
/// Throws `sso::exception` with `errc::invalid_argument` naming the variable and the rule.
///
/// Thread safety: not safe while another thread modifies the environment.
[[nodiscard]] SSO_DECL environment from_environment(client_options options = {});

/// Reads the options only, without `KEYCARD_API_CLIENT_ID` and `KEYCARD_API_CLIENT_SECRET`. For credentials
/// from another source. Otherwise like `from_environment`.
[[nodiscard]] SSO_DECL client_options options_from_environment(client_options options = {});

}  // namespace sso::keycard

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/environment.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/credentials.hpp>

namespace sso::truto {

/// The token in `TRUTO_API_TOKEN`. Throws `sso::exception` with `errc::invalid_argument` naming the variable
/// if it is not set or can be no token. Not safe against another thread that changes the environment at the
/// same time.
[[nodiscard]] SSO_DECL credentials credentials_from_environment();

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/environment.ipp>
#endif

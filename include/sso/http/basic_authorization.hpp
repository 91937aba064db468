// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/secret.hpp>

#include <string_view>

namespace sso::http {

/// The credentials of the Basic scheme (RFC 7617): `Basic`, a space, and `user:password` in base64. `user` has
/// no colon.
[[nodiscard]] SSO_DECL secret basic_authorization(std::string_view user, std::string_view password);

}  // namespace sso::http

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/basic_authorization.ipp>
#endif

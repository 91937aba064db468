// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <string>
#include <string_view>

namespace sso::json {

/// Takes two string members out of an error body. Whatever the body is, e.g. a proxy's HTML, nothing fails:
/// members that are missing or no strings leave their targets as they are.
SSO_DECL void read_error_body(std::string_view body, std::string_view code_member, std::string& code,
                              std::string_view message_member, std::string& message);

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/error_body.ipp>
#endif

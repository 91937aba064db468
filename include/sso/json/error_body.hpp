// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <string>
#include <string_view>

namespace sso::json {

/// Reads code and message from the named members of an error body. Otherwise tries other common formats:
/// problem details (RFC 9457), a nested `error` object, lists of messages. Never fails: a value that is not
/// found stays unchanged.
SSO_DECL void read_error_body(std::string_view body, std::string_view code_member, std::string& code,
                              std::string_view message_member, std::string& message);

}  // namespace sso::json

#if defined(SSO_HEADER_ONLY)
#include <sso/json/impl/error_body.ipp>
#endif

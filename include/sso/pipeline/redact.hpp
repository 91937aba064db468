// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::pipeline {

/// The values in a request that must not come back in an error: the credentials of `Authorization`, and the values of
/// headers that the user added. Values of fewer than 6 characters are no secrets. Views into the request.
[[nodiscard]] SSO_DECL std::vector<std::string_view> secrets_of(const http::request& request);

/// `text` with `[redacted]` in place of each of `secrets`.
[[nodiscard]] SSO_DECL std::string redact(std::string text, const std::vector<std::string_view>& secrets);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/redact.ipp>
#endif

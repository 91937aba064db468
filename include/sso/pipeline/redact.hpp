// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::pipeline {

/// The values of a request that must not appear in an error: the credentials in `Authorization` and the
/// values of the user's headers. Skips values of fewer than 6 characters. The result refers to the request.
[[nodiscard]] SSO_DECL std::vector<std::string_view> secrets_of(const http::request& request);

/// Replaces each of `secrets` in `text` with `[redacted]`, also if it is percent-encoded or has `\/` for `/`.
[[nodiscard]] SSO_DECL std::string redact(std::string text, const std::vector<std::string_view>& secrets);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/redact.ipp>
#endif

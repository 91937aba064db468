// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/request.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::pipeline {

/// The values of a request that must not appear in an error: the credentials in `Authorization`, the values of
/// the user's headers, and in a JSON body the strings of members such as `client_secret`. Skips values of fewer
/// than 6 characters.
[[nodiscard]] SSO_DECL std::vector<std::string> secrets_of(const http::request& request);

/// Replaces each of `secrets` in `text` with `[redacted]`, also in other notations: with JSON escapes,
/// percent-encoded, with HTML entities, or folded into several lines.
[[nodiscard]] SSO_DECL std::string redact(std::string_view text, std::vector<std::string> secrets);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/redact.ipp>
#endif

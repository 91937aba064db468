// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/call_options.hpp>
#include <sso/detail/uuid.hpp>
#include <sso/http/request.hpp>
#include <sso/pipeline/settings.hpp>

#include <optional>
#include <string>

namespace sso::pipeline {

/// A call ready to go: the request without credentials and request id, and the bounds it runs in.
struct prepared_call {
  http::request request;
  http::limits attempt;  ///< of one attempt
  std::chrono::steady_clock::duration timeout{};
  unsigned max_retries = 0;
  sso::detail::uuid_text client_request_id{};  ///< all zero: to be made
};

/// Puts a call together. `path` is below the base URL and percent-encoded; `query` is encoded, without `?`,
/// and may be empty; `body` is JSON. Errors: `invalid_argument` naming the option of `options` and the rule.
[[nodiscard]] SSO_DECL result<prepared_call> prepare(const settings& settings, const operation& operation,
                                                     std::string path, std::string_view query,
                                                     std::optional<std::string> body,
                                                     const call_options& options);

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/prepare.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client_options.hpp>
#include <sso/credentials.hpp>
#include <sso/http/url.hpp>
#include <sso/pipeline/vendor.hpp>

#include <string>
#include <utility>

namespace sso::pipeline {

/// A client's validated options and the parts common to all its requests. Immutable.
struct settings {
  explicit settings(sso::credentials proof) : credentials{std::move(proof)} {}

  sso::credentials credentials;
  pipeline::vendor vendor;
  http::url base;
  http::url token;          ///< the token endpoint; unused unless the credentials are `client_credentials`
  http::headers headers;    ///< `Accept: application/json`, `User-Agent` and the user's headers
  bool own_accept = false;  ///< the user's headers contain `Accept`
  bool own_content_type = false;  ///< the user's headers contain `Content-Type`
  std::string user_agent;
  std::string query;  ///< the user's parameters, encoded, joined by `&`
  sso::expand_format expand_format = sso::expand_format::repeat;
  std::chrono::steady_clock::duration timeout{};
  http::limits limits;                                     ///< of one attempt
  std::chrono::steady_clock::duration exchange_timeout{};  ///< the upper bound of a call's `attempt_timeout`
  retry_policy retry;
  sso::observer observer;
};

/// Checks the options and prepares the settings.
/// Throws `exception` with `errc::invalid_argument` naming the option and the rule.
[[nodiscard]] SSO_DECL settings make_settings(const vendor& vendor, credentials credentials,
                                              client_options options);

/// Throws `exception` naming `option` if the URL would carry credentials unencrypted to another host, unless `allowed`.
SSO_DECL void check_plain_http(const http::url& url, std::string_view option, bool allowed);

/// Why a user's header is refused; empty if it is allowed. Refers to a constant.
[[nodiscard]] SSO_DECL std::string_view header_rule_broken(std::string_view name,
                                                           std::string_view value) noexcept;

/// The upper bound of `max_retries`.
inline constexpr unsigned most_retries = 20;

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/settings.ipp>
#endif

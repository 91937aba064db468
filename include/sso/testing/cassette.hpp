// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::testing {

/// What stands in a cassette for what must not be kept.
inline constexpr std::string_view redacted = "REDACTED";

/// Which parts of an exchange a cassette keeps. Everything else is redacted: names stay, values go.
struct redaction {
  /// Header fields whose values are kept.
  std::vector<std::string> headers{"Accept",         "Content-Type",    "Date",
                                   "Location",       "Retry-After",     "Retry-After-Ms",
                                   "X-Should-Retry", "ratelimit-limit", "ratelimit-remaining",
                                   "ratelimit-reset"};
  /// Parameters of a query, or of a form in a body, whose values are kept.
  std::vector<std::string> parameters{"expand", "expand[]", "limit", "next_cursor", "grant_type"};
  /// Members of a JSON body that are kept although their names look secret: see `is_secret_member`.
  std::vector<std::string> members{"token_type", "token_endpoint", "verification_token"};
};

/// Whether a JSON member holds a secret, by its name: one that contains `secret`, `token`, `password`,
/// `credential`, `assertion`, `private`, `api_key` or `authorization`, in any case, and is not among
/// `rules.members`.
[[nodiscard]] SSO_DECL bool is_secret_member(const redaction& rules, std::string_view name);

/// One exchange as a cassette has it.
struct recorded_exchange {
  http::method method = http::method::get;  ///< compared by a `replayer`
  std::string target;                       ///< compared by a `replayer`, but for redacted parameters
  http::headers request_headers;            ///< for readers; not compared
  std::string request_body;                 ///< for readers; not compared
  result<http::response> answer;            ///< what a `replayer` answers, failures included
};

/// An exchange without its secrets.
///
/// Bodies that are JSON keep what is no secret member; booleans and nulls stay even in those. Of forms the
/// parameters in `rules` stay. A body that is neither is redacted whole. `Location` loses its query. A secret
/// that was found is redacted wherever else it occurs in the exchange, if it has 6 bytes or more.
[[nodiscard]] SSO_DECL recorded_exchange redact(const http::request& request,
                                                const result<http::response>& answer,
                                                const redaction& rules = {});

/// Exchanges as JSON text, one of them per line: `{"format": "sso-cassette/1", "exchanges": [...]}`.
[[nodiscard]] SSO_DECL std::string write_cassette(const std::vector<recorded_exchange>& exchanges);

/// Reads what `write_cassette` wrote. Errors: `decode_failed` with the number of the exchange and what is
/// wrong with it.
[[nodiscard]] SSO_DECL result<std::vector<recorded_exchange>> read_cassette(std::string_view text);

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/cassette.ipp>
#endif

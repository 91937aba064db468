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
  /// Names of members of a JSON body whose strings and numbers are kept wherever they are, beside those that the
  /// models of the library describe.
  std::vector<std::string> members{"token_type", "expires_in"};
};

/// One exchange as a cassette has it.
struct recorded_exchange {
  http::method method = http::method::get;  ///< compared by a `replayer`
  std::string target;                       ///< compared by a `replayer`, but for what was redacted
  http::headers request_headers;            ///< for readers; not compared
  std::string request_body;                 ///< for readers; not compared
  result<http::response> answer;            ///< what a `replayer` answers, failures included
};

/// An exchange without its secrets.
///
/// Of a JSON body, strings and numbers are kept of those members that a model or a parameter class of Keycard or Truto
/// has in that place, other than as a `secret`, and of those in `rules.members`; booleans, nulls and names are kept
/// everywhere. Of forms the parameters in `rules` stay. A body that is neither is redacted whole. `Location` loses its
/// query. A value that was redacted is redacted wherever else it occurs in a value of the exchange, if it has 6 bytes or
/// more.
///
/// Texts of errors are redacted too: an API may repeat in them what it was sent. To keep the code of an error, add
/// `code` to `rules.members`.
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

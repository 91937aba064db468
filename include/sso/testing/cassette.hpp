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

/// The replacement for redacted text in a cassette.
inline constexpr std::string_view redacted = "REDACTED";

/// The parts of an exchange that a cassette keeps. All other values are redacted; names are kept.
struct redaction {
  /// Names of header fields whose values are kept.
  std::vector<std::string> headers{"Accept",         "Content-Type",    "Date",
                                   "Location",       "Retry-After",     "Retry-After-Ms",
                                   "X-Should-Retry", "ratelimit-limit", "ratelimit-remaining",
                                   "ratelimit-reset"};
  /// Names of query and form parameters whose values are kept.
  std::vector<std::string> parameters{"expand", "expand[]", "limit", "next_cursor", "grant_type"};
  /// Names of JSON members whose strings and numbers are kept at any depth, in addition to the members of the
  /// library's models.
  std::vector<std::string> members{"token_type", "expires_in"};
};

/// One exchange of a cassette.
struct recorded_exchange {
  http::method method = http::method::get;  ///< compared by a `replayer`
  std::string target;                       ///< compared by a `replayer`, except redacted parts
  http::headers request_headers;            ///< for readers; not compared
  std::string request_body;                 ///< for readers; not compared
  result<http::response> answer;            ///< the response or failure that a `replayer` returns
};

/// Copies an exchange without its secrets.
///
/// In a JSON body, strings and numbers are kept if they belong to a member that a model or parameter class of
/// Keycard or Truto has at that place, unless its type is `secret`, and if their member is in
/// `rules.members`. Booleans, nulls and names are always kept. In a form, the parameters in `rules` are kept;
/// a parameter without `=` is a value, not a name. A body of any other kind is redacted as a whole. User
/// information, query and fragment of `Location` are removed. A redacted value of 6 bytes or more is redacted
/// wherever it occurs in a value of the exchange.
///
/// Texts of errors are redacted too, since an API may repeat parts of the request in them. To keep the code
/// of an error, add `code` to `rules.members`.
[[nodiscard]] SSO_DECL recorded_exchange redact(const http::request& request,
                                                const result<http::response>& answer,
                                                const redaction& rules = {});

/// Formats exchanges as JSON text, one per line: `{"format": "sso-cassette/1", "exchanges": [...]}`.
[[nodiscard]] SSO_DECL std::string write_cassette(const std::vector<recorded_exchange>& exchanges);

/// Parses the text of `write_cassette`. Errors: `decode_failed` with the number of the invalid exchange and
/// the reason.
[[nodiscard]] SSO_DECL result<std::vector<recorded_exchange>> read_cassette(std::string_view text);

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/cassette.ipp>
#endif

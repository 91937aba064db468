// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_request.hpp>
#include <sso/detail/ascii.hpp>
#include <sso/http/basic_authorization.hpp>
#include <sso/http/retry_after.hpp>
#include <sso/json/error_body.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace sso::auth {
namespace detail {

/// Encodes for `application/x-www-form-urlencoded`: a space becomes a plus sign.
inline std::string form_encode(std::string_view text) {
  auto encoded = http::encode_query(text);
  for (auto at = encoded.find("%20"); at != std::string::npos; at = encoded.find("%20", at)) {
    encoded.replace(at, 3, "+");
  }
  return encoded;
}

inline std::string string_member(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

inline std::optional<std::chrono::seconds> to_seconds(double number) noexcept {
  constexpr double year = 365.0 * 24 * 3600;
  if (!std::isfinite(number)) return std::nullopt;
  return std::chrono::seconds{static_cast<std::int64_t>(std::clamp(std::floor(number), -1.0, year))};
}

inline std::chrono::seconds lifetime(const boost::json::object& object) {
  constexpr std::chrono::seconds unstated{3600};
  const auto* const value = object.if_contains("expires_in");
  if (value == nullptr) return unstated;
  if (value->is_number()) return to_seconds(value->to_number<double>()).value_or(unstated);
  if (!value->is_string()) return unstated;
  const std::string_view text = sso::detail::trim(value->get_string());
  double number = 0;
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || stop != text.data() + text.size()) return unstated;
  return to_seconds(number).value_or(unstated);
}

inline errc errc_of_token_status(unsigned status) noexcept {
  if (status == 429) return errc::rate_limited;
  if (status == 408 || (status >= 500 && status <= 599)) return errc::server_error;
  const bool refused = status >= 200 && status <= 499 && status / 100 != 3;
  return refused ? errc::credentials_rejected : errc::unexpected_status;
}

}  // namespace detail

SSO_DECL secret basic_authorization(const client_credentials& credentials) {
  const auto id = std::string_view{credentials.client_id()};
  const auto password = credentials.client_secret().reveal();
  if (credentials.encoding() == basic_encoding::raw) return http::basic_authorization(id, password);
  auto encoded = detail::form_encode(password);
  auto value = http::basic_authorization(detail::form_encode(id), encoded);
  wipe(encoded);
  return value;
}

SSO_DECL secret bearer_authorization(const secret& token) {
  std::string value;
  value.reserve(token.reveal().size() + 8);
  value.append("Bearer ").append(token.reveal());
  return secret{std::move(value)};
}

SSO_DECL http::request make_token_request(const http::url& endpoint, const client_credentials& credentials,
                                          std::string_view user_agent) {
  http::request request;
  request.method = http::method::post;
  request.origin = endpoint.origin;
  request.target = endpoint.path.empty() ? "/" : endpoint.path;
  request.headers.add("Accept", "application/json")
      .add("User-Agent", user_agent)
      .add("Content-Type", "application/x-www-form-urlencoded")
      .add("Authorization", basic_authorization(credentials).reveal());
  request.body = "grant_type=client_credentials";
  request.operation = token_operation;
  request.replayable = true;  // a second token does no harm
  return request;
}

SSO_DECL result<access_token> read_token_response(const http::response& response,
                                                  std::chrono::system_clock::time_point wall_now) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(response.body, failed);
  const auto* const object = failed ? nullptr : value.if_object();
  const auto refuse = [&](errc code, std::string what) {
    error e{code, outcome::not_sent, std::move(what)};
    auto shown = response;
    if (response.status / 100 == 2) shown.body.clear();  // it may contain a token
    e.with_response(shown);
    e.with_retry_after(http::retry_after(response.status, response.headers, wall_now));
    std::string server_code;
    std::string server_message;
    json::read_error_body(response.body, "error", server_code, "error_description", server_message);
    e.with_server_text(std::move(server_code), std::move(server_message));
    return e;
  };

  if (!http::is_success(response.status)) {
    const auto redirect = http::redirect_note(response.status, response.headers);
    return refuse(detail::errc_of_token_status(response.status),
                  redirect.empty() ? "the token endpoint refused the request" : redirect);
  }
  if (object == nullptr) {
    std::string what = "the token endpoint's response is not a JSON object";
    if (const auto type = response.headers.get("Content-Type"))
      what.append(" (Content-Type: ").append(*type) += ')';
    return refuse(errc::credentials_rejected, std::move(what));
  }
  auto token = detail::string_member(*object, "access_token");
  if (token.empty())
    return refuse(errc::credentials_rejected, "the token endpoint's response has no access_token");
  if (!sso::detail::is_visible_ascii(token)) {
    return refuse(errc::credentials_rejected,
                  "the access_token has characters that are not allowed in a header");
  }
  const auto type = detail::string_member(*object, "token_type");
  if (!type.empty() && !sso::detail::iequals(type, "Bearer")) {
    return refuse(errc::credentials_rejected, "the token_type is not Bearer");
  }
  access_token out{secret{std::move(token)}, detail::lifetime(*object)};
  return out;
}

SSO_DECL error token_request_failed(error failure, const http::request& request) {
  failure.with_what("token request to " + to_string(request.origin) +
                    request.target.substr(0, request.target.find('?')) + ": " + failure.what());
  return failure.with_outcome(outcome::not_sent);
}

SSO_DECL result<access_token> check_supplied(access_token token) {
  const auto text = token.value.reveal();
  if (!text.empty() && sso::detail::is_visible_ascii(text)) return token;
  return error{errc::credentials_rejected, outcome::not_sent,
               "the token source returned a token that is empty or not visible ASCII"};
}

}  // namespace sso::auth

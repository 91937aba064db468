// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>

#include <string>

namespace sso {

SSO_DECL std::string_view to_string(errc e) noexcept {
  switch (e) {
  case errc::invalid_argument: return "invalid_argument";
  case errc::cancelled: return "cancelled";
  case errc::timeout: return "timeout";
  case errc::connect_failed: return "connect_failed";
  case errc::tls_failed: return "tls_failed";
  case errc::transport_failed: return "transport_failed";
  case errc::incomplete_response: return "incomplete_response";
  case errc::protocol_error: return "protocol_error";
  case errc::response_too_large: return "response_too_large";
  case errc::decode_failed: return "decode_failed";
  case errc::credentials_rejected: return "credentials_rejected";
  case errc::bad_request: return "bad_request";
  case errc::unauthorized: return "unauthorized";
  case errc::forbidden: return "forbidden";
  case errc::not_found: return "not_found";
  case errc::conflict: return "conflict";
  case errc::unprocessable: return "unprocessable";
  case errc::rate_limited: return "rate_limited";
  case errc::server_error: return "server_error";
  case errc::unexpected_status: return "unexpected_status";
  }
  return "unknown";
}

SSO_DECL std::string_view to_string(outcome o) noexcept {
  switch (o) {
  case outcome::not_sent: return "not_sent";
  case outcome::maybe_executed: return "maybe_executed";
  case outcome::rejected: return "rejected";
  }
  return "unknown";
}

SSO_DECL errc errc_of_status(unsigned status) noexcept {
  switch (status) {
  case 400: return errc::bad_request;
  case 401: return errc::unauthorized;
  case 403: return errc::forbidden;
  case 404: return errc::not_found;
  case 409: return errc::conflict;
  case 422: return errc::unprocessable;
  case 429: return errc::rate_limited;
  default: return status >= 500 && status <= 599 ? errc::server_error : errc::unexpected_status;
  }
}

SSO_DECL bool belongs_to(errc e, condition c) noexcept {
  switch (c) {
  case condition::retryable:
    return e == errc::timeout || e == errc::connect_failed || e == errc::transport_failed ||
           e == errc::incomplete_response || e == errc::rate_limited || e == errc::server_error;
  case condition::authorization:
    return e == errc::credentials_rejected || e == errc::unauthorized || e == errc::forbidden;
  case condition::no_response: return e >= errc::cancelled && e <= errc::response_too_large;
  case condition::client_mistake:
    return e == errc::invalid_argument || e == errc::bad_request || e == errc::not_found ||
           e == errc::conflict || e == errc::unprocessable;
  }
  return false;
}

namespace detail {

class errc_category final : public boost::system::error_category {
public:
  constexpr errc_category() noexcept : error_category{0x9c1f4c62a51e7d03ULL} {}
  const char* name() const noexcept override { return "sso"; }
  std::string message(int value) const override { return std::string{to_string(static_cast<errc>(value))}; }
};

class condition_error_category final : public boost::system::error_category {
public:
  constexpr condition_error_category() noexcept : error_category{0x5d20b5b96e3fa814ULL} {}
  const char* name() const noexcept override { return "sso.condition"; }
  std::string message(int value) const override {
    switch (static_cast<condition>(value)) {
    case condition::retryable: return "retryable";
    case condition::authorization: return "authorization";
    case condition::no_response: return "no_response";
    case condition::client_mistake: return "client_mistake";
    }
    return "unknown";
  }
  bool equivalent(const boost::system::error_code& code, int value) const noexcept override {
    return code.category() == sso::error_category() &&
           belongs_to(static_cast<errc>(code.value()), static_cast<condition>(value));
  }
};

// Constant-initialised and without state: usable during the start and the end of a program.
inline constexpr errc_category the_errc_category{};
inline constexpr condition_error_category the_condition_category{};

}  // namespace detail

SSO_DECL const boost::system::error_category& error_category() noexcept {
  return detail::the_errc_category;
}
SSO_DECL const boost::system::error_category& condition_category() noexcept {
  return detail::the_condition_category;
}

}  // namespace sso

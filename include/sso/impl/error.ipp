// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/error.hpp>

#include <algorithm>
#include <locale>
#include <ostream>
#include <sstream>
#include <utility>

namespace sso {

struct error::details {
  boost::system::error_code cause;
  unsigned status = 0;
  unsigned attempts = 0;
  std::optional<std::chrono::milliseconds> retry_after;
  std::string what;
  std::string call;
  std::string server_code;
  std::string server_message;
  std::string request_id;
  std::string client_request_id;
  std::string body;
  std::shared_ptr<const http::headers> headers;  // null: none
};

SSO_DECL error::error(errc code, sso::outcome outcome, std::string what, boost::system::error_code cause)
    : code_{code}, outcome_{outcome}, details_{std::make_shared<details>()} {
  details_->what = std::move(what);
  details_->cause = cause;
}

SSO_DECL const error::details& error::get() const noexcept {
  // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): a few bytes, once
  static const details* const none = new details{};
  return details_ ? *details_ : *none;
}

SSO_DECL error::details& error::change() {
  // Always a copy: another thread may read the shared details.
  details_ = details_ ? std::make_shared<details>(*details_) : std::make_shared<details>();
  return *details_;
}

SSO_DECL const boost::system::error_code& error::cause() const noexcept {
  return get().cause;
}
SSO_DECL unsigned error::status() const noexcept {
  return get().status;
}
SSO_DECL const std::string& error::server_code() const noexcept {
  return get().server_code;
}
SSO_DECL const std::string& error::server_message() const noexcept {
  return get().server_message;
}
SSO_DECL const std::string& error::request_id() const noexcept {
  return get().request_id;
}
SSO_DECL const std::string& error::client_request_id() const noexcept {
  return get().client_request_id;
}
SSO_DECL std::optional<std::chrono::milliseconds> error::retry_after() const noexcept {
  return get().retry_after;
}
SSO_DECL unsigned error::attempts() const noexcept {
  return get().attempts;
}
SSO_DECL const std::string& error::body() const noexcept {
  return get().body;
}
SSO_DECL const std::string& error::what() const noexcept {
  return get().what;
}

SSO_DECL error& error::with_code(errc code) {
  code_ = code;
  return *this;
}
SSO_DECL error& error::with_outcome(sso::outcome outcome) {
  outcome_ = outcome;
  return *this;
}
SSO_DECL error& error::with_cause(boost::system::error_code cause) {
  change().cause = cause;
  return *this;
}
SSO_DECL error& error::with_what(std::string what) {
  change().what = std::move(what);
  return *this;
}
SSO_DECL error& error::with_call(std::string_view method, std::string_view target) {
  auto& call = change().call;
  call.assign(method).append(" ").append(target.substr(0, target.find('?')));
  return *this;
}
SSO_DECL error& error::with_server_text(std::string code, std::string message) {
  change().server_code = std::move(code);
  change().server_message = std::move(message);
  return *this;
}
SSO_DECL error& error::with_client_request_id(std::string id) {
  change().client_request_id = std::move(id);
  return *this;
}
SSO_DECL error& error::with_retry_after(std::optional<std::chrono::milliseconds> wait) {
  change().retry_after = wait;
  return *this;
}
SSO_DECL error& error::with_attempts(unsigned attempts) {
  change().attempts = attempts;
  return *this;
}

SSO_DECL std::string error::message() const {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  print(out, *this);
  return out.str();
}

SSO_DECL bool error::unsettled() const noexcept {
  const std::string_view call = get().call;
  return outcome_ == sso::outcome::maybe_executed && !call.starts_with("GET ") && !call.starts_with("HEAD ");
}

SSO_DECL std::ostream& error::write(std::ostream& out, const error& e) {
  const auto text = e.message();
  out.width(0);
  return out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

SSO_DECL std::ostream& error::print(std::ostream& out, const error& e) {
  const auto& d = e.get();
  if (!d.call.empty()) out << detail::printable(d.call) << ": ";
  if (d.status != 0) out << d.status << ' ';
  // "cancelled while ...", not "cancelled: cancelled while ...".
  const bool says_code = d.what.starts_with(std::string{to_string(e.code_)} + ' ');
  if (!says_code) out << e.code_;
  const auto what = detail::printable(d.what, 600);
  if (!what.empty()) out << (says_code ? "" : ": ") << what;
  if (!d.server_message.empty()) out << " \"" << detail::printable(d.server_message) << '"';

  const char* separator = " (";
  const auto note = [&](std::string_view name, const auto& value) {
    out << separator << name << ' ' << value;
    separator = ", ";
  };
  if (!d.server_code.empty()) note("code", detail::printable(d.server_code, 80));
  if (e.code_ != errc::invalid_argument) note("outcome", e.outcome_);
  if (d.attempts > 1) note("attempts", d.attempts);
  if (d.retry_after) note("retry after", std::to_string(d.retry_after->count()) + " ms");
  if (!d.request_id.empty()) note("request id", detail::printable(d.request_id, 80));
  if (!d.client_request_id.empty()) note("client request id", detail::printable(d.client_request_id, 80));
  if (d.cause) {
    const auto cause = d.cause.message();
    // `what` of a TLS failure says more than OpenSSL's "certificate verify failed".
    const bool from_openssl = std::string_view{d.cause.category().name()} == "asio.ssl" && !what.empty();
    if (!from_openssl && what.find(cause) == std::string::npos) note("cause", cause);
  }
  if (*separator == ',') out << ')';
  return out;
}

SSO_DECL exception::exception(sso::error error)
    : std::runtime_error{error.message()}, error_{std::make_shared<const sso::error>(std::move(error))} {}

SSO_DECL void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw exception{e};
}

SSO_DECL std::string describe(const error& e) {
  std::string text;
  if (e.status() != 0) text.append(std::to_string(e.status())).append(" ");
  text += e.code().message();
  if (!e.what().empty()) text.append(": ").append(e.what());
  return text;
}

SSO_DECL error invalid_argument(std::string_view parameter, std::string_view rule) {
  return error{errc::invalid_argument, outcome::not_sent, std::string{parameter}.append(": ").append(rule)};
}

}  // namespace sso

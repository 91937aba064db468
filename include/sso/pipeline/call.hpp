// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/uuid.hpp>
#include <sso/errc.hpp>
#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/observer.hpp>
#include <sso/result.hpp>

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

namespace sso::pipeline {

/// One call: its request, limits and progress.
struct call {
  http::request request;  ///< without `Authorization` until the first attempt
  http::limits limits;    ///< of the current attempt
  std::chrono::steady_clock::duration attempt_timeout{};
  std::chrono::steady_clock::duration timeout{};
  unsigned retries_left = 0;
  bool no_content = false;                     ///< see `operation`
  sso::detail::uuid_text client_request_id{};  ///< zeros until the call starts, unless the caller set it

  std::chrono::steady_clock::time_point started{};
  /// The caller's; from the start at most `started + timeout`.
  std::chrono::steady_clock::time_point deadline{};
  std::chrono::steady_clock::time_point now{};  ///< last reading of the clock
  unsigned attempts = 0;
  unsigned retries = 0;
  bool token_replaced = false;                     ///< a 401 has invalidated a token
  sso::outcome worst_outcome = outcome::not_sent;  ///< of all attempts before the last
  std::optional<error> failure_before;             ///< of the previous attempt
  result<http::response> response{error{}};        ///< of the last attempt, or the error that ends the call

  /// Ends the call without a response.
  void end(error failed) { response = std::move(failed); }

  [[nodiscard]] std::string_view id() const noexcept {
    return {client_request_id.data(), client_request_id.size()};
  }
  /// The call as events describe it.
  [[nodiscard]] events::call_info info() const noexcept {
    const std::string_view target = request.target;
    return {request.operation, id(), to_string(request.method), target.substr(0, target.find('?'))};
  }
};

}  // namespace sso::pipeline

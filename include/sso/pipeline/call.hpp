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

/// One call of an operation: its request and bounds, and how far it has got.
struct call {
  http::request request;  ///< without `Authorization` until the first attempt
  http::limits limits;    ///< of the attempt in progress
  std::chrono::steady_clock::duration attempt_timeout{};
  std::chrono::steady_clock::duration timeout{};
  unsigned retries_left = 0;
  sso::detail::uuid_text client_request_id{};  ///< all zero until the call starts, unless the caller gave one

  std::chrono::steady_clock::time_point started{};
  std::chrono::steady_clock::time_point deadline{};
  std::chrono::steady_clock::time_point now{};  ///< when the loop last looked at the clock
  unsigned attempts = 0;
  unsigned retries = 0;
  bool token_replaced = false;               ///< after a 401, once
  sso::outcome gravest = outcome::not_sent;  ///< of the attempts before the last
  std::optional<error> failure_before;       ///< of the attempt before the last
  result<http::response> response{error{}};  ///< of the last attempt, or why the call ends without

  /// Ends the call without a response.
  void end(error failed) { response = std::move(failed); }

  [[nodiscard]] std::string_view id() const noexcept {
    return {client_request_id.data(), client_request_id.size()};
  }
  /// How events name the call.
  [[nodiscard]] events::call_info info() const noexcept {
    const std::string_view target = request.target;
    return {request.operation, id(), to_string(request.method), target.substr(0, target.find('?'))};
  }
};

}  // namespace sso::pipeline

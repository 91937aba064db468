// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/auth/token_window.hpp>
#include <sso/detail/one_shot.hpp>
#include <sso/http/request.hpp>
#include <sso/result.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace sso::auth {

/// A token as requests use it.
struct held_token {
  held_token(secret value, token_window life) : authorization{std::move(value)}, window{life} {}

  secret authorization;  ///< the whole value of the `Authorization` header
  token_window window;
};

using held_token_ptr = std::shared_ptr<const held_token>;

/// One refresh and all who wait for it. Thread-safe.
class token_flight {
public:
  using clock = std::chrono::steady_clock;

  /// `overdue_at`: when nobody should wait for it any more, whatever became of it.
  explicit token_flight(clock::time_point overdue_at) noexcept : overdue_at_{overdue_at} {}

  /// Tells the result to all who wait, once.
  SSO_DECL void land(result<held_token_ptr> landed);
  [[nodiscard]] SSO_DECL bool has_landed() const;
  [[nodiscard]] bool is_overdue(clock::time_point now) const noexcept { return now >= overdue_at_; }

private:
  friend class flight_waiter;

  clock::time_point overdue_at_;
  mutable std::mutex mutex_;
  std::optional<result<held_token_ptr>> landed_;
  std::vector<std::shared_ptr<detail::one_shot>> waiters_;
};

/// Lands its flight as failed if nobody did before: when a refresh cannot begin, or is destroyed half-way with
/// the executor it ran on, those who wait elsewhere must not wait for ever.
class flight_guard {
public:
  /// Guards nothing.
  flight_guard() = default;
  explicit flight_guard(std::shared_ptr<token_flight> flight) noexcept : flight_{std::move(flight)} {}
  flight_guard(flight_guard&&) noexcept = default;
  flight_guard& operator=(flight_guard other) noexcept {
    flight_.swap(other.flight_);
    return *this;
  }
  SSO_DECL ~flight_guard();

  /// Whether there is a flight that has not landed through this.
  explicit operator bool() const noexcept { return flight_ != nullptr; }

  SSO_DECL void land(result<held_token_ptr> landed);
  [[nodiscard]] const std::shared_ptr<token_flight>& flight() const noexcept { return flight_; }

private:
  std::shared_ptr<token_flight> flight_;
};

/// A place among those who wait for a flight, given up on destruction.
class flight_waiter {
public:
  SSO_DECL explicit flight_waiter(const asio::any_io_executor& executor);
  flight_waiter(const flight_waiter&) = delete;
  flight_waiter& operator=(const flight_waiter&) = delete;
  SSO_DECL ~flight_waiter();

  SSO_DECL void join(std::shared_ptr<token_flight> flight);

  /// Waits for the flight to land. Errors: what it landed with; `timeout` after `at_most`; `cancelled`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<held_token_ptr>>
  wait(std::chrono::steady_clock::duration at_most);

private:
  std::shared_ptr<detail::one_shot> event_;
  std::shared_ptr<token_flight> flight_;
};

/// The failure of a token request, as those see it who wait for the token: their own calls were not sent.
[[nodiscard]] SSO_DECL error token_request_failed(error failed, const http::request& request);

/// Refuses a token that no header may carry. Errors: `credentials_rejected`.
[[nodiscard]] SSO_DECL result<access_token> check_supplied(access_token token);

}  // namespace sso::auth

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/token_flight.ipp>
#endif

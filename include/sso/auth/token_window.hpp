// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace sso::auth {

/// The state of an access token at a point in time.
enum class freshness {
  fresh,  ///< valid
  aging,  ///< valid, but due for a refresh in the background
  stale,  ///< expired: wait for a new one
};

/// The lifetime of a token on the monotonic clock.
struct token_window {
  using clock = std::chrono::steady_clock;

  clock::time_point renew_from = clock::time_point::max();  ///< aging from here on
  clock::time_point use_until = clock::time_point::max();   ///< stale from here on
};

/// The window of a token that expires `expires_in` after `requested_at`. It is stale 10 s before its expiry,
/// or a quarter of its lifetime if that is less. Before that it is aging for a tenth of its lifetime, at most
/// 60 s. With a lifetime of zero or less it is stale at once. Without `expires_in` it never ages.
[[nodiscard]] constexpr token_window window_of(token_window::clock::time_point requested_at,
                                               std::optional<std::chrono::seconds> expires_in) noexcept {
  using namespace std::chrono_literals;
  using duration = token_window::clock::duration;
  if (!expires_in) return {};
  const duration life = std::clamp(*expires_in, 0s, std::chrono::seconds{std::chrono::hours{24 * 365}});
  const auto margin = std::min<duration>(10s, life / 4);
  const auto early = std::min<duration>(60s, life / 10);
  return {requested_at + life - margin - early, requested_at + life - margin};
}

[[nodiscard]] constexpr freshness assess(const token_window& window,
                                         token_window::clock::time_point now) noexcept {
  if (now >= window.use_until) return freshness::stale;
  return now >= window.renew_from ? freshness::aging : freshness::fresh;
}

}  // namespace sso::auth

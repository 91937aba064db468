// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/collector.hpp>
#include <sso/error.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sso::doctor::detail {

/// The clocks of a runtime, with its type erased.
struct clocks {
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<std::chrono::system_clock::time_point()> wall_now;
};

/// The result of fetching a document.
struct fetched {
  std::string url;                         ///< empty: no request was sent, see `skipped`
  std::string skipped;                     ///< why no request was sent
  std::optional<http::response> response;  ///< with any status
  std::optional<error> failure;            ///< why there is no response
  std::chrono::sys_seconds received{};     ///< local time at the middle of the exchange

  /// Whether there is a document.
  [[nodiscard]] bool usable() const noexcept { return response && response->status == 200; }
};

/// Fetches a document in one attempt, bounded by `deadline`. Follows no redirect and sends no credentials.
[[nodiscard]] SSO_DECL asio::awaitable<fetched> fetch(any_transport web, clocks time, std::string url,
                                                      std::string_view operation,
                                                      std::chrono::steady_clock::time_point deadline);

/// Whether the transport refused the address (`beast_options::allow_address`).
[[nodiscard]] SSO_DECL bool is_refused_address(const error& failure);

/// Checks the exchange of the discovery document (`discovery.unreachable` to `discovery.content_type`). Returns whether
/// there is a document; if not, sets `reason`.
/// @param alternatives the URLs that have a document instead, for the advice of `discovery.not_found`
SSO_DECL bool check_discovery_fetch(collector& out, const fetched& got, const std::string& alternatives,
                                    std::string& reason);

/// The same for the keys (`keys.unreachable` to `keys.status`).
SSO_DECL bool check_keys_fetch(collector& out, const fetched& got, std::string& reason);

/// Checks the `Date` of all responses (`clock.skew`).
SSO_DECL void check_clock(collector& out, std::initializer_list<const fetched*> all);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/fetch.ipp>
#endif

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

/// The clocks of a runtime of any type.
struct clocks {
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<std::chrono::system_clock::time_point()> wall_now;
};

/// A document that was asked for.
struct fetched {
  std::string url;                         ///< empty: it was not asked for, and `skipped` says why
  std::string skipped;                     ///< why nothing was asked
  std::optional<http::response> response;  ///< of any status
  std::optional<error> failure;            ///< why there is no response
  std::chrono::sys_seconds received{};     ///< by the local calendar, half the exchange's time taken off

  /// Whether there is a document to look at.
  [[nodiscard]] bool usable() const noexcept { return response && response->status == 200; }
};

/// Asks for a document once, before `deadline`. Follows no redirect and sends no credentials.
[[nodiscard]] SSO_DECL asio::awaitable<fetched> fetch(any_transport web, clocks time, std::string url,
                                                      std::string_view operation,
                                                      std::chrono::steady_clock::time_point deadline);

/// Whether the transport refused the address (`beast_options::allow_address`).
[[nodiscard]] SSO_DECL bool is_refused_address(const error& failure);

/// Reports how the discovery document came (`discovery.unreachable` to `discovery.content_type`). Returns whether there
/// is a document, and sets `reason` if there is none.
/// @param alternatives what else answers, for the advice on a missing document
SSO_DECL bool check_discovery_fetch(collector& out, const fetched& got, const std::string& alternatives,
                                    std::string& reason);

/// Reports how the keys came (`keys.unreachable` to `keys.status`), likewise.
SSO_DECL bool check_keys_fetch(collector& out, const fetched& got, std::string& reason);

/// Runs `clock.skew` on all responses.
SSO_DECL void check_clock(collector& out, std::initializer_list<const fetched*> all);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/fetch.ipp>
#endif

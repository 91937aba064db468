// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace sso::detail::net {

using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// Every exchange runs on a strand of its own. A connection belongs to one exchange at a time, so that this
/// strand serialises all that touches its socket.
using lane = asio::strand<asio::any_io_executor>;

/// A coroutine on a lane; the concrete executor type saves the inner operations the type erasure.
template <class T>
using task = asio::awaitable<T, lane>;

inline constexpr asio::use_awaitable_t<lane> use_task{};

/// A duration that can be added to a point in time: a year at most.
[[nodiscard]] constexpr clock::duration bounded(clock::duration time) noexcept {
  constexpr clock::duration longest = std::chrono::hours{24 * 365};
  return time < longest ? time : longest;
}

}  // namespace sso::detail::net

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

}  // namespace sso::detail::net

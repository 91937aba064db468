// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

namespace sso::detail::net {

/// Whether Asio reads from a socket the moment it is asked to, if there is something. With io_uring and I/O completion
/// ports the system does, later.
#if defined(BOOST_ASIO_HAS_IOCP) || defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
inline constexpr bool reads_at_once = false;
#else
inline constexpr bool reads_at_once = true;
#endif

using asio::ip::tcp;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// The executor of our sockets and timers: a completion handler without an executor of its own runs on the
/// thread that completed the operation, at once. Such handlers guard what they touch by a mutex, which costs
/// a small part of what a strand does, and leave to the caller's executor what is the caller's.
class io_executor {
public:
  /// `executor` must outlive all copies, and all that is made with one.
  static io_executor on(const asio::any_io_executor& executor) noexcept { return io_executor{&executor}; }

  [[nodiscard]] asio::execution_context& query(asio::execution::context_t) const noexcept {
    return asio::query(*executor_, asio::execution::context);
  }

  /// For handlers that must not run inside the function that begins their operation.
  [[nodiscard]] asio::any_io_executor require(asio::execution::blocking_t::never_t never) const {
    return asio::require(*executor_, never);
  }

  template <class Function>
  void execute(Function&& function) const {
    std::decay_t<Function> own{std::forward<Function>(function)};
    own();
  }

  friend bool operator==(const io_executor& a, const io_executor& b) noexcept {
    return a.executor_ == b.executor_;
  }

private:
  explicit io_executor(const asio::any_io_executor* executor) noexcept : executor_{executor} {}

  const asio::any_io_executor* executor_;
};

using tcp_socket = asio::basic_stream_socket<tcp, io_executor>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, io_executor>;

}  // namespace sso::detail::net

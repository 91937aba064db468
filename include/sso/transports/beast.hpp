// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>
#include <sso/transports/beast_options.hpp>
#include <sso/transports/beast_stats.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>

#include <concepts>
#include <memory>
#include <utility>

namespace sso {
namespace detail::net {
struct environment;
}

/// The default transport: HTTP/1.1 over TLS with kept-alive connections. Models `sso::transport`, including
/// its requirements on `send`.
///
/// TLS verifies the peer's chain and name (RFC 9525) and resumes sessions. Connections are pooled by origin.
/// The most recently used one is leased first; waiting calls are served in order. Idle connections are closed
/// when the pool is next used or destroyed, so no timer and no thread of this class keeps a program running.
/// Name lookups run on Asio's resolver thread. A lookup that outlives its deadline does not delay its caller,
/// but `io_context::run()` returns only after it.
///
/// After `fork()` the child uses no connection and no TLS session of its parent. It closes its copies without
/// sending a byte and opens new ones; the connections of the parent are not affected. No call may be in
/// progress during a fork: the child's copy of the call would read from the parent's connection. Call
/// `notify_fork` of the execution context as documented by Asio.
///
/// A handle: copies share one pool, and exchanges in progress keep alive what they need. The execution
/// context must outlive the last handle and every exchange in progress. If callers run on another event loop,
/// their calls must end before either loop is destroyed.
///
/// Thread safety: handles may be used and copied by several threads at once, on any executor.
class beast_transport {
public:
  /// Reads the trust store and all other files.
  ///
  /// @param executor executor of an `io_context`, `thread_pool` or similar, whose threads do the work
  /// @param options files, limits and proxy
  /// @throws exception with `errc::invalid_argument` if an option breaks a rule; with `errc::tls_failed` if a
  /// file cannot be used or the trust store contains no certificate. The message names the option.
  SSO_DECL explicit beast_transport(asio::any_io_executor executor, beast_options options = {});
  /// @overload
  /// Uses the executor of `context`: an `io_context`, `thread_pool` or similar.
  template <class ExecutionContext>
    requires std::convertible_to<ExecutionContext&, asio::execution_context&>
  explicit beast_transport(ExecutionContext& context, beast_options options = {})
      : beast_transport{asio::any_io_executor{context.get_executor()}, std::move(options)} {}

  /// Performs one exchange; see `sso::transport`.
  ///
  /// Errors: `invalid_argument` (the request must not be sent), `timeout` (naming the phase), `cancelled`,
  /// `connect_failed`, `tls_failed`, `transport_failed`, `incomplete_response`, `protocol_error`,
  /// `response_too_large`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<http::response>> send(const http::request& request,
                                                                      http::limits limits) const;

  /// The current numbers. Closes expired idle connections first.
  [[nodiscard]] SSO_DECL beast_stats stats() const;

private:
  std::shared_ptr<detail::net::environment> shared_;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/transports/impl/beast.ipp>
#endif

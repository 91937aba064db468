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

/// The default transport: HTTP/1.1 over TLS with kept-alive connections. Models `sso::transport`; what that
/// concept says of `send` holds here.
///
/// TLS verifies the peer's chain and its name (RFC 9525) and resumes sessions. Connections are pooled by
/// origin, the most recently used one first, waiting calls first come first served. Idle connections are
/// closed when the pool is next used or destroyed: no timer and no thread of this class keeps a program
/// running. Name lookups run on the thread that Asio keeps for them; a lookup that outlives its deadline
/// delays no caller, but `io_context::run()` returns only after it.
///
/// After `fork()` a child uses no connection and no TLS session of its parent: it closes its copies without sending a byte,
/// and opens its own. The parent's stay as they are. Let no call be in flight when a process forks: the child's copy of the
/// call would read from the parent's connection. The event loop needs `notify_fork`, as Asio says.
///
/// A handle: copies share one pool, and exchanges in flight keep alive what they need. The executor's context
/// must outlive the last handle, and an exchange in flight counts as one, wherever its caller runs: where callers
/// have an event loop of their own, let calls end before either loop is destroyed.
///
/// Thread safety: handles may be used and copied by several threads at once, whatever executor it is.
class beast_transport {
public:
  /// Reads the trust store and all other files.
  ///
  /// @param executor of an `io_context`, `thread_pool` or the like: its context's threads do the work
  /// @param options files, limits and the proxy
  /// @throws exception with `errc::invalid_argument` where an option breaks its rule, with `errc::tls_failed`
  ///   where a file cannot be used or the trust store holds no certificate; the message names the option
  SSO_DECL explicit beast_transport(asio::any_io_executor executor, beast_options options = {});
  /// @overload
  /// On the executor of `context`: an `io_context`, `thread_pool` or the like.
  template <class ExecutionContext>
    requires std::convertible_to<ExecutionContext&, asio::execution_context&>
  explicit beast_transport(ExecutionContext& context, beast_options options = {})
      : beast_transport{asio::any_io_executor{context.get_executor()}, std::move(options)} {}

  /// One exchange; see `sso::transport`.
  ///
  /// Errors: `invalid_argument` (the request may not be sent as it is), `timeout` (naming what was going on),
  /// `cancelled`, `connect_failed`, `tls_failed`, `transport_failed`, `incomplete_response`,
  /// `protocol_error`, `response_too_large`.
  [[nodiscard]] SSO_DECL asio::awaitable<result<http::response>> send(const http::request& request,
                                                                      http::limits limits) const;

  /// How things stand now. Idle connections whose time is over are closed first.
  [[nodiscard]] SSO_DECL beast_stats stats() const;

private:
  std::shared_ptr<detail::net::environment> shared_;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/transports/impl/beast.ipp>
#endif

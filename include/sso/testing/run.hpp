// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace sso::testing {
namespace detail {

template <class T>
asio::awaitable<void> store(asio::awaitable<T> coroutine, std::shared_ptr<std::optional<T>> out) {
  T returned = co_await std::move(coroutine);
  out->emplace(std::move(returned));
}

}  // namespace detail

/// Runs a coroutine on a new event loop, on this thread, until the loop has no more work. Returns the
/// coroutine's result.
///
///     auto connection = sso::testing::run(client.retrieve("acme"));
///
/// Lifetimes: objects referred to by the coroutine must outlive the call.
///
/// Errors: exceptions of the coroutine; `std::logic_error` if the loop runs out of work before the coroutine
/// ends, for example because the coroutine waits for an event that never occurs.
SSO_DECL void run(asio::awaitable<void> coroutine);

/// @overload
template <class T>
T run(asio::awaitable<T> coroutine) {
  const auto out = std::make_shared<std::optional<T>>();
  run(detail::store(std::move(coroutine), out));
  return std::move(**out);
}

/// Runs `io` on this thread until `coroutine`, started on it, has ended. Returns the coroutine's result.
/// Other work of `io` continues meanwhile, and remains for the next run.
///
///     asio::io_context io;
///     sso::testing::loopback_server server{io.get_executor(), handler};
///     auto connection = sso::testing::run(io, client.retrieve("acme"));
///
/// Lifetimes: objects referred to by the coroutine must outlive the call; if it throws, they must outlive
/// `io`.
///
/// Errors: exceptions of the coroutine and of other handlers of `io`; `std::logic_error` if `io` runs out of
/// work or is stopped before the coroutine ends.
SSO_DECL void run(asio::io_context& io, asio::awaitable<void> coroutine);

/// @overload
template <class T>
T run(asio::io_context& io, asio::awaitable<T> coroutine) {
  const auto out = std::make_shared<std::optional<T>>();
  run(io, detail::store(std::move(coroutine), out));
  return std::move(**out);
}

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/run.ipp>
#endif

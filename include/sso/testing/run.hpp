// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sso::testing {
namespace detail {

/// A coroutine started by `run`, and its result.
template <class T>
class started {
public:
  started(asio::io_context& io, asio::awaitable<T> coroutine) : ending_{std::make_shared<ending>()} {
    asio::co_spawn(io, std::move(coroutine), [end = ending_](std::exception_ptr thrown, T returned) {
      end->ended = true;
      end->thrown = thrown;
      if (!thrown) end->value.emplace(std::move(returned));
    });
  }
  [[nodiscard]] bool has_ended() const { return ending_->ended; }
  T get() {
    if (!ending_->ended) {
      throw std::logic_error{"sso::testing::run: the coroutine waits for something that never happens"};
    }
    if (ending_->thrown) std::rethrow_exception(ending_->thrown);
    return std::move(*ending_->value);
  }

private:
  struct ending {
    bool ended = false;
    std::exception_ptr thrown;
    std::optional<T> value;
  };
  std::shared_ptr<ending> ending_;
};

inline asio::awaitable<bool> with_value(asio::awaitable<void> coroutine) {
  co_await std::move(coroutine);
  co_return true;
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
template <class T>
T run(asio::awaitable<T> coroutine) {
  asio::io_context io;
  detail::started<T> call{io, std::move(coroutine)};
  io.run();
  return call.get();
}

/// @overload
inline void run(asio::awaitable<void> coroutine) {
  run(detail::with_value(std::move(coroutine)));
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
template <class T>
T run(asio::io_context& io, asio::awaitable<T> coroutine) {
  if (io.stopped()) io.restart();
  detail::started<T> call{io, std::move(coroutine)};
  while (!call.has_ended() && io.run_one() != 0) {
  }
  return call.get();
}

/// @overload
inline void run(asio::io_context& io, asio::awaitable<void> coroutine) {
  run(io, detail::with_value(std::move(coroutine)));
}

}  // namespace sso::testing

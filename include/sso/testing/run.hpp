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

/// A coroutine started by `run`, and what came of it.
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

/// Runs a coroutine on an event loop of its own, on this thread, until that has no more to do, and returns what the
/// coroutine returns.
///
///     auto connection = sso::testing::run(client.retrieve("acme"));
///
/// Lifetimes: what the coroutine refers to must outlive the call. Errors: what the coroutine throws;
/// `std::logic_error` if the loop ran out of work before the coroutine ended, as it does where a coroutine
/// waits for what nobody is going to do.
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

/// Runs `io` on this thread until `coroutine`, which is started there, has ended, and returns what that returns.
/// Whatever else is under way in `io` goes on meanwhile, and stays there for the next run.
///
///     asio::io_context io;
///     sso::testing::loopback_server server{io.get_executor(), handler};
///     auto connection = sso::testing::run(io, client.retrieve("acme"));
///
/// Lifetimes: what the coroutine refers to must outlive the call or, if that throws, `io`. Errors: what the coroutine
/// throws, and what other handlers of `io` throw; `std::logic_error` if `io` ran out of work or was stopped before the
/// coroutine ended.
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

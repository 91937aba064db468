// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/run.hpp>

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

namespace sso::testing {
namespace detail {

/// A coroutine started by `run`.
class started {
public:
  started(asio::io_context& io, asio::awaitable<void> coroutine) : ending_{std::make_shared<ending>()} {
    asio::co_spawn(io, std::move(coroutine), [end = ending_](std::exception_ptr thrown) {
      end->reached = true;
      end->thrown = thrown;
    });
  }
  [[nodiscard]] bool has_ended() const { return ending_->reached; }
  void check() const {
    if (!ending_->reached) {
      throw std::logic_error{"sso::testing::run: the coroutine waits for something that never happens"};
    }
    if (ending_->thrown) std::rethrow_exception(ending_->thrown);
  }

private:
  struct ending {
    bool reached = false;
    std::exception_ptr thrown;
  };
  std::shared_ptr<ending> ending_;
};

}  // namespace detail

SSO_DECL void run(asio::awaitable<void> coroutine) {
  asio::io_context io;
  const detail::started call{io, std::move(coroutine)};
  io.run();
  call.check();
}

SSO_DECL void run(asio::io_context& io, asio::awaitable<void> coroutine) {
  if (io.stopped()) io.restart();
  const detail::started call{io, std::move(coroutine)};
  while (!call.has_ended() && io.run_one() != 0) {
  }
  call.check();
}

}  // namespace sso::testing

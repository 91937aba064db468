// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <mutex>
#include <random>

namespace sso {

struct system_runtime::generator {
  std::mutex mutex;
  std::mt19937_64 engine;
};

SSO_DECL system_runtime::system_runtime() : generator_{std::make_shared<generator>()} {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
  generator_->engine.seed(seed);
}

SSO_DECL asio::awaitable<void> system_runtime::sleep(std::chrono::steady_clock::duration duration) const {
  asio::steady_timer timer{co_await asio::this_coro::executor, duration};
  co_await timer.async_wait(asio::use_awaitable);
}

SSO_DECL std::uint64_t system_runtime::random() const {
  const std::lock_guard lock{generator_->mutex};
  return generator_->engine();
}

}  // namespace sso

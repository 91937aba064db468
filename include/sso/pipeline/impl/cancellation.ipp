// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/pipeline/cancellation.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace sso::pipeline {

SSO_DECL asio::awaitable<bool> sleep_unless_cancelled(any_runtime& runtime,
                                                      std::chrono::steady_clock::duration wait) {
  const auto before = co_await asio::this_coro::cancellation_state;
  if (is_cancelled(before)) co_return true;
  try {
    co_await runtime.sleep(wait);
  } catch (const boost::system::system_error& stopped) {
    if (stopped.code() != asio::error::operation_aborted) throw;
    co_return true;
  }
  const auto after = co_await asio::this_coro::cancellation_state;
  co_return is_cancelled(after);
}

}  // namespace sso::pipeline

// SPDX-License-Identifier: BSL-1.0
// Callers on an event loop: one coroutine per call in flight. Each makes one call after another.
#pragma once

#include "workload.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <memory>

namespace bench {

/// `Caller` has `call()`, an awaitable that makes one call, and `verify(result)`, which throws if the result is wrong.
template <class Caller>
boost::asio::awaitable<void> call_on(Caller& caller, batch& batch) {
  while (batch.take()) {
    const auto started = now();
    caller.verify(co_await caller.call());
    batch.record(now() - started);
  }
}

/// Runs all calls of `batch`. Throws the exception of the first failed call.
template <class Caller>
void perform(boost::asio::io_context& io, std::vector<Caller>& callers, batch& batch) {
  for (auto& caller : callers) {
    boost::asio::co_spawn(io, call_on(caller, batch), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  io.restart();
  io.run();
}

}  // namespace bench

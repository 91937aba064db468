// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <coroutine>
#include <exception>

namespace sso::detail::net {

/// The body of an exchange: a coroutine that begins at once, is awaited by nobody, and destroys itself at its
/// end. While it is suspended it belongs to the operation it waits for, which resumes it or, when the
/// event loop is destroyed, destroys it. Nothing may leave it by an exception.
struct flow {
  struct promise_type {
    flow get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
  };
};

}  // namespace sso::detail::net

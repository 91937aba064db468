// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace sso::detail::net {

/// The body of an exchange: a coroutine that begins at once, is awaited by nobody, and destroys itself at its
/// end. While it is suspended it belongs to the operation it waits for, which resumes it or, when the
/// event loop is destroyed, destroys it. An exception that leaves it goes to whoever resumed it; before it is
/// suspended for the first time, in the midst of the caller's own suspension, there is nobody to take one.
struct flow {
  struct promise_type {
    flow get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {
      if (escaped == nullptr) std::terminate();
      *escaped = std::current_exception();
    }

    std::exception_ptr* escaped = nullptr;  // of whoever resumed it
  };

  using handle = std::coroutine_handle<promise_type>;
};

/// A flow's handle of its own, to be awaited in the flow.
class own_handle {
public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  bool await_suspend(flow::handle self) noexcept {
    self_ = self;
    return false;
  }
  [[nodiscard]] flow::handle await_resume() const noexcept { return self_; }

private:
  flow::handle self_;
};

/// A part of a flow, written as a coroutine: it begins when it is awaited, what it waits for suspends the whole
/// flow, and its result or exception goes to who awaits it. Destroyed with the flow.
template <class T>
class [[nodiscard]] step {
public:
  class promise_type {
  public:
    step get_return_object() noexcept { return step{handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept { return go_back{}; }
    void return_value(T result) { result_.emplace(std::move(result)); }
    void unhandled_exception() noexcept { thrown_ = std::current_exception(); }

  private:
    friend class step;

    struct go_back {
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        return ended.promise().awaiting_;
      }
      void await_resume() const noexcept {}
    };

    std::coroutine_handle<> awaiting_;
    std::optional<T> result_;
    std::exception_ptr thrown_;
  };

  step(step&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
  ~step() {
    if (frame_) frame_.destroy();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    frame_.promise().awaiting_ = awaiting;
    return frame_;
  }
  T await_resume() {
    auto& ended = frame_.promise();
    if (ended.thrown_) std::rethrow_exception(ended.thrown_);
    return std::move(*ended.result_);
  }

private:
  using handle = std::coroutine_handle<promise_type>;

  explicit step(handle frame) noexcept : frame_{frame} {}

  handle frame_;
};

}  // namespace sso::detail::net

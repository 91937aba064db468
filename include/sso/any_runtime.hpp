// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/runtime.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>

namespace sso {

/// Type-erased `sso::runtime`. Calls are compiled once for all runtimes, at the cost of a virtual call per
/// use.
///
/// A handle: copies share the wrapped runtime. Thread-safe if that runtime is.
class any_runtime {
public:
  /// Wraps a copy of `runtime`.
  // The first condition stops the concept check from recursing into this constructor.
  template <class T>
    requires(!std::same_as<T, any_runtime> && runtime<T>)
  explicit any_runtime(T wrapped) : wrapped_{std::make_shared<model<T>>(std::move(wrapped))} {}

  /// See the concept `sso::runtime`.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return wrapped_->now(); }
  /// See the concept `sso::runtime`.
  [[nodiscard]] std::chrono::system_clock::time_point wall_now() const { return wrapped_->wall_now(); }
  /// See the concept `sso::runtime`.
  asio::awaitable<void> sleep(std::chrono::steady_clock::duration duration) const {
    return wrapped_->sleep(duration);
  }
  /// See the concept `sso::runtime`.
  [[nodiscard]] std::uint64_t random() const { return wrapped_->random(); }

private:
  struct erased {
    virtual ~erased() = default;
    virtual std::chrono::steady_clock::time_point now() = 0;
    virtual std::chrono::system_clock::time_point wall_now() = 0;
    virtual asio::awaitable<void> sleep(std::chrono::steady_clock::duration duration) = 0;
    virtual std::uint64_t random() = 0;
  };

  template <class T>
  struct model final : erased {
    explicit model(T t) : wrapped{std::move(t)} {}
    std::chrono::steady_clock::time_point now() override { return wrapped.now(); }
    std::chrono::system_clock::time_point wall_now() override { return wrapped.wall_now(); }
    asio::awaitable<void> sleep(std::chrono::steady_clock::duration duration) override {
      return wrapped.sleep(duration);
    }
    std::uint64_t random() override { return wrapped.random(); }
    T wrapped;
  };

  std::shared_ptr<erased> wrapped_;
};

}  // namespace sso

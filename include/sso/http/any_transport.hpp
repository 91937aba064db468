// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace sso {

/// Type-erased `sso::transport`, so that a service can store one client type:
/// `keycard::basic_client<any_transport>`. It adds no run-time cost, since clients use it internally.
///
/// A handle: copies share the wrapped transport. Thread-safe if that transport is.
class any_transport {
public:
  /// Wraps a copy of the transport; takes over an rvalue.
  template <class T>
    requires(!std::same_as<std::remove_cvref_t<T>, any_transport> && transport<std::remove_cvref_t<T>>)
  any_transport(T&& wrapped)
      : wrapped_{std::make_shared<model<std::remove_cvref_t<T>>>(std::forward<T>(wrapped))} {}

  /// See `sso::transport`.
  asio::awaitable<result<http::response>> send(const http::request& request, http::limits limits) const {
    return wrapped_->send(request, limits);
  }

private:
  struct erased {
    virtual ~erased() = default;
    virtual asio::awaitable<result<http::response>> send(const http::request& request,
                                                         http::limits limits) = 0;
  };

  template <class T>
  struct model final : erased {
    explicit model(T t) : wrapped{std::move(t)} {}
    asio::awaitable<result<http::response>> send(const http::request& request, http::limits limits) override {
      return wrapped.send(request, limits);
    }
    T wrapped;
  };

  std::shared_ptr<erased> wrapped_;
};

}  // namespace sso

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace sso {

/// Any transport behind one type, so that a service can name and store one type of client:
/// `keycard::basic_client<any_transport>`. That costs nothing more than another type: clients have one inside.
///
/// A handle: copies share the transport within. Thread-safe if that is.
class any_transport {
public:
  /// Takes a copy of the transport, or the transport itself.
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

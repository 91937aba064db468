// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/any_runtime.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/credentials.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace sso::pipeline {

struct call;
struct client_resources;
struct settings;
struct vendor;
class token_refresher;

/// Performs the calls of a client and owns its state: settings, transport, token and retry budget. Not a
/// template, so it is compiled once for all clients.
///
/// A handle: copies share the state. A call in progress keeps the state alive. Thread-safe.
class client_core {
public:
  /// Throws `exception` with `errc::invalid_argument` naming the invalid option.
  SSO_DECL client_core(const vendor& vendor, any_transport transport, any_runtime runtime,
                       credentials credentials, client_options options);

  [[nodiscard]] SSO_DECL const pipeline::settings& settings() const noexcept;
  [[nodiscard]] SSO_DECL any_runtime& runtime() const noexcept;

  /// Performs the call and decodes its response. If `prepared` is an error, completes with it. Defined in
  /// `impl/client_core.ipp`, which the vendors' clients include.
  template <class T>
  [[nodiscard]] asio::awaitable<result<response<T>>> perform(result<std::unique_ptr<call>> prepared,
                                                             const call_options& options) const;

private:
  struct state;

  template <class T>
  static asio::awaitable<result<response<T>>> run(std::shared_ptr<state> self, std::unique_ptr<call> call);
  static asio::awaitable<void> send(client_resources& client, token_refresher& tokens, call& call);
  template <class T>
  static asio::awaitable<result<response<T>>> refuse(error refused);

  std::shared_ptr<state> state_;
};

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/pipeline/impl/client_core.ipp>
#endif

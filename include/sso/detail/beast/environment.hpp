// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/deadlines.hpp>
#include <sso/detail/beast/pool.hpp>
#include <sso/detail/beast/proxy.hpp>
#include <sso/detail/beast/resolve.hpp>
#include <sso/detail/beast/sessions.hpp>
#include <sso/detail/beast/tls_context.hpp>
#include <sso/detail/duration.hpp>
#include <sso/transports/beast_options.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace sso::detail::net {

/// State shared by all exchanges of a transport. Each member is constant or thread-safe.
struct environment {
  environment(asio::any_io_executor where, const beast_options& options)
      : executor{std::move(where)},
        connect_timeout{clamp_duration(options.connect_timeout)},
        plain_http_anywhere{options.dangerously_allow_plain_http},
        allow_address{options.allow_address},
        tls{options.tls},
        proxies{options},
        connections{options.pool},
        resolver{std::make_shared<net::resolver>(executor)},
        deadlines{std::make_shared<net::deadlines>(executor)} {}

  asio::any_io_executor executor;
  clock::duration connect_timeout;
  bool plain_http_anywhere;
  std::function<bool(const asio::ip::address&)> allow_address;
  tls_context tls;
  proxy_rules proxies;
  pool connections;
  std::shared_ptr<net::resolver> resolver;
  std::shared_ptr<net::deadlines> deadlines;
  std::shared_ptr<sessions> tls_sessions = std::make_shared<sessions>();
};

}  // namespace sso::detail::net

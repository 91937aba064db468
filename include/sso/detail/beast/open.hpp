// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connect.hpp>
#include <sso/detail/beast/environment.hpp>
#include <sso/detail/beast/handshake.hpp>
#include <sso/detail/beast/phase.hpp>
#include <sso/detail/beast/tunnel.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sso::detail::net {

/// The inputs of `open`. All must outlive it.
struct opening {
  environment& env;
  const http::origin& where;
  deadline& limit;
  phase& current;  // kept up to date, for the error
};

/// Removes the addresses that `allow_address` refuses. An error if none is left.
[[nodiscard]] inline std::optional<error> keep_allowed(const environment& env, const http::origin& target,
                                                       std::vector<tcp::endpoint>& endpoints) {
  if (!env.allow_address) return std::nullopt;
  auto refused = endpoints.end();
  try {
    refused = std::stable_partition(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
      return env.allow_address(endpoint.address());
    });
  } catch (...) {
    return error{errc::connect_failed, outcome::not_sent,
                 "allow_address threw an exception when asked about " + http::to_string(target)};
  }
  std::string names;
  for (auto at = refused; at != endpoints.end(); ++at) {
    names += (names.empty() ? "" : ", ") + at->address().to_string();
  }
  endpoints.erase(refused, endpoints.end());
  if (!endpoints.empty()) return std::nullopt;
  return error{errc::connect_failed, outcome::not_sent,
               "allow_address refuses " + names + ", the address of " + http::to_string(target),
               make_error_code(boost::system::errc::permission_denied)};
}

/// Name look-up and TCP.
inline asio::awaitable<std::optional<error>> connect(opening o, connection& fresh,
                                                     const http::origin& target) {
  o.current = phase::resolving;
  auto found = co_await o.env.resolver->resolve(target.host, target.port, o.limit);
  if (found.endpoints.empty()) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    "the name '" + target.host + "' does not resolve: " + found.failed.message(),
                    found.failed};
  }
  if (auto refused = keep_allowed(o.env, target, found.endpoints)) co_return refused;
  o.current = phase::connecting;
  const auto race = std::make_shared<connection_race>(o.env.executor, found.endpoints);
  {
    const connection_race::running attempts{*race};
    const deadline::guard guard{o.limit, *race};
    co_await race->async_wait(no_frame);
  }
  if (const auto failed = race->move_winner_to(fresh.socket)) {
    co_return error{errc::connect_failed, outcome::not_sent,
                    "cannot connect to " + http::to_string(target) + ": " + race->failures(), failed};
  }
  error_code ignored;
  fresh.socket.set_option(tcp::no_delay{true}, ignored);
  fresh.socket.non_blocking(true, ignored);
  co_return std::nullopt;
}

/// Opens a connection: name look-up, TCP, the proxy's tunnel, TLS. A cancellation or a passed deadline is an
/// error here as well; `exchange` tells which it was.
inline asio::awaitable<result<std::unique_ptr<connection>>> open(opening o) {
  const auto route = o.env.proxies.route_to(o.where);
  if (route.unusable) co_return *route.unusable;
  auto fresh = std::make_unique<connection>(o.env.executor);
  auto failed = co_await connect(o, *fresh, route.proxy ? *route.proxy : o.where);
  if (failed) co_return *failed;
  const deadline::guard guard{o.limit, *fresh};
  if (route.proxy) {
    o.current = phase::tunnelling;
    failed = co_await open_tunnel(*fresh, o.env.proxies.connect_text(o.where), *route.proxy, o.where);
    if (failed) co_return *failed;
  }
  if (o.where.scheme == "https") {
    o.current = phase::handshaking;
    failed = co_await handshake(*fresh, o.env, o.where);
    if (failed) co_return *failed;
  }
  fresh->opened = clock::now();
  co_return fresh;
}

}  // namespace sso::detail::net

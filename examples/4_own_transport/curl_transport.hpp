// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/transport.hpp>

#include <memory>
#include <string>

/// A transport over libcurl, for a service that configures its proxies, certificates or HTTP/2 there.
///
/// All exchanges run on one thread of the transport, with curl's "multi" interface. A handle; copies share thread and
/// connections. Models `sso::transport`; main.cpp tests it with `check_transport`.
class curl_transport {
public:
  /// `ca_pem`: the authorities to trust, in PEM; empty: those that curl trusts.
  explicit curl_transport(std::string ca_pem = {});

  /// See `sso::transport`.
  [[nodiscard]] boost::asio::awaitable<sso::result<sso::http::response>>
  send(const sso::http::request& request, sso::http::limits limits) const;

private:
  class loop;
  struct exchange;

  static boost::asio::awaitable<sso::result<sso::http::response>>
  perform(std::shared_ptr<loop> self, const sso::http::request& request, sso::http::limits limits);

  std::shared_ptr<loop> loop_;
};

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>
#include <sso/detail/beast/environment.hpp>
#include <sso/detail/beast/tls_failure.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/x509v3.h>

#include <optional>
#include <string>

namespace sso::detail::net {

/// Sets SNI and the name that the certificate must have (RFC 9525: the subject's common name does not count).
[[nodiscard]] inline bool expect_name(SSL* ssl, const std::string& host) {
  auto* const rules = SSL_get0_param(ssl);
  error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  std::string name = host;
  if (name.ends_with('.')) name.pop_back();
  X509_VERIFY_PARAM_set_hostflags(rules,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return !name.empty() && X509_VERIFY_PARAM_set1_host(rules, name.c_str(), name.size()) == 1 &&
         SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

/// Performs the TLS handshake with `where`. Bytes of a response that come with its end stay in the engine.
inline asio::awaitable<std::optional<error>> handshake(connection& fresh, const environment& env,
                                                       const http::origin& where) {
  fresh.tls.emplace(env.tls.get(), env.tls.buffers(), fresh.outgoing);
  auto* const ssl = fresh.tls->get();
  if (!expect_name(ssl, where.host)) {
    co_return error{errc::invalid_argument, outcome::not_sent,
                    "origin.host '" + where.host + "' cannot be verified in TLS"};
  }
  fresh.resumption.owner = env.tls_sessions;
  fresh.resumption.key = http::to_string(where);
  sessions::attach(ssl, fresh.resumption);
  for (;;) {
    const auto state = fresh.tls->handshake();
    const bool unfinished = is_would_block(state);
    const bool refused = state && !unfinished;
    if (refused) {
      (void)fresh.flush();  // the alert
      co_return handshake_error(ssl, state, where, env.tls);
    }
    const auto broken = co_await flush_all(fresh);
    if (broken) co_return handshake_error(ssl, broken, where, env.tls);
    if (!unfinished) co_return std::nullopt;
    const auto [ended, n] = co_await fresh.socket.async_read_some(fresh.room(), no_frame);
    fresh.commit(n);
    if (ended) co_return handshake_error(ssl, ended, where, env.tls);
  }
}

}  // namespace sso::detail::net

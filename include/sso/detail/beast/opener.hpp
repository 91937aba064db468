// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connect.hpp>
#include <sso/detail/beast/environment.hpp>
#include <sso/detail/beast/phase.hpp>
#include <sso/detail/beast/response_parser.hpp>
#include <sso/detail/beast/tls_failure.hpp>

#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string>

namespace sso::detail::net {

/// Opens one connection: addresses, TCP, the proxy's tunnel, TLS. Lives and runs inside an exchange.
class opener {
public:
  /// All arguments must outlive the opener; `now` is kept up to date with what it does.
  opener(environment& env, const std::shared_ptr<supervisor>& watched, const http::origin& where, phase& now)
      : env_{env}, supervisor_{watched}, origin_{where}, now_{now} {}

  /// The error that prevented it, if any. After an interruption what is returned says nothing.
  step<std::optional<error>> open(connection& fresh) {
    const auto* const proxy = env_.proxies.find(origin_);
    auto failed = co_await connect(fresh, proxy != nullptr ? *proxy : origin_);
    if (failed) co_return failed;
    supervisor_->use(fresh);
    if (proxy != nullptr) {
      failed = co_await tunnel(fresh, *proxy);
      if (failed) co_return failed;
    }
    if (origin_.scheme == "https") {
      failed = co_await handshake(fresh);
      if (failed) co_return failed;
    }
    fresh.opened = clock::now();
    co_return std::nullopt;
  }

private:
  step<std::optional<error>> connect(connection& fresh, const http::origin& target) {
    now_ = phase::resolving;
    auto found = co_await env_.names->resolve(supervisor_, target.host, target.port);
    if (found.endpoints.empty()) {
      co_return error{errc::connect_failed, outcome::not_sent,
                      "the name '" + target.host + "' does not resolve: " + found.failed.message(),
                      found.failed};
    }
    now_ = phase::connecting;
    auto order = interleaved(found.endpoints);
    const auto race = std::make_shared<connection_race>(env_.io, supervisor_);
    const auto failed = co_await race->run(std::move(order), fresh.socket);
    if (failed) {
      co_return error{errc::connect_failed, outcome::not_sent,
                      "cannot connect to " + http::to_string(target) + ": " + race->failures(), failed};
    }
    error_code ignored;
    fresh.socket.set_option(tcp::no_delay{true}, ignored);
    fresh.socket.non_blocking(true, ignored);
    co_return std::nullopt;
  }

  step<std::optional<error>> tunnel(connection& fresh, const http::origin& proxy) {
    now_ = phase::tunnelling;
    const auto where = "the proxy " + http::to_string(proxy);
    auto text = env_.proxies.connect_text(origin_);
    fresh.outgoing.append(text);
    wipe(text);
    auto failed = supervisor_->flush();
    if (is_would_block(failed)) failed = co_await rest_sent();
    fresh.forget_request();
    http::limits limits;
    limits.body_bytes = 0;
    response_parser parser{true, limits};  // what follows a CONNECT's header section is the tunnel's
    while (!failed && parser.state() == response_parser::status::more) {
      failed = co_await supervisor_->read();
      fresh.received.consume(parser.consume(fresh.received.bytes()));
    }
    if (failed) {
      co_return error{errc::connect_failed, outcome::not_sent,
                      where + " broke the connection off: " + failed.message(), failed};
    }
    if (parser.state() == response_parser::status::failed) {
      co_return error{errc::protocol_error, outcome::not_sent,
                      where + " did not answer CONNECT in HTTP: " + parser.fault().why, parser.fault().cause};
    }
    const auto status = parser.take().status;
    if (status == 407) {
      co_return error{errc::connect_failed, outcome::not_sent,
                      where + " wants (other) credentials: 407 to CONNECT; see proxy.credentials",
                      make_error_code(boost::system::errc::permission_denied)};
    }
    if (status / 100 != 2) {
      co_return error{errc::connect_failed, outcome::not_sent,
                      where + " opened no tunnel to " + http::host_header(origin_) + ": " +
                          std::to_string(status) + " to CONNECT",
                      asio::error::connection_refused};
    }
    if (!fresh.received.empty()) {
      co_return error{errc::protocol_error, outcome::not_sent,
                      where + " sent bytes into the tunnel of its own"};
    }
    co_return std::nullopt;
  }

  step<std::optional<error>> handshake(connection& fresh) {
    now_ = phase::handshaking;
    fresh.tls.emplace(env_.tls.get(), env_.tls.buffers(), fresh.outgoing);
    auto* const ssl = fresh.tls->get();
    if (!expect_name(ssl)) {
      co_return error{errc::invalid_argument, outcome::not_sent,
                      "origin.host '" + origin_.host + "' cannot be verified in TLS"};
    }
    fresh.resumption.owner = env_.tls_sessions;
    fresh.resumption.key = http::to_string(origin_);
    sessions::attach(ssl, fresh.resumption);
    for (;;) {
      auto failed = fresh.tls->handshake();
      const bool unfinished = is_would_block(failed);
      auto broken = supervisor_->flush();  // what tells the peer of a failure goes out as well
      if (is_would_block(broken) && (unfinished || !failed)) broken = co_await rest_sent();
      if (!unfinished && !failed && !broken) co_return std::nullopt;
      if (unfinished && !broken) {
        failed = co_await supervisor_->read();
        if (!failed) continue;
      }
      co_return handshake_error(ssl, failed && !is_would_block(failed) ? failed : broken, origin_, env_.tls);
    }
  }

  /// Waits until all that `flush` left has been sent.
  step<error_code> rest_sent() {
    error_code failed;
    do {
      failed = co_await supervisor_->writable();
      if (!failed) failed = supervisor_->flush();
    } while (is_would_block(failed));
    co_return failed;
  }

  /// Sets the name that the certificate has to be for (RFC 9525: a subject's common name is none), and SNI.
  [[nodiscard]] bool expect_name(SSL* ssl) const {
    auto* const rules = SSL_get0_param(ssl);
    error_code not_an_address;
    asio::ip::make_address(origin_.host, not_an_address);
    if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(rules, origin_.host.c_str()) == 1;
    std::string name = origin_.host;
    if (name.ends_with('.')) name.pop_back();
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return !name.empty() && X509_VERIFY_PARAM_set1_host(rules, name.c_str(), name.size()) == 1 &&
           SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
  }

  environment& env_;
  const std::shared_ptr<supervisor>& supervisor_;
  const http::origin& origin_;
  phase& now_;
};

}  // namespace sso::detail::net

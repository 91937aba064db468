// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/io.hpp>
#include <sso/detail/beast/tls_context.hpp>
#include <sso/error.hpp>
#include <sso/http/origin.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <string>

namespace sso::detail::net {

/// Whether the peer ended the connection with a TLS alert, e.g. because it requires a client certificate.
/// With TLS 1.3 the alert may come after our side of the handshake is complete.
[[nodiscard]] inline bool is_tls_alert(error_code failed) noexcept {
  constexpr int first_alert = 1000;  // SSL_AD_REASON_OFFSET: reasons above it are alert numbers
  constexpr int last_alert = first_alert + 255;
  if (failed.category() != asio::error::get_ssl_category()) return false;
  const auto reason = ERR_GET_REASON(static_cast<unsigned long>(failed.value()));
  return reason > first_alert && reason <= last_alert;
}

/// The error of a failed handshake, in words that an operator can act on.
[[nodiscard]] inline error handshake_error(SSL* ssl, error_code failed, const http::origin& where,
                                           const tls_context& tls) {
  std::string what = "TLS with " + http::to_string(where) + ": ";
  const auto verified = SSL_get_verify_result(ssl);
  const bool ended = failed == asio::error::eof || failed == asio::ssl::error::stream_truncated ||
                     failed == asio::error::connection_reset || failed == asio::error::broken_pipe;
  if (tls.verifies() && verified != X509_V_OK) {
    what += "certificate refused: ";
    what += X509_verify_cert_error_string(verified);
    if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
      what += ", it is not for '" + where.host + "'";
    }
    if (verified == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY) {
      what += ", its authority is not trusted or the server leaves out an intermediate certificate";
    }
    what += " (trusted: " + tls.trust() + ")";
  } else if (ended) {
    what += "the peer closed the connection during the handshake";
  } else {
    what += failed.message();
  }
  return error{errc::tls_failed, outcome::not_sent, what, failed};
}

}  // namespace sso::detail::net

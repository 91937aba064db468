// SPDX-License-Identifier: BSL-1.0
#include "exit_code.hpp"

namespace ssoctl {

int exit_code_of(const sso::error& failed) {
  if (failed.unsettled()) return exit_maybe_executed;
  switch (static_cast<sso::errc>(failed.code().value())) {
  case sso::errc::invalid_argument: return exit_usage;
  case sso::errc::credentials_rejected:
  case sso::errc::unauthorized:
  case sso::errc::forbidden: return exit_credentials;
  case sso::errc::not_found: return exit_not_found;
  case sso::errc::bad_request:
  case sso::errc::conflict:
  case sso::errc::unprocessable: return exit_refused;
  case sso::errc::rate_limited:
  case sso::errc::server_error: return exit_temporary;
  case sso::errc::timeout:
    // `wait_until_verified` sets the server's message when its timeout expires.
    return failed.server_message().empty() ? exit_network : exit_not_verified;
  case sso::errc::connect_failed:
  case sso::errc::tls_failed:
  case sso::errc::transport_failed:
  case sso::errc::incomplete_response: return exit_network;
  case sso::errc::cancelled:
  case sso::errc::protocol_error:
  case sso::errc::response_too_large:
  case sso::errc::decode_failed:
  case sso::errc::unexpected_status: return exit_other;
  }
  return exit_other;
}

}  // namespace ssoctl

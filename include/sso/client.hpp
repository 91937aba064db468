// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// Both vendors over the default transport: the one include of most programs.

#include <sso/http/public_address.hpp>
#include <sso/keycard.hpp>
#include <sso/transports/beast.hpp>
#include <sso/truto.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <utility>

namespace sso::keycard {

/// Keycard over HTTPS.
using client = basic_client<beast_transport>;

}  // namespace sso::keycard

namespace sso::truto {

/// Truto over HTTPS.
using client = basic_client<beast_transport>;

}  // namespace sso::truto

namespace sso {

/// A transport for the doctor (`<sso/doctor.hpp>`), whose URLs somebody else chose: it connects to public addresses alone
/// (`is_public_address`), with the system's trust store, without proxy and without a client certificate.
///
/// Throws `sso::exception` with `errc::tls_failed` or `errc::invalid_argument` where `beast_transport` does.
[[nodiscard]] inline beast_transport doctor_transport(asio::any_io_executor executor) {
  beast_options options;
  options.allow_address = [](const asio::ip::address& address) { return is_public_address(address); };
  return beast_transport{std::move(executor), std::move(options)};
}

}  // namespace sso

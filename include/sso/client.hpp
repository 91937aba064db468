// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// Both clients over the default transport. Most programs include only this header.

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

/// A transport for the doctor (`<sso/doctor.hpp>`), which fetches URLs from untrusted sources. It connects
/// only to public addresses (`is_public_address`), with the system's trust store, without proxy and without
/// client certificate.
///
/// Throws `sso::exception` with `errc::invalid_argument` or `errc::tls_failed` under the same conditions as
/// the constructor of `beast_transport`.
[[nodiscard]] inline beast_transport doctor_transport(asio::any_io_executor executor) {
  beast_options options;
  options.allow_address = [](const asio::ip::address& address) { return is_public_address(address); };
  return beast_transport{std::move(executor), std::move(options)};
}

}  // namespace sso

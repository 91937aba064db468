// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

/// Fakes of the vendors, so that every example runs without an account: those of the testing kit, each over TLS on a port
/// of loopback, with a certificate made for this run.
namespace stand_in {

namespace asio = boost::asio;

/// A Keycard with the organization `acme`, which has no SSO yet.
class keycard {
public:
  keycard();

  /// A client of the fake, made as for the real service.
  [[nodiscard]] sso::keycard::client client(asio::any_io_executor executor,
                                            sso::client_options options = {}) const;
  /// A handle to the fake, to prepare it.
  [[nodiscard]] sso::testing::fake_keycard backend() const { return backend_; }
  [[nodiscard]] const sso::testing::loopback_server& server() const { return server_; }

private:
  sso::testing::fake_keycard backend_;
  sso::testing::loopback_server server_;
};

/// A Truto with one connection, `fake_truto::example_id`.
class truto {
public:
  truto();

  [[nodiscard]] sso::truto::client client(asio::any_io_executor executor,
                                          sso::client_options options = {}) const;
  [[nodiscard]] sso::testing::fake_truto backend() const { return backend_; }

private:
  sso::testing::fake_truto backend_;
  sso::testing::loopback_server server_;
};

/// Runs a coroutine to its end on `io`; throws what it throws.
void run(asio::io_context& io, asio::awaitable<void> coroutine);

}  // namespace stand_in

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/client.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/loopback_server.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

/// The testing kit's fakes of the vendors, so that the examples run without an account. Each serves TLS on a loopback
/// port, with a certificate made at run time.
namespace stand_in {

namespace asio = boost::asio;

/// A fake Keycard with the organization `acme`, without SSO.
class keycard {
public:
  keycard();

  /// A client of the fake, made like one of the real service.
  [[nodiscard]] sso::keycard::client client(asio::any_io_executor executor,
                                            sso::client_options options = {}) const;
  /// A handle to prepare the fake.
  [[nodiscard]] sso::testing::fake_keycard backend() const { return backend_; }
  [[nodiscard]] const sso::testing::loopback_server& server() const { return server_; }

private:
  sso::testing::fake_keycard backend_;
  sso::testing::loopback_server server_;
};

/// A fake Truto with one connection, `fake_truto::example_id`.
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

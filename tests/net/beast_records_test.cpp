// SPDX-License-Identifier: BSL-1.0
// TLS records: partial records at critical moments, and empty records.
#include "beast_fixture.hpp"
#include "record_server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

using namespace net_test;
using sso::errc;
using sso::outcome;

namespace {

/// Responds to each request of a connection.
asio::awaitable<void> respond_to_all(record_peer& peer, std::string body) {
  for (;;) {
    const auto request = co_await peer.read_request();
    if (request.empty()) co_return;
    co_await peer.send(peer.sealed(ok(body)));
  }
}

asio::awaitable<void> begin(record_peer& peer) {
  co_await peer.handshake();
  co_await peer.send(peer.taken());
}

http::request ask(bool replayable, const http::origin& where) {
  return replayable ? get(where) : post(where, "");
}

}  // namespace

TEST_CASE("a partial TLS record after a response is not used as the start of the next response") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const bool replayable : {true, false}) {
      for (const std::size_t cut : {1u, 4u, 5u, 6u, 21u, 60u}) {
        for (const bool later : {false, true}) {
          CAPTURE(version, replayable, cut, later);
          std::promise<void> response_received;
          std::promise<void> cut_sent;
          record_server server{version, [&](record_peer& peer, std::size_t number) -> asio::awaitable<void> {
                                 co_await begin(peer);
                                 if (number != 0) co_return co_await respond_to_all(peer, "right");
                                 co_await peer.read_request();
                                 auto first = peer.sealed(ok("first"));
                                 const auto wrong =
                                     peer.sealed(ok("wrong, and long enough for every cut of it"));
                                 if (later) {
                                   co_await peer.send(first);
                                   response_received.get_future().wait();
                                   first.clear();
                                 }
                                 co_await peer.send(first + wrong.substr(0, cut));
                                 cut_sent.set_value();
                                 const auto more = co_await peer.read_request();
                                 if (more.empty()) co_return;
                                 co_await peer.send(wrong.substr(cut));
                                 co_await respond_to_all(peer, "late");
                               }};
          sso::testing::fault_server neighbour{always(ok(""))};
          client c{server.ca_pem()};
          const auto first = c.send(ask(replayable, server.origin()));
          REQUIRE(first);
          CHECK(first->body == "first");
          response_received.set_value();
          cut_sent.get_future().wait();
          let_bytes_arrive(neighbour);
          const auto second = c.send(ask(replayable, server.origin()));
          REQUIRE(second);
          CHECK(second->body == "right");
          CHECK(c.transport.stats().opened == 2);
        }
      }
    }
  }
}

TEST_CASE("an idle connection with many queued empty TLS records is closed before the next request") {
  std::promise<void> flooded;
  record_server server{TLS1_3_VERSION, [&](record_peer& peer, std::size_t number) -> asio::awaitable<void> {
                         co_await begin(peer);
                         if (number != 0) co_return co_await respond_to_all(peer, "fine");
                         co_await peer.read_request();
                         std::string records = peer.sealed(ok("fine"));
                         while (records.size() < 100'000) {
                           SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
                           SSL_do_handshake(peer.ssl());
                           records += peer.taken();
                         }
                         try {
                           co_await peer.send(records);
                         } catch (const boost::system::system_error&) {
                           // The client closes once it has the response and half a record.
                         }
                         flooded.set_value();
                         co_await respond_to_all(peer, "behind them");
                       }};
  sso::testing::fault_server neighbour{always(ok(""))};
  client c{server.ca_pem()};
  REQUIRE(c.send(post(server.origin(), "")));
  flooded.get_future().wait();
  let_bytes_arrive(neighbour);
  const auto r = c.send(post(server.origin(), ""));
  REQUIRE(r);
  CHECK(r->body == "fine");
  CHECK(c.transport.stats().opened == 2);
}

TEST_CASE("a TLS key update or session ticket after a response does not close the connection") {
  std::promise<void> sent;
  record_server server{TLS1_3_VERSION, [&](record_peer& peer, std::size_t) -> asio::awaitable<void> {
                         co_await begin(peer);
                         co_await peer.read_request();
                         std::string records = peer.sealed(ok("fine"));
                         SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED);
                         SSL_do_handshake(peer.ssl());
                         SSL_new_session_ticket(peer.ssl());
                         SSL_do_handshake(peer.ssl());
                         co_await peer.send(records + peer.taken());
                         sent.set_value();
                         co_await respond_to_all(peer, "again");
                       }};
  sso::testing::fault_server neighbour{always(ok(""))};
  client c{server.ca_pem()};
  REQUIRE(c.send(get(server.origin())));
  sent.get_future().wait();
  let_bytes_arrive(neighbour);
  for (const bool replayable : {true, false}) {
    const auto r = c.send(ask(replayable, server.origin()));
    REQUIRE(r);
    CHECK(r->body == "again");
  }
  CHECK(c.transport.stats().opened == 1);
}

TEST_CASE("a response in the packet that ends the TLS handshake is read") {
  for (const bool replayable : {true, false}) {
    CAPTURE(replayable);
    record_server server{TLS1_2_VERSION, [](record_peer& peer, std::size_t) -> asio::awaitable<void> {
                           co_await peer.handshake();
                           co_await peer.send(
                               peer.sealed("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nConnection: close\r\n"
                                           "Content-Length: 0\r\n\r\n"));
                           for (std::size_t n = 1; n != 0;) n = co_await peer.receive();
                         }};
    client c{server.ca_pem()};
    const auto r = c.send(ask(replayable, server.origin()));
    REQUIRE(r);
    CHECK(r->status == 503);
    CHECK(r->headers.get("Retry-After") == "1");
    CHECK(c.transport.stats().open == 0);
  }
}

TEST_CASE("a TLS renegotiation request is refused at once") {
  record_server server{TLS1_2_VERSION, [](record_peer& peer, std::size_t) -> asio::awaitable<void> {
                         co_await begin(peer);
                         co_await peer.read_request();
                         SSL_renegotiate(peer.ssl());
                         SSL_do_handshake(peer.ssl());
                         co_await peer.send(peer.taken());
                         const auto alert = co_await peer.receive();
                         if (alert == 0) co_return;
                         co_await peer.send(peer.sealed(ok("without")));
                       }};
  client c{server.ca_pem()};
  const auto r = c.send(get(server.origin()));
  REQUIRE(r);
  CHECK(r->body == "without");
}

TEST_CASE("a request whose deadline passed while the loop was busy is not sent") {
  std::atomic<int> requests = 0;
  sso::testing::fault_server server{[&](sso::testing::fault_peer& peer) -> asio::awaitable<void> {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      ++requests;
      co_await peer.write(ok(""));
    }
  }};
  client c{server.ca_pem()};
  REQUIRE(c.send(post(server.origin(), "x")));
  const auto r = c.send(post(server.origin(), "x"), within(1ns));
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::timeout);
  CHECK(r.error().outcome() == outcome::not_sent);
  REQUIRE(c.send(post(server.origin(), "x")));
  CHECK(requests == 2);
}

TEST_CASE("a request whose deadline passed while the loop was busy is not sent on a new connection") {
  std::promise<void> finish;
  std::atomic<bool> asked = false;
  record_server server{TLS1_2_VERSION, [&](record_peer& peer, std::size_t) -> asio::awaitable<void> {
                         co_await peer.handshake();
                         finish.get_future().wait();
                         co_await peer.send(peer.taken());
                         const auto request_text = co_await peer.read_request();
                         asked = !request_text.empty();
                       }};
  sso::testing::fault_server neighbour{always(ok(""))};
  client c{server.ca_pem()};
  std::optional<exchange_result> ended;
  const auto request = post(server.origin(), "x");
  const auto due = std::chrono::steady_clock::now() + 500ms;
  asio::co_spawn(c.io, c.transport.send(request, within(500ms)),
                 [&](std::exception_ptr, exchange_result r) { ended = std::move(r); });
  c.io.restart();
  for (int idle = 0; idle < 3;)
    idle = c.io.run_one_for(5ms) == 0 ? idle + 1 : 0;  // until the handshake waits
  finish.set_value();
  let_bytes_arrive(neighbour);
  std::this_thread::sleep_until(due);
  c.run_until([&] { return ended.has_value(); });
  REQUIRE_FALSE(*ended);
  CHECK(ended->error().code() == errc::timeout);
  CHECK(ended->error().outcome() == outcome::not_sent);
  let_bytes_arrive(neighbour);
  CHECK_FALSE(asked);
}

TEST_CASE("a connection closed by the server is not pooled for any result of the call") {
  std::promise<void> closed;
  record_server server{TLS1_3_VERSION, [&](record_peer& peer, std::size_t number) -> asio::awaitable<void> {
                         co_await begin(peer);
                         if (number != 0) co_return co_await respond_to_all(peer, "fine");
                         co_await peer.read_request();
                         co_await peer.send(peer.sealed(ok("fine")));
                         SSL_shutdown(peer.ssl());
                         co_await peer.send(peer.taken());
                         closed.set_value();
                         co_await peer.read_request();
                       }};
  sso::testing::fault_server neighbour{always(ok(""))};
  sso::beast_options options;
  options.pool.per_origin = 1;
  client c{server.ca_pem(), options};
  asio::cancellation_signal signal;
  int ended = 0;
  const auto request = get(server.origin());
  asio::co_spawn(c.io, c.transport.send(request, {}), [&](std::exception_ptr, const exchange_result&) {
    ++ended;
    closed.get_future().wait();
    let_bytes_arrive(neighbour);
    signal.emit(asio::cancellation_type::terminal);  // the second call has just got the lease
  });
  asio::co_spawn(c.io, c.transport.send(request, {}),
                 asio::bind_cancellation_slot(signal.slot(),
                                              [&](std::exception_ptr, const exchange_result&) { ++ended; }));
  c.run_until([&] { return ended == 2; });
  CHECK(c.transport.stats().open == 0);
  const auto r = c.send(post(server.origin(), "x"));
  REQUIRE(r);
  CHECK(r->body == "fine");
}

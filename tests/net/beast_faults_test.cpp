// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_peer;
using sso::testing::fault_server;

// A TLS server that fails at every byte of its response, in every way.

namespace {

constexpr const char* with_length = "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* in_chunks =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: u\r\n\r\n";
constexpr const char* no_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
constexpr const char* behind_interim =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* without_body = "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n";
constexpr const char* without_reason = "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello";
constexpr const char* without_length = "HTTP/1.1 200 OK\r\nX-A: b\r\n\r\nhello";

/// The part of `text` that the server sends, and the way the connection ends.
struct cut {
  std::string text;
  std::size_t bytes;
  ending how;
};

std::string in_words(const cut& row) {
  constexpr std::array<const char*, 3> endings{"orderly", "abrupt", "reset"};
  return std::to_string(row.bytes) + " bytes of " + row.text + ", " +
         endings[static_cast<std::size_t>(row.how)];
}

std::vector<cut> every_cut(const std::vector<std::string>& texts) {
  std::vector<cut> out;
  for (const auto& text : texts) {
    for (const auto how : {ending::orderly, ending::abrupt, ending::reset}) {
      for (std::size_t bytes = 0; bytes <= text.size(); ++bytes) out.push_back({text, bytes, how});
    }
  }
  return out;
}

/// The valid results for a response truncated like that. Without a length, an orderly close anywhere in the body ends
/// the response.
void check_cut(const exchange_result& r, const cut& row) {
  const bool has_end = row.text != without_length;
  const auto head = row.text.find("\r\n\r\n") + 4;
  const bool whole = has_end ? row.bytes == row.text.size() : row.bytes >= head && row.how == ending::orderly;
  if (whole) {
    if (!r) FAIL(r.error().message());
    CHECK(r->status == (row.text == without_body ? 204 : 200));
    const std::string body = row.text == without_body || row.text == no_chunk ? "" : "hello";
    CHECK(r->body == (has_end ? body : row.text.substr(head, row.bytes - head)));
    return;
  }
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == (row.bytes == 0 ? errc::transport_failed : errc::incomplete_response));
  CHECK(r.error().outcome() == outcome::maybe_executed);
}

const std::vector<std::string> all_texts{with_length,  in_chunks,      no_chunk,      behind_interim,
                                         without_body, without_reason, without_length};

}  // namespace

TEST_CASE("a new connection that ends after any byte of a response gives an error or the whole response") {
  const auto rows = every_cut(all_texts);
  fault_server server{[&rows](fault_peer& peer) -> asio::awaitable<void> {
    const auto& row = rows.at(peer.number());
    co_await peer.read_request();
    co_await peer.write(row.text.substr(0, row.bytes));
    peer.end(row.how);
  }};
  sso::beast_options options;
  options.pool.idle_timeout = 0s;
  client c{server.ca_pem(), options};
  for (const auto& row : rows) {
    INFO(in_words(row));
    check_cut(c.send(post(server.origin(), "x")), row);
  }
  CHECK(server.requests().size() == rows.size());
  CHECK(server.connections() == rows.size());
  CHECK(c.transport.stats().open == 0);
}

TEST_CASE("a pooled connection that ends after any byte of its second response gives an error or the whole "
          "response") {
  const auto rows = every_cut({with_length, in_chunks, without_length});
  fault_server server{[&rows](fault_peer& peer) -> asio::awaitable<void> {
    const auto& row = rows.at(peer.number());
    co_await peer.read_request();
    co_await peer.write(ok("first"));
    co_await peer.read_request();
    co_await peer.write(row.text.substr(0, row.bytes));
    peer.end(row.how);
  }};
  for (const auto& row : rows) {
    // One transport per case: a pooled connection of an earlier case may be about to close.
    INFO(in_words(row));
    client c{server.ca_pem()};
    const auto first = c.send(post(server.origin(), "x"));
    if (!first) FAIL(first.error().message());
    CHECK(first->body == "first");
    check_cut(c.send(post(server.origin(), "y")), row);
    CHECK(c.transport.stats().reused == 1);
    CHECK(c.transport.stats().replaced == 0);
  }
  CHECK(server.requests().size() == 2 * rows.size());
}

TEST_CASE("a pooled connection that ends before the response is replaced for a replayable request") {
  constexpr std::array endings{ending::orderly, ending::abrupt, ending::reset};
  for (const auto how : endings) {
    fault_server server{[how](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write(ok("fine"));
      if (peer.number() % 2 == 0) {
        co_await peer.read_request();
        peer.end(how);
      } else {
        co_await peer.until_gone();
      }
    }};
    for (int i = 0; i != 5; ++i) {
      client c{server.ca_pem()};
      REQUIRE(c.send(get(server.origin())));
      const auto again = c.send(get(server.origin()));
      if (!again) FAIL(again.error().message());
      CHECK(c.transport.stats().replaced == 1);
    }
    CHECK(server.connections() == 10);
    CHECK(server.requests().size() == 15);
  }
}

namespace {

/// Several requests in progress.
struct under_way {
  std::vector<std::optional<exchange_result>> ended;
  std::size_t left = 0;

  void start(client& c, http::request request, http::limits limits) {
    const auto index = ended.size();
    ended.emplace_back();
    ++left;
    asio::co_spawn(c.io, one(c.transport, std::move(request), limits),
                   [this, index](std::exception_ptr thrown, exchange_result r) {
                     --left;
                     if (!thrown) ended[index] = std::move(r);
                   });
  }

private:
  static asio::awaitable<exchange_result> one(sso::beast_transport transport, http::request request,
                                              http::limits limits) {
    auto r = co_await transport.send(request, limits);
    co_return r;
  }
};

}  // namespace

TEST_CASE("a response that stalls after any byte ends at the deadline") {
  for (const auto& text : all_texts) {
    // Concurrent, on open connections, so that the timeout ends the wait for the response.
    const auto complete = text == without_length ? text.size() + 1 : text.size();
    fault_server server{[&text](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write(ok("open"));
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      const auto length = std::stoul(request.substr(request.find('/') + 1));
      co_await peer.write(text.substr(0, length));
      co_await peer.until_gone();
    }};
    sso::beast_options options;
    options.pool.per_origin = 256;
    options.pool.idle_timeout = 1min;
    client c{server.ca_pem(), options};
    under_way opening;
    for (std::size_t i = 0; i != complete; ++i) opening.start(c, post(server.origin(), "x"), within(60s));
    c.run_until([&] { return opening.left == 0; });
    REQUIRE(c.transport.stats().idle == complete);

    under_way stalled;
    for (std::size_t length = 0; length != complete; ++length) {
      auto request = post(server.origin(), "x");
      request.target = "/" + std::to_string(length);
      stalled.start(c, request, within(300ms));
    }
    c.run_until([&] { return stalled.left == 0; });
    for (std::size_t length = 0; length != complete; ++length) {
      INFO(length << " bytes of " << text);
      REQUIRE(stalled.ended[length]);
      const auto& r = *stalled.ended[length];
      REQUIRE_FALSE(r);
      INFO(r.error());
      CHECK(r.error().code() == errc::timeout);
      CHECK(r.error().outcome() == outcome::maybe_executed);
      CHECK(contains(r.error().message(), "timeout after 300 ms, while "));
      if (length == 0) CHECK(contains(r.error().message(), "while waiting for the response of"));
    }
    CHECK(c.transport.stats().open == 0);
    CHECK(server.requests().size() <= 2 * complete);
  }
}

TEST_CASE("a response written in parts of any size is read completely") {
  for (const auto& text : all_texts) {
    const bool kept = text != without_length;
    for (std::size_t size = 1; size <= text.size(); size += size < 8 ? 1 : 13) {
      fault_server server{[&](fault_peer& peer) -> asio::awaitable<void> {
        for (;;) {
          const auto request = co_await peer.read_request();
          if (request.empty()) co_return;
          for (std::size_t at = 0; at < text.size(); at += size) co_await peer.write(text.substr(at, size));
          if (!kept) {
            peer.end(ending::orderly);
            co_return;
          }
        }
      }};
      client c{server.ca_pem()};
      for (int i = 0; i != 2; ++i) {
        INFO("in pieces of " << size << ": " << text);
        check_cut(c.send(post(server.origin(), "x")), {text, text.size(), ending::orderly});
      }
      CHECK(server.connections() == (kept ? 1 : 2));
    }
  }
}

TEST_CASE("an endless response is refused when it exceeds its limit") {
  struct row {
    std::string begin;
    std::string again;
    const char* words;
  };
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string kilobyte(1000, 'x');
  const std::vector<row> rows{
      {"", "HTTP/1.1 100 Continue\r\n\r\n", "header section is longer than"},
      {"", "HTTP/1.1 102 Processing\r\nX-A: " + kilobyte + "\r\n\r\n", "header section is longer than"},
      {"HTTP/1.1 200 ", kilobyte, "header section is longer than"},
      {head, "X-A: b\r\n", "header section is longer than"},
      {head + "X-A: ", kilobyte, "header section is longer than"},
      {head, kilobyte, "header section is longer than"},
      {head + "\r\n", kilobyte, "body is longer than"},
      {chunked, "3e8\r\n" + kilobyte + "\r\n", "body is longer than"},
      {chunked, "1\r\nx\r\n", "body is longer than"},
      {chunked + "1;", kilobyte, "header section is longer than"},
      {chunked, "1;e=\"" + kilobyte + "\"\r\nx\r\n", "header section is longer than"},
      {chunked + "0", std::string(1000, '0'), "header section is longer than"},
      {chunked + "0\r\n", "X-T: " + kilobyte + "\r\n", "header section is longer than"},
      {chunked + "0\r\nX-T: ", kilobyte, "header section is longer than"},
  };
  for (const auto& row : rows) {
    INFO(row.begin << " and then again and again: " << row.again.substr(0, 80));
    fault_server server{[&row](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write(row.begin);
      std::string many;
      while (many.size() < 4000) many += row.again;
      for (;;) co_await peer.write(many);  // throws when the client has closed
    }};
    client c{server.ca_pem()};
    http::limits limits = within(20s);
    limits.header_bytes = 20'000;
    limits.body_bytes = 20'000;
    const auto r = c.send(post(server.origin(), "x"), limits);
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == errc::response_too_large);
    CHECK(r.error().outcome() == outcome::maybe_executed);
    CHECK(contains(r.error().message(), row.words));
    CHECK(c.transport.stats().open == 0);
  }
}

TEST_CASE("bytes that are not an HTTP/1 response are refused") {
  struct row {
    std::string text;
    errc code;
  };
  const std::string nul(1, '\0');
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<row> rows{
      {"hello, this is HTTP/0.9\n", errc::protocol_error},
      {std::string{"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64\0\4\0\x10\0\0\0\6\0\0\x40\0", 27},
       errc::protocol_error},  // HTTP/2's SETTINGS
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", errc::protocol_error},
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1 200" + nul + "OK\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1 200 O" + nul + "K\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1 2xx OK\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1 -20 OK\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1\t200 OK\r\n\r\n", errc::protocol_error},
      {"HTTP/11 200 OK\r\n\r\n", errc::protocol_error},
      {"HTTP/1.1 200 OK\r\r\n\r\n", errc::protocol_error},
      {head + "X" + nul + "A: b\r\nContent-Length: 0\r\n\r\n", errc::protocol_error},
      {head + "X-A: b" + nul + "\r\nContent-Length: 0\r\n\r\n", errc::protocol_error},
      {head + "X-A: b\x7f\r\nContent-Length: 0\r\n\r\n", errc::protocol_error},
      {head + "X(A): b\r\nContent-Length: 0\r\n\r\n", errc::protocol_error},
      {head + "Content-Length: 5" + nul + "\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 5\r\ncontent-length: 6\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 5, 5, 6\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 5,\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 18446744073709551616\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 5.0\r\n\r\nhello", errc::protocol_error},
      {head + "Content-Length: 1e1\r\n\r\nhello", errc::protocol_error},
      {head + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", errc::protocol_error},
      {head + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", errc::protocol_error},
      {head + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n", errc::protocol_error},
      {head + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", errc::protocol_error},
      {head + "Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello", errc::protocol_error},
      {chunked + "5\r\nhello\n0\r\n\r\n", errc::protocol_error},
      {chunked + "5\r\nhelloo\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "0x5\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "+5\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + " 5\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + ";x=y\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "5 5\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n", errc::protocol_error},
      {chunked + "5\r\nhello\r\n0\r\n T: folded\r\n\r\n", errc::protocol_error},
      {chunked + "5\r\nhello\r\n0\r\nno colon\r\n\r\n", errc::protocol_error},
      {chunked + "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", errc::response_too_large},
      {chunked + "8000000000000000\r\nhello\r\n0\r\n\r\n", errc::response_too_large},
      {head + "Content-Length: 18446744073709551614\r\n\r\nhello", errc::response_too_large},
      {chunked + "ffffffff\r\nhello\r\n0\r\n\r\n", errc::response_too_large},
      {chunked + "5\r\nhello\r\n", errc::incomplete_response},
      {chunked + "6\r\nhello", errc::incomplete_response},
      {head + "Content-Length: 6\r\n\r\nhello", errc::incomplete_response},
      {"HTTP/1.1 100 Continue\r\n\r\n", errc::incomplete_response},
      {"HTTP/1.1", errc::incomplete_response},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    fault_server server{once(row.text, ending::orderly)};
    client c{server.ca_pem()};
    const auto r = c.send(post(server.origin(), "x"), within(20s));
    if (r) FAIL_CHECK("accepted: " << r->status << " with '" << r->body << "'");
    if (r) continue;
    INFO(r.error());
    CHECK(r.error().code() == row.code);
    CHECK(r.error().outcome() == outcome::maybe_executed);
    CHECK(c.transport.stats().open == 0);
    CHECK(server.requests().size() == 1);
  }
}

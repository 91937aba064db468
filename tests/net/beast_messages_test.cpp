// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"

#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

TEST_CASE("a request is written as HTTP requires") {
  fault_server server{always(ok("{}"))};
  client c{server.ca_pem()};
  auto request = post(server.origin(), "{\"a\":1}");
  request.target = "/a%20b?x=1";
  request.headers = {{"Authorization", "Bearer t"}, {"X-Two", "1"}, {"X-Two", "2"}};
  const auto r = c.send(request);
  REQUIRE(r);
  CHECK(r->status == 200);
  CHECK(r->body == "{}");
  const auto host = "127.0.0.1:" + std::to_string(server.origin().port);
  CHECK(server.requests().at(0) == "POST /a%20b?x=1 HTTP/1.1\r\nHost: " + host +
                                       "\r\nAuthorization: Bearer t\r\nX-Two: 1\r\nX-Two: 2\r\n"
                                       "Accept-Encoding: identity\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST_CASE("Content-Length of an empty body is sent only with methods that expect a body") {
  fault_server server{always(ok(""))};
  client c{server.ca_pem()};
  using http::method;
  for (const auto m :
       {method::get, method::head, method::post, method::put, method::patch, method::delete_}) {
    auto request = get(server.origin());
    request.method = m;
    request.headers.add("Accept-Encoding", "identity;q=1");
    const auto r = c.send(request);
    REQUIRE(r);
    const auto text = server.requests().back();
    CHECK(text.starts_with(std::string{http::to_string(m)} + " / HTTP/1.1\r\n"));
    const bool expected = m == method::post || m == method::put || m == method::patch;
    CHECK(contains(text, "Content-Length: 0\r\n") == expected);
    CHECK_FALSE(contains(text, "Accept-Encoding: identity\r\n"));
  }
}

TEST_CASE("an invalid request is refused before anything is sent") {
  fault_server server{always(ok(""))};
  client c{server.ca_pem()};
  std::vector<http::request> bad;
  const auto add = [&](auto change) {
    bad.push_back(get(server.origin()));
    change(bad.back());
  };
  add([](auto& r) { r.headers.add("X-A", "1\r\nX-B: 2"); });
  add([](auto& r) { r.headers.add("X A", "1"); });
  add([](auto& r) { r.headers.add("X-A", std::string(1, '\0')); });
  add([](auto& r) { r.headers.add("host", "elsewhere"); });
  add([](auto& r) { r.headers.add("Content-Length", "3"); });
  for (const char* const name :
       {"Transfer-Encoding", "Trailer", "Upgrade", "Expect", "Proxy-Authorization", "TE"}) {
    add([name](auto& r) { r.headers.add(name, "x"); });
  }
  add([](auto& r) { r.target = ""; });
  add([](auto& r) { r.target = "*"; });
  add([](auto& r) { r.target = "https://elsewhere/"; });
  add([](auto& r) { r.target = "/a?canary b"; });
  add([](auto& r) { r.target = "/a\r\nX: y"; });
  add([](auto& r) { r.target = "/\xc3\xa9"; });
  add([](auto& r) { r.origin.host = ""; });
  add([](auto& r) { r.origin.host = "a b"; });
  add([](auto& r) { r.origin.host = "a\r\nb"; });
  add([](auto& r) { r.origin.host = "user@host"; });
  add([](auto& r) { r.origin.scheme = "ftp"; });
  add([](auto& r) { r.origin.port = 0; });
  add([](auto& r) {
    r.origin.scheme = "http";
    r.origin.host = "example.com";
  });
  for (const auto& request : bad) {
    const auto r = c.send(request);
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == errc::invalid_argument);
    CHECK(r.error().outcome() == outcome::not_sent);
    CHECK_FALSE(r.error().what().empty());
    CHECK_FALSE(contains(r.error().message(), "canary"));
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a complete response with any framing is read") {
  struct row {
    const char* text;
    unsigned status;
    const char* body;
    bool reusable;
  };
  const std::vector<row> rows{
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true},
      {"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", true},
      {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.1 204\r\n\r\n", 204, "", true},
      {"HTTP/1.1 100\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.1 404 Not Found\r\ncontent-length:   3  \r\n\r\nno!", 404, "no!", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\n\r\n", 200,
       "abcde", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX-Trailer: t\r\n\r\n", 200, "a",
       true},
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", 304, "", true},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 "
       "Created\r\nContent-Length: "
       "1\r\n\r\nx",
       201, "x", true},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
      {"HTTP/1.1 401 No\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", 401, "", true},
      {"HTTP/1.1 503 No\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
       503, "", true},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "",
       false},
      {"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200,
       "ok", false},
      {"HTTP/1.1 204 No Content\r\n\r\nbody", 204, "", false},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", 204, "", false},
      {"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, "", false},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "", true},
  };
  for (const auto tls : {true, false}) {
    for (const auto& row : rows) {
      INFO(row.text);
      fault_options options;
      options.tls = tls;
      fault_server server{always(row.text), options};
      client c{server.ca_pem()};
      const auto r = c.send(get(server.origin()));
      if (!r) FAIL(r.error().message());
      CHECK(r->status == row.status);
      CHECK(r->body == row.body);
      CHECK_FALSE(r->headers.contains("X-Trailer"));
      CHECK_FALSE(r->headers.contains("Link"));
      CHECK(c.transport.stats().idle == (row.reusable ? 1u : 0u));
      CHECK(c.transport.stats().open == (row.reusable ? 1u : 0u));
    }
  }
}

TEST_CASE("a response to HEAD has no body for any header") {
  fault_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 50\r\nContent-Encoding: gzip\r\n\r\n")};
  client c{server.ca_pem()};
  auto request = get(server.origin());
  request.method = http::method::head;
  for (int i = 0; i != 2; ++i) {
    const auto r = c.send(request);
    REQUIRE(r);
    CHECK(r->body.empty());
    CHECK(r->headers.get("content-length") == "50");
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("malformed and ambiguous responses are refused") {
  const std::vector<std::string> rows{
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
      "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok!",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nContent-Length: 2 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok",
      "HTTP/1.1 200 OK\r\nX-A: 1\n\r\n\r\n",
      "HTTP/1.1 200 OK\r\n X-A: 1\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nX-A : 1\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\n: 1\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nX-A\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nX-A: a" + std::string(1, '\0') + "b\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nok\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
      "HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 2000\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 20 \r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 2x0\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200\rContent-Length: 0\r\n\r\n",
      "HTTP/2.0 200\r\nContent-Length: 0\r\n\r\n",
      "ICY 200 a da\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
      "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
      "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      "<html><body>hello</body></html>\r\n\r\n",
      "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  };
  for (const auto& text : rows) {
    INFO(text);
    fault_server server{always(text)};
    client c{server.ca_pem()};
    const auto r = c.send(get(server.origin()), within(10s));
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == errc::protocol_error);
    CHECK(r.error().outcome() == outcome::maybe_executed);
    CHECK(c.transport.stats().open == 0);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("a content-encoded response is refused with a specific error") {
  fault_server server{always("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok")};
  client c{server.ca_pem()};
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  CHECK(contains(r.error().message(), "content is encoded although 'identity' was asked for"));
}

TEST_CASE("headers and bodies above their limit are refused and accepted at the limit") {
  http::limits limits;
  limits.header_bytes = 300;
  limits.body_bytes = 100;
  const auto padded = [](std::size_t n) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(n, 'x') + "\r\n\r\n";
  };
  const std::string chunk_50 = "32\r\n" + std::string(50, 'c') + "\r\n";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i != 200; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  std::string interim;
  for (int i = 0; i != 50; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  struct row {
    std::string text;
    bool fits;
    const char* limit;
  };
  const std::vector<row> rows{
      {padded(257), true, ""},  // 300 bytes with the blank line
      {padded(258), false, "header section is longer than 300"},
      {"HTTP/1.1 200 OK\r\nX:" + std::string(300, ' ') + "x\r\n\r\n", false,
       "header section is longer than 300"},
      {"HTTP/1.1 200\r\nX: " + std::string(278, 'x') + "\r\nContent-Length: 0\r\n\r\n", false,
       "header section is longer than 300"},
      {padded(300), false, "header section is longer than 300"},
      {padded(100000), false, "header section is longer than 300"},
      {many, false, "header section is longer than 300"},
      {interim + ok(""), false, "header section is longer than 300"},
      {"HTTP/1.1 200 " + std::string(400, 'r') + "\r\n\r\n", false, "header section is longer than 300"},
      {ok(std::string(100, 'b')), true, ""},
      {ok(std::string(101, 'b')), false, "body is longer than 100"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", false, "body is longer than 100"},
      {chunked + chunk_50 + chunk_50 + "0\r\n\r\n", true, ""},
      {chunked + chunk_50 + chunk_50 + "1\r\nc\r\n0\r\n\r\n", false, "body is longer than 100"},
      {chunked + "1;" + std::string(5000, 'e') + "\r\nc\r\n0\r\n\r\n", false,
       "header section is longer than 300"},
      {chunked + "0\r\nX: " + std::string(5000, 't') + "\r\n\r\n", false,
       "header section is longer than 300"},
      {chunked + "0\r\nX:" + std::string(300, ' ') + "t\r\n\r\n", false, "header section is longer than 300"},
      {chunked + std::string(20, '0') + "1\r\nc\r\n0\r\n\r\n", true, ""},
      {chunked + std::string(300, '0') + "1\r\nc\r\n0\r\n\r\n", false, "header section is longer than 300"},
  };
  for (const auto& row : rows) {
    INFO(row.text.substr(0, 100));
    fault_server server{once(row.text, ending::orderly)};
    client c{server.ca_pem()};
    const auto r = c.send(get(server.origin()), limits);
    CHECK(r.has_value() == row.fits);
    if (!r) {
      INFO(r.error());
      CHECK(r.error().code() == errc::response_too_large);
      CHECK(contains(r.error().message(), row.limit));
    }
  }
  fault_server server{once("HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'b'), ending::orderly)};
  client c{server.ca_pem()};
  const auto r = c.send(get(server.origin()), limits);
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::response_too_large);
}

TEST_CASE("a body without length ends with the connection and over TLS only with close_notify") {
  const std::string text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it";
  for (const auto tls : {true, false}) {
    for (const auto how : {ending::orderly, ending::abrupt, ending::reset}) {
      fault_options options;
      options.tls = tls;
      fault_server server{once(text, how), options};
      client c{server.ca_pem()};
      const auto r = c.send(get(server.origin()));
      const bool complete = how == ending::orderly || (!tls && how == ending::abrupt);
      CHECK(r.has_value() == complete);
      if (r) {
        CHECK(r->body == "all of it");
      } else {
        CHECK((r.error().code() == errc::incomplete_response || r.error().code() == errc::transport_failed));
        CHECK(r.error().outcome() == outcome::maybe_executed);
      }
    }
  }
}

TEST_CASE("a response truncated after any byte is an error and a complete one is not") {
  const std::vector<std::string> texts{
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
  };
  for (const auto& text : texts) {
    for (const auto how : {ending::orderly, ending::abrupt}) {
      fault_server server{[&text, how](fault_peer& peer) -> asio::awaitable<void> {
        co_await peer.read_request();
        co_await peer.write(text.substr(0, peer.number()));
        peer.end(how);
      }};
      client c{server.ca_pem()};
      for (std::size_t length = 0; length <= text.size(); ++length) {
        INFO(length << " bytes of " << text);
        const auto r = c.send(post(server.origin(), "x"));
        REQUIRE(r.has_value() == (length == text.size()));
        if (r) continue;
        INFO(r.error());
        CHECK(r.error().code() == (length == 0 ? errc::transport_failed : errc::incomplete_response));
        CHECK(r.error().outcome() == outcome::maybe_executed);
        if (length != 0) CHECK(contains(r.error().message(), "after " + std::to_string(length) + " bytes"));
      }
      CHECK(server.requests().size() == text.size() + 1);
    }
  }
}

TEST_CASE("a response received byte by byte is read completely") {
  const std::string text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;e=f\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-T: u\r\n\r\n";
  fault_server server{[text](fault_peer& peer) -> asio::awaitable<void> {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      for (const char c : text) co_await peer.write(std::string(1, c));
    }
  }};
  client c{server.ca_pem()};
  for (int i = 0; i != 3; ++i) {
    const auto r = c.send(get(server.origin()));
    REQUIRE(r);
    CHECK(r->body == "abc0123456789");
    CHECK(r->headers.get("X-A") == "b");
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a complete response is returned even if the connection breaks directly after it") {
  for (const auto how : {ending::orderly, ending::abrupt}) {
    fault_server server{[how](fault_peer& peer) -> asio::awaitable<void> {
      co_await peer.read_request();
      co_await peer.write(ok("fine"));
      peer.end(how);
    }};
    client c{server.ca_pem()};
    const auto r = c.send(post(server.origin(), "x"));
    REQUIRE(r);
    CHECK(r->body == "fine");
  }
}

TEST_CASE("a large body is transferred completely in both directions") {
  const std::string large(3'000'000, 'z');
  fault_server server{[large](fault_peer& peer) -> asio::awaitable<void> {
    for (;;) {
      const auto request = co_await peer.read_request();
      if (request.empty()) co_return;
      co_await peer.write(ok(request.substr(request.find("\r\n\r\n") + 4)));
    }
  }};
  client c{server.ca_pem()};
  http::limits limits;
  limits.body_bytes = large.size();
  for (int i = 0; i != 2; ++i) {
    const auto r = c.send(post(server.origin(), large), limits);
    REQUIRE(r);
    CHECK(r->body == large);
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a response sent before the request is read completely is returned and its connection is closed") {
  const std::string large(20'000'000, 'z');  // more than the socket buffers hold
  const std::string too_large = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";
  for (const bool tls : {true, false}) {
    fault_options options;
    options.tls = tls;
    SECTION(std::string{"the server continues to read"} + (tls ? " over TLS" : " without TLS")) {
      fault_server server{[too_large](fault_peer& peer) -> asio::awaitable<void> {
                            co_await peer.write(too_large);
                            co_await peer.until_gone();
                          },
                          options};
      client c{server.ca_pem()};
      const auto r = c.send(post(server.origin(), large), within(10s));
      REQUIRE(r);
      CHECK(r->status == 413);
    }
    for (const auto how : {ending::orderly, ending::abrupt}) {
      SECTION(std::string{"the server closes"} + (how == ending::orderly ? " orderly" : " abruptly") +
              (tls ? " over TLS" : " without TLS")) {
        // Unread request bytes make the server's system reset the connection after the response.
        fault_server server{[too_large, how](fault_peer& peer) -> asio::awaitable<void> {
                              co_await peer.write(too_large);
                              peer.end(how);
                            },
                            options};
        for (int i = 0; i != 5; ++i) {
          client c{server.ca_pem()};
          const auto r = c.send(post(server.origin(), large), within(10s));
          if (!r) FAIL(r.error().message());
          CHECK(r->status == 413);
          CHECK(r->body == "big");
          CHECK(c.transport.stats().idle == 0);
        }
        CHECK(server.connections() == 5);
      }
    }
  }
}

TEST_CASE("a folded header line is one value with a space for each fold") {
  struct row {
    std::string lines;
    std::string name;
    std::string value;
  };
  const std::vector<row> rows{
      {"X-A: one\r\n two\r\n", "X-A", "one two"},
      {"X-A: one\r\n\t two\r\n   three\r\n", "X-A", "one two three"},
      {"X-A:\r\n one\r\n", "X-A", "one"},
      {"X-A: one\r\n \r\nX-B: two\r\n", "X-B", "two"},
      {"X-A: one\r\n X-B: two\r\n", "X-A", "one X-B: two"},
      {"Retry-After:\r\n 7\r\n", "Retry-After", "7"},
  };
  for (const auto& row : rows) {
    for (const std::string interim : {"", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n b\r\n\r\n"}) {
      CAPTURE(row.lines, interim);
      fault_server server{
          always(interim + "HTTP/1.1 200 OK\r\n" + row.lines + "Content-Length:\r\n 4\r\n\r\nfine")};
      client c{server.ca_pem()};
      for (int i = 0; i != 2; ++i) {
        const auto r = c.send(get(server.origin()));
        if (!r) FAIL(r.error().message());
        CHECK(r->headers.get(row.name) == row.value);
        CHECK(r->body == "fine");
      }
      CHECK(server.connections() == 1);
    }
  }
  fault_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n0123456789")};
  client c{server.ca_pem()};
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  CHECK(r.error().code() == errc::protocol_error);
}

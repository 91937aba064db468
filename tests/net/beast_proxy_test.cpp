// SPDX-License-Identifier: BSL-1.0
#include "beast_fixture.hpp"
#include "changed_variable.hpp"

#include <sso/detail/beast/no_proxy.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <vector>

using namespace net_test;
using sso::errc;
using sso::outcome;
using sso::testing::fault_options;
using sso::testing::fault_peer;
using sso::testing::fault_server;

namespace {

fault_options plain() {
  fault_options out;
  out.tls = false;
  return out;
}

/// A proxy that responds to CONNECT with `reply`. If that is a success, it tunnels to `port`.
class proxy {
public:
  explicit proxy(std::string reply, std::uint16_t port = 0)
      : server_{[reply, port](fault_peer& peer) -> asio::awaitable<void> {
                  const auto request = co_await peer.read_request();
                  if (request.empty()) co_return;
                  co_await peer.write(reply);
                  if (port == 0) {
                    co_await peer.until_gone();
                  } else {
                    co_await peer.relay(port);
                  }
                },
                plain()} {}

  [[nodiscard]] sso::beast_options options() const {
    sso::beast_options out;
    out.proxy.url = server_.base_url();
    return out;
  }
  [[nodiscard]] const fault_server& server() const { return server_; }

private:
  fault_server server_;
};

const std::string established = "HTTP/1.1 200 Connection established\r\nContent-Length: 99\r\n\r\n";

}  // namespace

TEST_CASE("a proxy tunnels TLS and its credentials are not sent to the origin") {
  fault_server server{always(ok("through"))};
  const proxy p{established, server.origin().port};
  auto options = p.options();
  options.proxy.credentials = {"us er", sso::secret{"p:w"}};
  client c{server.ca_pem(), options};
  for (int i = 0; i != 3; ++i) {
    const auto r = c.send(get(server.origin()));
    if (!r) FAIL(r.error().message());
    CHECK(r->body == "through");
  }
  const auto authority = "127.0.0.1:" + std::to_string(server.origin().port);
  REQUIRE(p.server().requests().size() == 1);
  CHECK(p.server().requests()[0] == "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority +
                                        "\r\nProxy-Authorization: Basic dXMgZXI6cDp3\r\n\r\n");
  REQUIRE(server.requests().size() == 3);
  for (const auto& text : server.requests()) {
    CHECK_FALSE(contains(text, "Proxy-"));
    CHECK_FALSE(contains(text, "dXMgZXI6cDp3"));
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("proxy credentials in the URL are percent-decoded") {
  fault_server server{always(ok("through"))};
  const proxy p{established, server.origin().port};
  auto options = p.options();
  options.proxy.url.insert(7, "us%20er:p%3aw@");
  client c{server.ca_pem(), options};
  REQUIRE(c.send(get(server.origin())));
  CHECK(contains(p.server().requests()[0], "Proxy-Authorization: Basic dXMgZXI6cDp3\r\n"));
}

TEST_CASE("plain http to loopback uses the proxy only if plain http is allowed to any host") {
  fault_server server{always(ok("through")), plain()};
  const proxy p{established, server.origin().port};
  for (const bool anywhere : {false, true}) {
    auto options = p.options();
    options.dangerously_allow_plain_http = anywhere;
    client c{"", options};
    REQUIRE(c.send(get(server.origin())));
    CHECK(p.server().requests().size() == (anywhere ? 1u : 0u));
  }
}

TEST_CASE("each failed response of a proxy to CONNECT has its own error") {
  struct row {
    std::string reply;
    errc code;
    std::string words;
    boost::system::errc::errc_t cause;
  };
  const std::vector<row> rows{
      {"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: "
       "2\r\n\r\nno",
       errc::connect_failed, "407", boost::system::errc::permission_denied},
      {"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", errc::connect_failed, "502",
       boost::system::errc::connection_refused},
      {"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n\r\n", errc::connect_failed,
       "302 to CONNECT; redirects are not followed; to http://elsewhere/",
       boost::system::errc::connection_refused},
      {"SSH-2.0-x\r\n\r\n", errc::protocol_error, "sent no valid HTTP response to CONNECT", {}},
      {established + "leftover", errc::protocol_error, "sent bytes of its own into the tunnel", {}},
      {"HTTP/2 200\r\n\r\n", errc::protocol_error, "sent no valid HTTP response to CONNECT", {}},
  };
  for (const auto& row : rows) {
    fault_server server{always(ok("through"))};
    const proxy p{row.reply};
    client c{server.ca_pem(), p.options()};
    const auto r = c.send(post(server.origin(), "x"));
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == row.code);
    CHECK(r.error().outcome() == outcome::not_sent);
    CHECK(contains(r.error().message(), row.words));
    CHECK(contains(r.error().message(), "the proxy http://127.0.0.1:"));
    if (row.cause != 0) CHECK(r.error().cause() == row.cause);
    CHECK(server.connections() == 0);
    CHECK(c.transport.stats().open == 0);
  }
}

TEST_CASE("a 2xx response to CONNECT has no body for any header") {
  const std::vector<std::string> sections{
      "Transfer-Encoding: chunked\r\n",
      "Transfer-Encoding: gzip\r\n",
      "Transfer-Encoding: gzip, chunked\r\nTransfer-Encoding: chunked\r\n",
      "Content-Length: 5\r\nContent-Length: 6\r\n",
      "Content-Length: 5, 5\r\n",
      "Content-Length: none\r\n",
      "Content-Length: 99999999999999999999999\r\n",
      "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding:\r\n chunked\r\n",
      "Content-Encoding: gzip\r\nConnection: close\r\n",
      "",
  };
  fault_server server{always(ok("through"))};
  for (const std::string status : {"200 OK", "200", "204 No Content", "299 "}) {
    for (const auto& section : sections) {
      CAPTURE(status, section);
      for (const std::string interim : {"", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"}) {
        const proxy p{interim + "HTTP/1.1 " + status + "\r\n" + section + "\r\n", server.origin().port};
        client c{server.ca_pem(), p.options()};
        const auto r = c.send(get(server.origin()));
        if (!r) FAIL(r.error().message());
        CHECK(r->body == "through");
      }
    }
  }
}

TEST_CASE("a proxy that does not send valid HTTP is refused at once") {
  std::string interim;
  for (int i = 0; i != 20'000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  for (const auto& reply : std::vector<std::string>{
           "HTTP/1.1 200 OK\n\n", "SSH-2.0-OpenSSH\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
           "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
           "HTTP/1.1 200 OK\r\nX: \x01\r\n\r\n", "HTTP/1.1 200 OK\r\n X: folded\r\n\r\n", interim}) {
    fault_server server{always(ok(""))};
    const proxy p{reply};
    client c{server.ca_pem(), p.options()};
    const auto r = c.send(get(server.origin()));
    REQUIRE_FALSE(r);
    INFO(r.error());
    CHECK(r.error().code() == (reply == interim ? errc::response_too_large : errc::protocol_error));
    CHECK(r.error().outcome() == outcome::not_sent);
  }
}

TEST_CASE("an endless header section of a proxy is refused") {
  fault_server server{always(ok(""))};
  const proxy p{"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')};
  client c{server.ca_pem(), p.options()};
  const auto r = c.send(get(server.origin()));
  REQUIRE_FALSE(r);
  INFO(r.error());
  CHECK(r.error().code() == errc::response_too_large);
  CHECK(r.error().outcome() == outcome::not_sent);
}

TEST_CASE("an invalid proxy variable fails only the calls that need the proxy") {
  fault_server server{always(ok("direct"))};
  fault_server unencrypted{always(ok("direct")), plain()};
  sso::beast_options asked;
  asked.proxy_from_environment = true;
  for (const std::string value :
       {"socks5h://u:canary@proxy.example.com:1080", "https://u:canary@proxy.example.com", "http://",
        "http://u:canary@proxy.example.com/path", "http://a%3Ab:canary@proxy.example.com",
        "http://u:canary@x:99999", "http://[::1", "u:canary @ proxy"}) {
    CAPTURE(value);
    const changed_variable proxy{"HTTPS_PROXY", value};
    {
      client c{server.ca_pem(), asked};
      const auto r = c.send(get(server.origin()));
      REQUIRE_FALSE(r);
      INFO(r.error());
      CHECK(r.error().code() == errc::invalid_argument);
      CHECK(r.error().outcome() == outcome::not_sent);
      CHECK(contains(r.error().message(), "HTTPS_PROXY: "));
      CHECK_FALSE(contains(r.error().message(), "canary"));
      CHECK(c.transport.stats().open == 0);
      CHECK(c.send(get(unencrypted.origin())));
    }
    const changed_variable except{"NO_PROXY", "127.0.0.1"};
    client c{server.ca_pem(), asked};
    CHECK(c.send(get(server.origin())));
  }
  CHECK(server.connections() == 8);
}

TEST_CASE("an unreachable proxy is named in the error") {
  fault_server origin{always(ok(""))};
  SECTION("the proxy does not respond") {
    fault_server silent{[](fault_peer& peer) -> asio::awaitable<void> { co_await peer.until_gone(); },
                        plain()};
    sso::beast_options options;
    options.proxy.url = silent.base_url();
    client c{origin.ca_pem(), options};
    const auto r = c.send(get(origin.origin()), within(500ms));
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == errc::timeout);
    CHECK(r.error().outcome() == outcome::not_sent);
    CHECK(contains(r.error().message(), "while asking the proxy for a tunnel to"));
  }
  SECTION("the proxy closes the connection") {
    fault_server broken{[](fault_peer& peer) -> asio::awaitable<void> { co_await peer.read_request(); },
                        plain()};
    sso::beast_options options;
    options.proxy.url = broken.base_url();
    client c{origin.ca_pem(), options};
    const auto r = c.send(get(origin.origin()));
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == errc::connect_failed);
    CHECK(contains(r.error().message(), "closed the connection"));
  }
  SECTION("the proxy refuses the connection") {
    sso::beast_options options;
    options.proxy.url = "http://127.0.0.9:1";
    client c{origin.ca_pem(), options};
    const auto r = c.send(get(origin.origin()));
    REQUIRE_FALSE(r);
    CHECK(r.error().code() == errc::connect_failed);
    CHECK(contains(r.error().message(), "cannot connect to http://127.0.0.9:1"));
  }
}

TEST_CASE("the proxy of the environment is used only if proxy_from_environment is set and NO_PROXY does not "
          "match") {
  fault_server server{always(ok("reached"))};
  const proxy p{established, server.origin().port};
  const changed_variable https{"HTTPS_PROXY", p.server().base_url()};
  sso::beast_options asked;
  asked.proxy_from_environment = true;
  SECTION("proxy_from_environment is not set") {
    client c{server.ca_pem()};
    REQUIRE(c.send(get(server.origin())));
    CHECK(p.server().connections() == 0);
  }
  SECTION("proxy_from_environment is set") {
    const changed_variable except{"NO_PROXY", "example.com, 10.0.0.0/8"};
    client c{server.ca_pem(), asked};
    REQUIRE(c.send(get(server.origin())));
    CHECK(p.server().connections() == 1);
  }
  SECTION("NO_PROXY matches") {
    const changed_variable except{"NO_PROXY", "example.com 10.0.0.1,127.0.0.0/8"};
    client c{server.ca_pem(), asked};
    REQUIRE(c.send(get(server.origin())));
    CHECK(p.server().connections() == 0);
  }
  SECTION("plain http does not use HTTPS_PROXY") {
    fault_server unencrypted{always(ok("reached")), plain()};
    client c{server.ca_pem(), asked};
    REQUIRE(c.send(get(unencrypted.origin())));
    CHECK(p.server().connections() == 0);
  }
}

TEST_CASE("an invalid proxy option is refused by name") {
  const auto refusal = [](const sso::beast_proxy_options& given) {
    asio::io_context io;
    sso::beast_options options;
    options.tls.dangerously_disable_verification = true;
    options.proxy = given;
    try {
      const sso::beast_transport transport{io.get_executor(), options};
    } catch (const sso::exception& e) {
      CHECK(e.error().code() == errc::invalid_argument);
      return e.error().message();
    }
    return std::string{"accepted"};
  };
  CHECK(contains(refusal({"proxy.example.com:3128", {}}), "proxy.url"));
  CHECK(contains(refusal({"https://proxy.example.com", {}}), "proxy.url"));
  CHECK(contains(refusal({"socks5://proxy.example.com", {}}), "proxy.url: must begin with http://"));
  CHECK(
      contains(refusal({"http://a%3Ab:c@proxy.example.com", {}}), "proxy.url: a user must not hold a colon"));
  CHECK(contains(refusal({"http://proxy.example.com/path", {}}), "proxy.url"));
  CHECK(contains(refusal({"", {{"u", sso::secret{"p"}}}}), "proxy.credentials"));
  CHECK(
      contains(refusal({"http://proxy.example.com", {{"u:v", sso::secret{"p"}}}}), "proxy.credentials.user"));
  CHECK_FALSE(contains(refusal({"http://u:canary@proxy.example.com/path", {}}), "canary"));
  CHECK(refusal({"http://proxy.example.com:3128", {}}) == "accepted");
}

TEST_CASE("an entry of NO_PROXY is a name, an address, a network or *") {
  using sso::detail::net::no_proxy_matches;
  struct row {
    const char* entry;
    http::origin where;
    bool matches;
  };
  const std::vector<row> rows{
      {"*", {"https", "api.example.com", 443}, true},
      {"example.com", {"https", "example.com", 443}, true},
      {"example.com", {"https", "api.example.com", 443}, true},
      {".example.com", {"https", "api.example.com", 443}, true},
      {".example.com", {"https", "example.com", 443}, true},
      {" EXAMPLE.com ", {"https", "Api.Example.Com", 443}, true},
      {"example.com", {"https", "notexample.com", 443}, false},
      {"example.com", {"https", "example.com.evil.test", 443}, false},
      {"example.com:443", {"https", "example.com", 443}, true},
      {"example.com:8443", {"https", "example.com", 443}, false},
      {"example.com:x", {"https", "example.com", 443}, false},
      {"10.0.0.1", {"https", "10.0.0.1", 443}, true},
      {"10.0.0.1", {"https", "10.0.0.10", 443}, false},
      {"0.0.1", {"https", "10.0.0.1", 443}, false},
      {"10.0.0.0/8", {"https", "10.200.3.4", 443}, true},
      {"10.0.0.0/8", {"https", "11.0.0.1", 443}, false},
      {"10.0.0.0/8", {"https", "example.com", 443}, false},
      {"10.0.0.0/99", {"https", "10.0.0.1", 443}, false},
      {"::1", {"https", "::1", 443}, true},
      {"[::1]:443", {"https", "::1", 443}, true},
      {"fd00::/8", {"https", "fd12::3", 443}, true},
      {"fd00::/8", {"https", "fe80::1", 443}, false},
      {"*.example.com", {"https", "api.example.com", 443}, true},
      {"*.example.com", {"https", "a.b.example.com", 443}, true},
      {"*.example.com", {"https", "example.com", 443}, false},
      {"*.example.com", {"https", "notexample.com", 443}, false},
      {"*.example.com:443", {"https", "api.example.com", 443}, true},
      {"*.example.com:8443", {"https", "api.example.com", 443}, false},
      {"example.com.", {"https", "example.com", 443}, true},
      {"example.com", {"https", "example.com.", 443}, true},
      {"example.com.", {"https", "api.example.com.", 443}, true},
      {".example.com.", {"https", "api.example.com", 443}, true},
      {"*:443", {"https", "example.com", 443}, true},
      {"*:8443", {"https", "example.com", 443}, false},
      {"[::1]", {"https", "::1", 443}, true},
      {"[::1]", {"https", "0:0:0:0:0:0:0:1", 443}, true},
      {"[::1]:8443", {"https", "::1", 443}, false},
      {"10.0.0.0/8", {"https", "::ffff:10.1.2.3", 443}, true},
      {"::ffff:10.0.0.1", {"https", "10.0.0.1", 443}, true},
      {"fe80::/10", {"https", "fe80::1%1", 443}, true},
      {"[fd00::]/8", {"https", "fd12::3", 443}, true},
      {"fd00::/129", {"https", "fd12::3", 443}, false},
      {"::ffff:10.0.0.0/104", {"https", "10.1.2.3", 443}, true},
      {"::ffff:10.0.0.0/104", {"https", "11.0.0.1", 443}, false},
      {"::/0", {"https", "10.0.0.1", 443}, false},
      {"::/0", {"https", "fd12::3", 443}, true},
      {"fe80::%eth0/64", {"https", "fe80::1", 443}, true},
      {"10.0.0.0/", {"https", "10.0.0.1", 443}, false},
      {"10.0.0.1:443", {"https", "10.0.0.1", 443}, true},
      {"10.0.0.1:8443", {"https", "10.0.0.1", 443}, false},
      {"", {"https", "example.com", 443}, false},
      {"*.", {"https", "example.com", 443}, false},
      {".", {"https", "example.com", 443}, false},
  };
  for (const auto& row : rows) {
    INFO(row.entry << " and " << http::to_string(row.where));
    CHECK(no_proxy_matches(row.entry, row.where) == row.matches);
  }
}

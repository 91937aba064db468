// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/error.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/ssl/error.hpp>
#include <boost/system/errc.hpp>

#include <chrono>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

using namespace std::chrono_literals;

namespace {

sso::error full_error() {
  sso::http::response response;
  response.status = 404;
  response.headers.add("X-Request-Id", "req-1").add("Set-Cookie", "session=canary");
  response.body = R"({"message":"SSO is not enabled","code":"not_found","secret":"canary"})";

  sso::error e{sso::errc::not_found, sso::outcome::rejected};
  e.with_call("GET", "/organizations/acme/sso-connection?token=canary")
      .with_response(response)
      .with_server_text("not_found", "SSO is not enabled")
      .with_client_request_id("b5e7c3b2-0d6e-4f0a-9a51-1f4f0b3f9d10")
      .with_attempts(3)
      .with_retry_after(1500ms);
  return e;
}

}  // namespace

TEST_CASE("an error constructed from a code has no other data") {
  const sso::error e{sso::errc::timeout};
  CHECK(e.code() == sso::errc::timeout);
  CHECK(e.code() == sso::condition::retryable);
  CHECK(e.outcome() == sso::outcome::not_sent);
  CHECK_FALSE(e.cause());
  CHECK(e.status() == 0);
  CHECK(e.attempts() == 0);
  CHECK_FALSE(e.retry_after());
  CHECK(e.server_code().empty());
  CHECK(e.server_message().empty());
  CHECK(e.request_id().empty());
  CHECK(e.client_request_id().empty());
  CHECK(e.body().empty());
  CHECK(e.headers().empty());
  CHECK(e.what().empty());
  CHECK(e.message() == "timeout (outcome not_sent)");
}

TEST_CASE("an error keeps the data set by the layers") {
  const auto e = full_error();
  CHECK(e.code() == sso::errc::not_found);
  CHECK(e.outcome() == sso::outcome::rejected);
  CHECK(e.status() == 404);
  CHECK(e.server_code() == "not_found");
  CHECK(e.server_message() == "SSO is not enabled");
  CHECK(e.request_id() == "req-1");
  CHECK(e.client_request_id() == "b5e7c3b2-0d6e-4f0a-9a51-1f4f0b3f9d10");
  CHECK(e.attempts() == 3);
  CHECK(e.retry_after() == 1500ms);
  CHECK(e.headers().get("set-cookie") == "session=canary");
  CHECK(e.body().find("canary") != std::string::npos);
}

TEST_CASE("an error message is one line with call and status and ids") {
  CHECK(full_error().message() ==
        "GET /organizations/acme/sso-connection: 404 not_found \"SSO is not enabled\" (code not_found, "
        "outcome rejected, attempts 3, retry after 1500 ms, request id req-1, client request id "
        "b5e7c3b2-0d6e-4f0a-9a51-1f4f0b3f9d10)");

  std::ostringstream out;
  out << full_error();
  CHECK(out.str() == full_error().message());
}

TEST_CASE("an error prints the same text for any stream state") {
  struct grouping : std::numpunct<char> {
    std::string do_grouping() const override { return "\1"; }
    char do_thousands_sep() const override { return '\''; }
  };
  const auto failed = full_error();
  std::ostringstream odd;
  odd.imbue(std::locale{std::locale::classic(), new grouping});
  odd << std::hex << std::showbase << std::setfill('*') << std::setw(400) << failed;
  CHECK(odd.str() == failed.message());
}

TEST_CASE("an error message does not contain query or headers or body") {
  CHECK(full_error().message().find("canary") == std::string::npos);
}

TEST_CASE("the message of an invalid argument error does not mention an outcome") {
  const sso::error e{sso::errc::invalid_argument, sso::outcome::not_sent,
                     "organization_id: 1 to 255 characters"};
  CHECK(e.message() == "invalid_argument: organization_id: 1 to 255 characters");
}

TEST_CASE("an error message ends with its cause") {
  const auto refused = boost::system::errc::make_error_code(boost::system::errc::connection_refused);
  const sso::error e{sso::errc::connect_failed, sso::outcome::not_sent, "connect to api.example.com:443",
                     refused};
  CHECK(e.cause() == refused);
  CHECK(e.message() ==
        "connect_failed: connect to api.example.com:443 (outcome not_sent, cause " + refused.message() + ")");
}

TEST_CASE("an error message does not repeat a cause that its text says") {
  const auto refused = boost::system::errc::make_error_code(boost::system::errc::connection_refused);
  const sso::error e{sso::errc::connect_failed, sso::outcome::not_sent, "10.0.0.1:443 " + refused.message(),
                     refused};
  CHECK(e.message() == "connect_failed: 10.0.0.1:443 " + refused.message() + " (outcome not_sent)");
}

TEST_CASE(
    "an error message of a TLS failure has its text instead of OpenSSL's, or OpenSSL's if there is none") {
  const boost::system::error_code cause{0x0a000086, boost::asio::error::get_ssl_category()};
  const sso::error described{sso::errc::tls_failed, sso::outcome::not_sent, "certificate refused: expired",
                             cause};
  CHECK(described.cause() == cause);
  CHECK(described.message() == "tls_failed: certificate refused: expired (outcome not_sent)");
  const sso::error bare{sso::errc::tls_failed, sso::outcome::not_sent, "", cause};
  CHECK(bare.message() == "tls_failed (outcome not_sent, cause " + cause.message() + ")");
  const auto reset = boost::system::errc::make_error_code(boost::system::errc::connection_reset);
  const sso::error broken{sso::errc::tls_failed, sso::outcome::not_sent, "the peer closed the connection",
                          reset};
  CHECK(broken.message() ==
        "tls_failed: the peer closed the connection (outcome not_sent, cause " + reset.message() + ")");
}

TEST_CASE("an error message does not repeat the name of its code") {
  CHECK(sso::error{sso::errc::cancelled, sso::outcome::not_sent, "cancelled while waiting"}.message().find(
            "cancelled while waiting") == 0);
  CHECK(sso::error{sso::errc::cancelled, sso::outcome::not_sent, "before the first attempt"}.message().find(
            "cancelled: before the first attempt") == 0);
}

TEST_CASE("control characters of the server are escaped in an error message") {
  sso::error e{sso::errc::bad_request, sso::outcome::rejected, "what\r\nhappened"};
  e.with_call("GET", "/a\nb").with_server_text("c\x1b[31m", std::string{"m\0n", 3});
  const auto text = e.message();
  for (const char c : text) CHECK(static_cast<unsigned char>(c) >= 0x20);
  CHECK(text == "GET /a\\x0ab: bad_request: what\\x0d\\x0ahappened \"m\\x00n\" (code c\\x1b[31m, "
                "outcome rejected)");
}

TEST_CASE("C1 control characters of the server are escaped in an error message") {
  sso::error e{sso::errc::bad_request, sso::outcome::rejected, "caf\xc3\xa9 \xc2\xa3 \xe2\x82\xac"};
  e.with_server_text("code", "a\xc2\x9b[31m\xc2\x85 \xc3\x9b \xc2");
  CHECK(e.message() ==
        "bad_request: caf\xc3\xa9 \xc2\xa3 \xe2\x82\xac \"a\\xc2\\x9b[31m\\xc2\\x85 \xc3\x9b \xc2\" "
        "(code code, outcome rejected)");
}

TEST_CASE("an error keeps the first 4096 bytes of a body") {
  sso::http::response response;
  response.status = 500;
  response.body.assign(5000, 'x');
  sso::error e{sso::errc::server_error};
  e.with_response(response);
  CHECK(e.body() == std::string(4096, 'x'));
}

TEST_CASE("a copied error is independent and a moved-from error is usable") {
  auto e = full_error();
  auto copy = e;
  copy.with_attempts(9).with_code(sso::errc::conflict);
  CHECK(e.attempts() == 3);
  CHECK(e.code() == sso::errc::not_found);

  copy = e;
  CHECK(copy.message() == e.message());
  auto& same = copy;
  copy = same;
  CHECK(copy.message() == e.message());

  const auto moved = std::move(e);
  CHECK(moved.message() == copy.message());
  CHECK(e.attempts() == 0);                   // NOLINT(bugprone-use-after-move): under test
  CHECK(e.with_attempts(2).attempts() == 2);  // usable again

  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<sso::error>);
  STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<sso::exception>);
}

TEST_CASE("what of an exception is the message of its error") {
  const sso::exception thrown{full_error()};
  CHECK(thrown.what() == full_error().message());
  CHECK(thrown.error().status() == 404);
  CHECK(thrown.error().code() == sso::errc::not_found);
}

TEST_CASE("the request id of the server is found under both header names") {
  CHECK(sso::request_id_of({{"x-request-id", "a"}, {"Request-Id", "b"}}) == "a");
  CHECK(sso::request_id_of({{"Request-Id", "b"}}) == "b");
  CHECK(sso::request_id_of({}).empty());
}

// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/logger.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <sstream>
#include <string>
#include <utility>

using namespace sso;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

const std::string canary = "canary-7f3a";

/// All output of a failed call: error, events and logs.
struct outlets {
  std::ostringstream log;
  std::string text;

  client_options options() {
    client_options o;
    o.observer = make_logger(log, log_level::debug);
    o.headers = {{"X-Api-Key", canary}};
    o.query = {{"key", canary}};
    return o;
  }
  template <class T>
  void take(const result<T>& r) {
    if (r) return;
    std::ostringstream out;
    out << r.error();
    text += out.str() + r.error().message() + r.error().what() + '\n';
    try {
      (void)r.value();
    } catch (const std::exception& e) {
      text += e.what();
    }
  }
  bool clean() const { return (text + log.str()).find(canary) == std::string::npos; }
};

}  // namespace

TEST_CASE("a secret is not printed in errors or events or logs", "[leak]") {
  outlets out;
  manual_runtime time;
  fake_transport network{time};
  const keycard::basic_client<any_transport, manual_runtime> c{
      network, client_credentials{"id", secret{canary}}, out.options(), time};
  const auto token = [&] { network.reply(200, R"({"access_token":")" + canary + R"("})"); };
  const keycard::enable_params params =
      keycard::enable_params{"c", "https://idp"}.client_secret(secret{canary});
  const auto options = call_options{}.header("X-Session", canary).query("q", canary);

  network.expect_token().reply(401, R"({"error":"invalid_client"})", {{"Set-Cookie", canary}});
  out.take(run(c.enable("acme", params, options)));
  token();
  network.reply(500, canary, {{"Set-Cookie", canary}, {"Location", "https://x/?t=" + canary}});
  out.take(run(c.enable("acme", params, options)));
  network.reply(302, canary, {{"Location", "https://x/?t=" + canary}});
  out.take(run(c.enable("acme", params, options)));
  network.reply(302, "", {{"Location", "https://u:" + canary + "@idp.example/cb#t=" + canary}});
  out.take(run(c.enable("acme", params, options)));
  network.reply(200, R"({"id":5,"client_secret":")" + canary + R"("})");
  out.take(run(c.enable("acme", params, options)));
  network.reply(200, "<html>" + canary);
  out.take(run(c.enable("acme", params, options)));
  network.fail(errc::incomplete_response, outcome::maybe_executed);
  out.take(run(c.enable("acme", params, options)));
  network.stall();
  out.take(run(c.enable("acme", params, options)));
  network.handle([](const http::request&) { return http::response{503, {}, canary}; });
  out.take(run(c.update("acme", keycard::update_params{}.client_secret(secret{canary}), options)));
  out.take(run(c.request(http::method::get, "/x?token=" + canary, std::nullopt, options)));
  out.take(run(c.enable("acme", keycard::enable_params{"c", ""}.client_secret(secret{canary}))));
  out.take(run(c.enable("acme", params, call_options{}.header("X-Bad", canary + "\n"))));
  out.take(run(c.enable("acme", params, call_options{}.client_request_id("x"))));
  CHECK_FALSE(out.text.empty());
  CHECK_FALSE(out.log.str().empty());
  CAPTURE(out.text, out.log.str());
  CHECK(out.clean());
}

TEST_CASE("an error for refused client options does not print secrets", "[leak]") {
  outlets out;
  const auto refuse = [&](credentials proof, client_options options) {
    try {
      const keycard::basic_client<fake_transport> c{fake_transport{}, std::move(proof), std::move(options)};
    } catch (const exception& e) {
      out.text += e.what();
    }
  };
  refuse(bearer_token{canary + "\n"}, {});
  refuse(client_credentials{"a:b", secret{canary}}, {});
  client_options bad_header;
  bad_header.headers.add("X-Key", canary + "\n");
  refuse(bearer_token{"t"}, bad_header);
  client_options bad_url;
  bad_url.base_url = "https://user:" + canary + "@host";
  refuse(bearer_token{"t"}, bad_url);
  client_options bad_token_url;
  bad_token_url.token_url = "/token?key=" + canary;
  refuse(client_credentials{"id", secret{"pw"}}, bad_token_url);
  CHECK_FALSE(out.text.empty());
  CHECK(out.clean());
}

TEST_CASE("an error for an unusable token does not contain the token", "[leak]") {
  for (const std::string body :
       {R"({"access_token":"canary-7f3a","token_type":"DPoP"})",
        R"({"access_token":"","refresh_token":"canary-7f3a"})", R"({"access_token":"canary-7f3a\u0001"})"}) {
    outlets out;
    fake_transport network;
    network.reply(200, body);
    const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}},
                                                  out.options()};
    const auto refused = run(c.disable("acme"));
    REQUIRE(!refused);
    CHECK(refused.error().code() == errc::credentials_rejected);
    CHECK(refused.error().body().empty());
    out.take(refused);
    CHECK(out.clean());
  }
}

TEST_CASE("a secret repeated by the server is redacted in the error", "[leak]") {
  fake_transport network;
  network.reply(400, R"({"message":"bad token a-long-token for key k-canary"})",
                {{"X-Request-Id", "a-long-token"}});
  client_options options;
  options.headers = {{"X-Api-Key", "k-canary"}};
  const keycard::basic_client<fake_transport> c{network, bearer_token{"a-long-token"}, options};
  const auto failed = run(c.disable("acme")).error();
  CHECK(failed.server_message() == "bad token [redacted] for key [redacted]");
  CHECK(failed.message().find("a-long-token") == std::string::npos);
  CHECK(failed.body().find("canary") == std::string::npos);
  CHECK(failed.headers().wire().find("a-long-token") == std::string::npos);
}

TEST_CASE("a client secret of the request repeated by the server is redacted in the error", "[leak]") {
  fake_transport network;
  network.reply(422, R"({"message":"too weak: c0nn-s3cret","received":{"client_secret":"c0nn-s3cret"}})");
  const keycard::basic_client<fake_transport> c{network, bearer_token{"a-long-token"}};
  keycard::enable_params params{"portal", "https://idp.example"};
  params.client_secret(secret{"c0nn-s3cret"});
  const auto failed = run(c.enable("acme", params)).error();
  CHECK(failed.server_message() == "too weak: [redacted]");
  CHECK(failed.body().find("c0nn") == std::string::npos);
  CHECK(failed.body().find("client_secret") != std::string::npos);
}

TEST_CASE("a secret repeated as the name of a member is redacted in the error", "[leak]") {
  fake_transport network;
  network.reply(200,
                R"({"protocols":{"oauth2":{"scopes_supported":5}},"permissions":{"a-long-token":{"x":1}}})");
  const keycard::basic_client<fake_transport> c{network, bearer_token{"a-long-token"}};
  const auto failed = run(c.retrieve("acme")).error();
  CHECK(failed.message().find("a-long-token") == std::string::npos);
}

TEST_CASE("a secret that is a part of another one is redacted after it", "[leak]") {
  fake_transport network;
  network.reply(403, R"({"message":"no a-long-token"})");
  client_options options;
  options.headers = {{"X-Tenant", "a-long"}};
  const keycard::basic_client<fake_transport> c{network, bearer_token{"a-long-token"}, options};
  CHECK(run(c.disable("acme")).error().server_message() == "no [redacted]");
}

TEST_CASE("a secret at the end of the kept part of a body is redacted", "[leak]") {
  const std::string token(1500, 't');
  fake_transport network;
  network.reply(403, std::string(3500, '.') + token);
  const keycard::basic_client<fake_transport> c{network, bearer_token{token}};
  CHECK(run(c.disable("acme")).error().body() == std::string(3500, '.') + "[redacted]");
}

TEST_CASE("a client secret repeated by the token endpoint is redacted in the error", "[leak]") {
  fake_transport network;
  network.expect_token().reply(400, R"({"error":"x","error_description":"no such secret: s3cr3t"})");
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"s3cr3t"}}};
  const auto refused = run(c.disable("acme")).error();
  CHECK(refused.server_message() == "no such secret: [redacted]");
}

TEST_CASE("a repeated secret is redacted in every notation", "[leak]") {
  const std::string token = "AT/oauth+tokenvalue==";
  const auto [status, body, headers] = GENERATE(table<unsigned, std::string, http::headers>({
      {403u, R"({"message":"bad AT\/oauth+tokenvalue=="})", {}},
      {403u, R"({"message":"bad \u0041T/oauth+tokenvalue=="})", {}},
      {403u, R"({"weird":"AT\u002foauth\u002Btokenvalue=="})", {}},
      {403u, "bad AT%2foauth%2btokenvalue%3d%3d", {{"Content-Type", "text/plain"}}},
      {403u, "bad AT&#x2F;oauth&#43;tokenvalue==", {{"Content-Type", "text/plain"}}},
      {403u, "bad AT/oauth\r\n+token\r\nvalue==", {{"Content-Type", "text/plain"}}},
      {200u, R"({"AT/oauth+tokenvalue==":)", {}},
      {403u, "bad AT%2Foauth%2Btokenvalue%3D%3D", {{"Content-Type", "text/plain"}}},
      {302u, "", {{"Location", "https://other.example/login?t=AT/oauth+tokenvalue=="}}},
      {200u, "<html>", {{"Content-Type", "text/html; x=AT/oauth+tokenvalue=="}}},
      {204u, "", {{"X-Request-Id", "AT/oauth+tokenvalue=="}}},
  }));
  CAPTURE(status, body);
  std::ostringstream log;
  client_options options;
  options.observer = make_logger(log, log_level::debug);
  fake_transport network;
  network.reply(status, body, headers);
  const keycard::basic_client<fake_transport> c{network, bearer_token{token}, options};
  const auto ended = run(c.disable("acme"));
  std::string told = log.str();
  if (!ended) told += ended.error().message();
  CAPTURE(told);
  CHECK(told.find("tokenvalue") == std::string::npos);
  if (status == 302u) CHECK(told.find("https://other.example/login") != std::string::npos);
}

TEST_CASE("credentials repeated by a token endpoint with status 200 are redacted", "[leak]") {
  fake_transport network;
  // The Basic credentials, id:s3cr3t in Base64.
  network.expect_token().reply(
      200, R"({"error":"invalid_client","error_description":"no aWQ6czNjcjN0 or s3cr3t"})");
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"s3cr3t"}}};
  const auto refused = run(c.disable("acme")).error();
  CHECK(refused.server_message() == "no [redacted] or [redacted]");
}

TEST_CASE("credentials repeated in a Content-Type by a token endpoint are redacted", "[leak]") {
  fake_transport network;
  network.expect_token().reply(200, "<html>", {{"Content-Type", "text/html; x=aWQ6czNjcjN0"}});
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"s3cr3t"}}};
  const auto refused = run(c.disable("acme")).error();
  CHECK(refused.message().find("aWQ6czNjcjN0") == std::string::npos);
  CHECK(refused.message().find("text/html; x=[redacted]") != std::string::npos);
}

TEST_CASE("an error of a token endpoint in another format keeps its words", "[token]") {
  const auto [status, type, body, words] = GENERATE(table<unsigned, std::string, std::string, std::string>({
      {400u, "application/json", R"({"error":{"code":"x","message":"no such client"}})", "no such client"},
      {400u, "application/problem+json", R"({"title":"Bad","detail":"no such client"})", "no such client"},
      {400u, "application/json", R"({"error":"x","errors":[{"message":"no such client"}]})",
       "no such client"},
      {403u, "text/html", "<html>blocked by gateway", "text/html: <html>blocked by gateway"},
      {200u, "text/html", "<html>login", "Content-Type: text/html"},
  }));
  CAPTURE(body);
  fake_transport network;
  network.expect_token().reply(status, body, {{"Content-Type", type}});
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"s3cr3t"}}};
  const auto refused = run(c.disable("acme"));
  REQUIRE(!refused);
  CAPTURE(refused.error().message());
  CHECK(refused.error().message().find(words) != std::string::npos);
}

// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <concepts>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using namespace sso;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::run;

namespace {

using client = keycard::basic_client<fake_transport, manual_runtime>;

const std::string example =
    R"({"id":"id","client_id":"client_id","client_secret_set":true,"created_at":"2019-12-27T18:11:19.117Z",)"
    R"("identifier":"x","updated_at":"2019-12-27T18:11:19.117Z"})";

/// A client with a fixed token, so that the script has only API responses.
struct scripted {
  manual_runtime time;
  fake_transport network{time};

  client make(client_options options = {}) {
    return client{network, bearer_token{"token"}, std::move(options), time};
  }
  http::request only_request() {
    const auto all = network.requests();
    REQUIRE(all.size() == 1);
    return all[0];
  }
};

template <class T>
error failure(result<T> r) {
  REQUIRE(!r);
  return r.error();
}

error failure_of(unsigned status, const std::string& body, http::headers headers = {}) {
  scripted s;
  s.network.reply(status, body, std::move(headers));
  client_options options;
  options.retry.max_retries = 0;
  return run(s.make(options).disable("acme")).error();
}

}  // namespace

TEST_CASE("retrieve sends a GET request and decodes the connection", "[keycard]") {
  scripted s;
  s.network.reply(200, example, {{"X-Request-Id", "r-1"}});
  const auto connection = run(s.make().retrieve("acme"));
  REQUIRE(connection);
  CHECK(connection->id == "id");
  CHECK(connection->client_id == "client_id");
  CHECK(connection->http.status == 200);
  CHECK(connection->http.request_id == "r-1");
  CHECK(connection->http.attempts == 1);
  CHECK(connection->http.body == example);
  CHECK(connection->http.headers.get("x-request-id") == "r-1");

  const auto request = s.only_request();
  CHECK(request.method == http::method::get);
  CHECK(to_string(request.origin) == "https://api.keycard.ai");
  CHECK(request.target == "/organizations/acme/sso-connection");
  CHECK(request.operation == "keycard.retrieve");
  CHECK(request.replayable);
  CHECK(request.body.empty());
  CHECK(request.headers.get("Accept") == "application/json");
  CHECK(request.headers.get("Authorization") == "Bearer token");
  CHECK(request.headers.get("User-Agent") == "sso-cpp/0.1.0");
  CHECK_FALSE(request.headers.contains("Content-Type"));
}

TEST_CASE("each Keycard operation sends its method and headers and body", "[keycard]") {
  scripted s;
  s.network.reply(201, example).reply(200, example).reply(204);
  const auto c = s.make();
  REQUIRE(run(c.enable("acme", keycard::enable_params{"client", "https://idp"}.client_secret("s"))));
  REQUIRE(run(c.update("acme", keycard::update_params{}.client_secret(null))));
  const auto disabled = run(c.disable("acme"));
  REQUIRE(disabled);
  CHECK(disabled->http.status == 204);

  const auto sent = s.network.requests();
  CHECK(sent[0].method == http::method::post);
  CHECK(sent[0].headers.get("Content-Type") == "application/json");
  CHECK(sent[0].headers.get("Accept") == "application/json");
  CHECK(sent[0].body == R"({"client_id":"client","identifier":"https://idp","client_secret":"s"})");
  CHECK_FALSE(sent[0].replayable);
  CHECK(sent[1].method == http::method::patch);
  CHECK(sent[1].body == R"({"client_secret":null})");
  CHECK(sent[1].replayable);
  CHECK(sent[2].method == http::method::delete_);
  CHECK(sent[2].headers.get("Accept") == "*/*");
  CHECK(sent[2].body.empty());
  CHECK_FALSE(sent[2].headers.contains("Content-Type"));
  for (const auto& request : sent) CHECK(request.target == "/organizations/acme/sso-connection");
}

TEST_CASE("an organization id is encoded as one path segment", "[keycard]") {
  const std::pair<std::string, std::string> rows[] = {
      {"acme", "acme"},
      {"a/b", "a%2Fb"},
      {"a?b#c", "a%3Fb%23c"},
      {"100%", "100%25"},
      {"%2e%2f", "%252e%252f"},
      {"a b", "a%20b"},
      {"!$&'()*+,;=:@-._~", "!$&'()*+,;=:@-._~"},
      {"...", "..."},
      {"..a", "..a"},
      {"b\xc3\xbc"
       "cher",
       "b%C3%BCcher"},
      {"\xf0\x9f\x94\x91", "%F0%9F%94%91"},
      {"a\\b|c\"<>^`{}", "a%5Cb%7Cc%22%3C%3E%5E%60%7B%7D"},
      {"a\r\nX: y", "a%0D%0AX:%20y"},
      {std::string(255, 'x'), std::string(255, 'x')},
  };
  for (const auto& [id, segment] : rows) {
    CAPTURE(id);
    scripted s;
    s.network.reply(200, example);
    REQUIRE(run(s.make().retrieve(id)));
    CHECK(s.only_request().target == "/organizations/" + segment + "/sso-connection");
  }
}

TEST_CASE("the organization id limit of 255 counts characters and not bytes", "[keycard]") {
  std::string umlauts;
  for (int i = 0; i != 255; ++i) umlauts += "\xc3\xbc";
  scripted s;
  s.network.reply(200, example);
  const auto c = s.make();
  CHECK(run(c.retrieve(umlauts)));
  CHECK(run(c.retrieve(umlauts + "x")).error().code() == errc::invalid_argument);
}

TEST_CASE("an invalid Keycard argument is named and nothing is sent", "[keycard]") {
  scripted s;
  const auto c = s.make();
  struct row {
    result<response<keycard::sso_connection>> got;
    std::string words;
  };
  const keycard::enable_params good{"client", "https://idp"};
  const row rows[] = {
      {run(c.retrieve("")), "organization_id: must not be empty"},
      {run(c.retrieve(".")), "organization_id: must not be a dot segment"},
      {run(c.retrieve("..")), "organization_id: must not be a dot segment"},
      {run(c.retrieve("%2e")), "organization_id: must not be a dot segment"},
      {run(c.retrieve(".%2E")), "organization_id: must not be a dot segment"},
      {run(c.retrieve(std::string(256, 'x'))), "organization_id: must have 1 to 255 characters, but has 256"},
      {run(c.retrieve("\xff")), "organization_id: must be valid UTF-8"},
      {run(c.retrieve("acme", keycard::retrieve_params{}.expand(""))), "expand"},
      {run(c.enable("", good)), "organization_id"},
      {run(c.enable("acme", keycard::enable_params{"c", ""})), "identifier: must not be empty"},
      {run(c.enable("acme", keycard::enable_params{"c", std::string(2049, 'x')})), "has 2049"},
      {run(c.enable("acme", keycard::enable_params{"\xc3", "x"})), "client_id: must be valid UTF-8"},
      {run(c.update("acme", keycard::update_params{}.identifier(std::string(2049, 'x')))), "identifier"},
      {run(c.update("acme", keycard::update_params{}.protocols(keycard::protocols_params{}.oauth2(
                                keycard::oauth2_params{}.jwks_uri("no uri"))))),
       "protocols.oauth2.jwks_uri"},
      {run(c.retrieve("acme", {}, call_options{}.header("X-A", "b\r\nX-C: d"))),
       "header X-A: a header value"},
      {run(c.retrieve("acme", {}, call_options{}.header("X-A", std::string("b\0c", 3)))), "header X-A"},
      {run(c.retrieve("acme", {}, call_options{}.header("X A", "b"))), "header X A: a header name"},
      {run(c.retrieve("acme", {}, call_options{}.header("", "b"))), "a header name must be a token"},
      {run(c.retrieve("acme", {}, call_options{}.header("authorization", "b"))), "credentials"},
      {run(c.retrieve("acme", {}, call_options{}.header("Host", "b"))), "belongs to the transport"},
      {run(c.retrieve("acme", {}, call_options{}.header("content-length", "5"))), "belongs to the transport"},
      {run(c.retrieve("acme", {}, call_options{}.header("TE", "trailers"))), "belongs to the transport"},
      {run(c.retrieve("acme", {}, call_options{}.header("Proxy-Authorization", "x"))),
       "belongs to the transport"},
      {run(c.retrieve("acme", {}, call_options{}.query("", "b"))), "query: a parameter needs a name"},
      {run(c.retrieve("acme", {}, call_options{}.client_request_id("42"))),
       "client_request_id: must be a UUID"},
      {run(c.retrieve("acme", {}, call_options{}.attempt_timeout(-1s))),
       "attempt_timeout: must be more than zero"},
      {run(c.retrieve("acme", {}, call_options{}.max_retries(21))), "max_retries: must be at most 20"},
      {run(c.retrieve("acme", {}, call_options{}.extra_body("a", 1))),
       "extra_body: this operation has no body"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.words);
    REQUIRE(!r.got);
    CAPTURE(r.got.error().message());
    CHECK(r.got.error().code() == errc::invalid_argument);
    CHECK(r.got.error().outcome() == outcome::not_sent);
    CHECK(r.got.error().attempts() == 0);
    CHECK(r.got.error().message().find(r.words) != std::string::npos);
  }
  CHECK(s.network.request_count() == 0);
}

TEST_CASE("a Content-Type of the client replaces the default one", "[keycard]") {
  scripted s;
  s.network.reply(200, example);
  client_options options;
  options.headers.add("Content-Type", "application/merge-patch+json");
  REQUIRE(run(s.make(options).update("acme", keycard::update_params{}.identifier("x"))));
  CHECK(s.only_request().headers.get("Content-Type") == "application/merge-patch+json");
}

TEST_CASE("an error for an invalid argument has the request id given by the caller", "[keycard]") {
  scripted s;
  const auto c = s.make();
  const std::string uuid = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
  const auto e = run(c.disable("", call_options{}.client_request_id(uuid))).error();
  CHECK(e.code() == errc::invalid_argument);
  CHECK(e.client_request_id() == uuid);
  CHECK(run(c.disable("", call_options{}.client_request_id("no uuid"))).error().client_request_id().empty());
  CHECK(run(c.disable("")).error().client_request_id().empty());
}

TEST_CASE("expand is sent as a repeated parameter or with brackets", "[keycard]") {
  for (const auto& [format, query] :
       {std::pair{expand_format::repeat, "?expand=permissions&expand=total_count&expand=what%20comes"},
        std::pair{expand_format::brackets,
                  "?expand%5B%5D=permissions&expand%5B%5D=total_count&expand%5B%5D=what%20comes"}}) {
    scripted s;
    s.network.reply(200, example);
    client_options options;
    options.expand_format = format;
    auto c = s.make(options);
    REQUIRE(run(c.retrieve("acme", keycard::retrieve_params{}.expand(keycard::expansion::permissions,
                                                                     keycard::expansion::total_count,
                                                                     "what comes"))));
    CHECK(s.only_request().target == std::string{"/organizations/acme/sso-connection"} + query);
  }
}

TEST_CASE("query parameters of client and operation and call are combined", "[keycard]") {
  scripted s;
  s.network.reply(200, example);
  client_options options;
  options.query = {{"a", "1"}, {"b&", "2 3"}};
  auto c = s.make(options);
  REQUIRE(run(c.retrieve("acme", keycard::retrieve_params{}.expand(keycard::expansion::permissions),
                         call_options{}.query("c", "ü").query("a", "4"))));
  CHECK(s.only_request().target ==
        "/organizations/acme/sso-connection?expand=permissions&a=1&b%26=2%203&c=%C3%BC&a=4");
}

TEST_CASE("the base URL may have a path and a port and a trailing slash", "[keycard]") {
  const std::pair<std::string, std::string> rows[] = {
      {"http://localhost:5000", "http://localhost:5000 /organizations/acme/sso-connection"},
      {"http://localhost:5000/", "http://localhost:5000 /organizations/acme/sso-connection"},
      {"http://localhost:5000/custom/path/",
       "http://localhost:5000 /custom/path/organizations/acme/sso-connection"},
      {"https://proxy.example/custom", "https://proxy.example /custom/organizations/acme/sso-connection"},
      {"https://[::1]:8443", "https://[::1]:8443 /organizations/acme/sso-connection"},
  };
  for (const auto& [base, expected] : rows) {
    CAPTURE(base);
    scripted s;
    s.network.reply(200, example);
    client_options options;
    options.base_url = base;
    REQUIRE(run(s.make(options).retrieve("acme")));
    const auto request = s.only_request();
    CHECK(to_string(request.origin) + ' ' + request.target == expected);
  }
}

TEST_CASE("headers of the call override those of the client and those override the defaults", "[keycard]") {
  scripted s;
  s.network.reply(204).reply(204);
  client_options options;
  options.user_agent = "service/2";
  options.headers = {{"X-Team", "a"}, {"Accept", "application/vnd.x+json"}};
  const auto c = s.make(options);
  REQUIRE(run(c.disable("acme")));
  REQUIRE(run(c.disable(
      "acme", call_options{}
                  .header("x-team", "b")
                  .header("accept", "text/plain")
                  .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))));
  const auto sent = s.network.requests();
  CHECK(sent[0].headers.get("X-Team") == "a");
  CHECK(sent[0].headers.get("Accept") == "application/vnd.x+json");
  CHECK(sent[0].headers.get("User-Agent") == "service/2");
  CHECK(sent[1].headers.get("X-Team") == "b");
  CHECK(sent[1].headers.get("Accept") == "text/plain");
  CHECK(sent[1].headers.get("traceparent") == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
}

TEST_CASE("all attempts of a call send the same request id given by the caller or generated", "[keycard]") {
  scripted s;
  s.network.reply(503).reply(503).reply(200, example).reply(200, example);
  const auto c = s.make();
  REQUIRE(run(c.retrieve("acme")));
  REQUIRE(
      run(c.retrieve("acme", {}, call_options{}.client_request_id("1ba1f401-7183-47c5-9e39-e8e257e3c795"))));
  const auto sent = s.network.requests();
  REQUIRE(sent.size() == 4);
  const std::string made{sent[0].headers.get("X-Client-Request-ID").value()};
  REQUIRE(made.size() == 36);
  CHECK(made[14] == '4');
  CHECK(std::string{"89ab"}.find(made[19]) != std::string::npos);
  CHECK(sent[1].headers.get("X-Client-Request-ID") == made);
  CHECK(sent[2].headers.get("X-Client-Request-ID") == made);
  CHECK(sent[3].headers.get("X-Client-Request-ID") == "1ba1f401-7183-47c5-9e39-e8e257e3c795");
}

TEST_CASE("the client request id may be a header of a call, but not of a client", "[keycard]") {
  scripted s;
  s.network.reply(503).reply(200, example);
  const std::string uuid = "1ba1f401-7183-47c5-9e39-e8e257e3c795";
  REQUIRE(run(s.make().retrieve("acme", {}, call_options{}.header("x-client-request-id", uuid))));
  for (const auto& request : s.network.requests()) CHECK(request.headers.get("X-Client-Request-ID") == uuid);
  CHECK(failure(run(s.make().retrieve("acme", {}, call_options{}.header("X-Client-Request-ID", "42"))))
            .what()
            .find("must be a UUID") != std::string::npos);
  client_options options;
  options.headers = {{"X-Client-Request-ID", uuid}};
  CHECK_THROWS_AS(s.make(options), exception);
}

TEST_CASE("extra_body adds members that the library does not know", "[keycard]") {
  scripted s;
  s.network.reply(200, example);
  const boost::json::value openid{{"openid", {{"external_id_claim", "oid"}}}};
  REQUIRE(run(
      s.make().update("acme",
                      keycard::update_params{}.identifier("x").protocols(keycard::protocols_params{}.openid(
                          keycard::openid_params{}.userinfo_endpoint("https://idp/me"))),
                      call_options{}
                          .extra_body("protocols", openid)
                          .extra_body("identifier", "y")
                          .extra_body("beta", nullptr))));
  CHECK(
      s.only_request().body ==
      R"({"identifier":"y","protocols":{"openid":{"userinfo_endpoint":"https://idp/me","external_id_claim":"oid"}},)"
      R"("beta":null})");
}

TEST_CASE("request sends an untyped call", "[keycard]") {
  scripted s;
  s.network.reply(200, R"({"items":[1]})").reply(200, "{}").reply(500);
  const auto c = s.make();
  const auto listed = run(c.request(http::method::get, "/organizations?limit=2"));
  REQUIRE(listed);
  CHECK(listed->http.json().value().at("items").at(0) == 1);
  REQUIRE(run(c.request(http::method::put, "/x", R"({"a":1})", call_options{}.query("q", "1"))));
  const auto posted = failure(run(c.request(http::method::post, "/x", "{}")));
  CHECK(posted.code() == errc::server_error);
  const auto sent = s.network.requests();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].target == "/organizations?limit=2");
  CHECK(sent[0].replayable);
  CHECK(sent[1].target == "/x?q=1");
  CHECK(sent[1].body == R"({"a":1})");
  CHECK(sent[1].headers.get("Content-Type") == "application/json");
  CHECK_FALSE(sent[2].replayable);

  CHECK(failure(run(c.request(http::method::get, "x"))).code() == errc::invalid_argument);
  CHECK(failure(run(c.request(http::method::get, "/a/../b"))).code() == errc::invalid_argument);
  CHECK(failure(run(c.request(http::method::get, "/x", "{}"))).code() == errc::invalid_argument);
  CHECK(failure(run(c.request(http::method::post, "/x", "{"))).code() == errc::invalid_argument);
  CHECK(failure(run(c.request(http::method::post, "/x", "[]", call_options{}.extra_body("a", 1)))).code() ==
        errc::invalid_argument);
}

TEST_CASE("an error response keeps code and message and request id of the server", "[keycard]") {
  scripted s;
  s.network.reply(409, R"({"message":"SSO is already enabled","code":"sso_enabled","status":409})",
                  {{"X-Request-Id", "r-9"}, {"Content-Type", "application/json"}});
  const auto e = failure(run(s.make().enable("acme", {"client", "https://idp"})));
  CHECK(e.code() == errc::conflict);
  CHECK(e.status() == 409);
  CHECK(e.server_code() == "sso_enabled");
  CHECK(e.server_message() == "SSO is already enabled");
  CHECK(e.request_id() == "r-9");
  CHECK(e.client_request_id().size() == 36);
  CHECK(e.attempts() == 1);
  CHECK(e.outcome() == outcome::rejected);
  CHECK(e.headers().get("Content-Type") == "application/json");
  CHECK(e.body().find("already") != std::string::npos);
  CHECK(e.message().rfind("POST /organizations/acme/sso-connection: 409 conflict \"SSO is already enabled\"",
                          0) == 0);
  CHECK(s.network.request_count() == 1);
}

TEST_CASE("an error response with another body format keeps the body", "[keycard]") {
  for (const std::string body : {"", "<html>Bad gateway</html>", "[1,2]", "\"text\"",
                                 R"({"message":5,"code":[]})", "{\"mess", "\xff\xfe"}) {
    CAPTURE(body);
    scripted s;
    s.network.reply(404, body, {{"X-Request-Id", "r"}});
    const auto e = failure(run(s.make().retrieve("acme")));
    CHECK(e.code() == errc::not_found);
    CHECK(e.status() == 404);
    CHECK(e.body() == body);
    CHECK(e.server_message().empty());
    CHECK(e.request_id() == "r");
  }
}

TEST_CASE("an error reads code and message from other common body formats", "[keycard]") {
  struct row {
    std::string body, code, message;
  };
  const row rows[] = {
      {R"({"code":"a","message":"b"})", "a", "b"},
      {R"({"error":{"code":"a","message":"b"}})", "a", "b"},
      {R"({"error":{"code":7,"message":"b"}})", "7", "b"},
      {R"({"type":"about:blank","title":"t","detail":"d"})", "", "d"},
      {R"({"title":"t"})", "", "t"},
      {R"({"message":["a","b"]})", "", "a; b"},
      {R"({"message":["a","b","c","d"]})", "", "a; b; c; ..."},
      {R"({"error":"words"})", "", "words"},
      {R"({"error":"x","error_description":"y"})", "", "y"},
      {R"({"message":[{"property":"p","message":"m"},"n"]})", "", "m; n"},
      {R"({"errors":[{"message":"too long"}]})", "", "too long"},
      {R"({"message":"short","trace":")" + std::string(9000, 'x') + R"("})", "", "short"},
      {R"([1])", "", ""},
  };
  for (const auto& r : rows) {
    CAPTURE(r.body);
    const auto failed = failure_of(403, r.body);
    CHECK(failed.server_code() == r.code);
    CHECK(failed.server_message() == r.message);
  }
  const auto html = failure_of(403, "<html>\n blocked", {{"Content-Type", "text/html"}});
  CHECK(html.message().find("403 forbidden: the response is text/html: <html>") != std::string::npos);
}

TEST_CASE("an HTML response with status 200 is an error", "[keycard]") {
  for (const std::string type : {"text/html", "Text/HTML; charset=utf-8"}) {
    const auto failed = failure_of(200, "<html>login</html>", {{"Content-Type", type}});
    CHECK(failed.code() == errc::decode_failed);
    CHECK(failed.outcome() == outcome::maybe_executed);
    CHECK(failed.unsettled());
  }
  for (const http::headers& type : {http::headers{}, http::headers{{"Content-Type", "application/xhtml+xml"}},
                                    http::headers{{"Content-Type", "application/json"}}}) {
    CHECK(failure_of(200, "\n <!DOCTYPE html><p>login", type).code() == errc::decode_failed);
  }
}

TEST_CASE("disable refuses a success with the content of a failure", "[keycard]") {
  const auto [body, words] = GENERATE(table<std::string, std::string>({
      {R"({"message":"no permission","code":"forbidden","status":403})", "no permission"},
      {R"({"success":false,"errors":[{"message":"not allowed"}]})", "not allowed"},
      {R"({"success":false})", "an error"},
      {R"({"error":"not allowed"})", "not allowed"},
      {"\xEF\xBB\xBF<html>login", "an HTML page"},
      {"\v\f<html>login", "an HTML page"},
      {"window.location='/login'", "not JSON"},
      {R"({"a":)", "not JSON"},
      {"false", "an error"},
  }));
  CAPTURE(body);
  const auto failed = failure_of(200, body, {});
  CHECK(failed.code() == errc::decode_failed);
  CHECK(failed.outcome() == outcome::maybe_executed);
  CHECK(failed.message().find(words) != std::string::npos);
}

TEST_CASE("disable accepts a success with other content", "[keycard]") {
  for (const std::string body : {" \r\n", "{}", "null", "true", R"({"success":true})", R"({"id":"x"})"}) {
    CAPTURE(body);
    scripted s;
    s.network.reply(200, body);
    CHECK(run(s.make().disable("acme")));
  }
}

TEST_CASE("a success response with an error object keeps the server's words", "[keycard]") {
  scripted s;
  s.network.reply(200, R"({"message":"denied","code":"forbidden","status":403})");
  const auto e = failure(run(s.make().retrieve("acme")));
  CHECK(e.code() == errc::decode_failed);
  CHECK(e.server_code() == "forbidden");
  CHECK(e.server_message() == "denied");
}

TEST_CASE("an error without a body has the error of WWW-Authenticate", "[keycard]") {
  const auto e = failure_of(403, "", {{"WWW-Authenticate", R"(Bearer error="insufficient_scope")"}});
  CHECK(e.message().find(R"(WWW-Authenticate: Bearer error="insufficient_scope")") != std::string::npos);
  CHECK(failure_of(403, "", {{"WWW-Authenticate", "Bearer"}}).what().empty());
}

TEST_CASE("an error body may begin with a byte order mark, and a code may be a number", "[keycard]") {
  const auto e = failure_of(403, "\xEF\xBB\xBF{\"message\":\"blocked\",\"code\":40301}", {});
  CHECK(e.server_code() == "40301");
  CHECK(e.server_message() == "blocked");
  CHECK(failure_of(403, R"({"message":"  "})", {}).server_message().empty());
}

TEST_CASE("an error list of objects without a message is shown as it is", "[keycard]") {
  const auto e = failure_of(400, R"({"error":"Bad Request","message":[{"property":"x"}]})", {});
  CHECK(e.server_message() == R"({"property":"x"})");
}

TEST_CASE("an empty response with a Content-Type of HTML is a success", "[keycard]") {
  scripted s;
  s.network.reply(204, "", {{"Content-Type", "text/html; charset=UTF-8"}});
  CHECK(run(s.make().disable("acme")));
}

TEST_CASE("a success response that cannot be decoded keeps status and headers and body excerpt",
          "[keycard]") {
  const std::pair<std::string, std::string> rows[] = {
      {"", "incomplete"},
      {"<html>sign in</html>", "an HTML page"},
      {example.substr(0, example.size() / 2), "incomplete"},
      {"[]", "expected object"},
      {"{}", "required member is missing"},
      {R"({"id":5})", "id: expected string"},
      {std::string(100, '[') + std::string(100, ']'), ""},
  };
  for (const auto& [body, words] : rows) {
    CAPTURE(body);
    scripted s;
    s.network.reply(200, body, {{"Content-Type", "text/html"}, {"X-Request-Id", "r"}});
    const auto e = failure(run(s.make().retrieve("acme")));
    CAPTURE(e.message());
    CHECK(e.code() == errc::decode_failed);
    CHECK(e.status() == 200);
    CHECK(e.body() == body);
    CHECK(e.headers().get("Content-Type") == "text/html");
    CHECK(e.request_id() == "r");
    CHECK(e.message().find(words) != std::string::npos);
    CHECK(e.message().find("text/html") != std::string::npos);
  }
}

TEST_CASE("redirects are not followed", "[keycard]") {
  scripted s;
  s.network.reply(302, {}, {{"Location", "https://elsewhere.example/login?token=canary"}});
  const auto e = failure(run(s.make().retrieve("acme")));
  CHECK(e.code() == errc::unexpected_status);
  CHECK(e.message().find("https://elsewhere.example/login") != std::string::npos);
  CHECK(e.message().find("canary") == std::string::npos);
  CHECK(s.network.request_count() == 1);
}

TEST_CASE("the error for a redirected token request names the target without its query", "[keycard]") {
  fake_transport network;
  network.expect_token().reply(301, "", {{"Location", "https://login.example/o/token/?secret=canary"}});
  const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}}};
  const auto failed = run(c.disable("acme")).error();
  CHECK(failed.code() == errc::unexpected_status);
  CHECK(failed.message().find("redirects are not followed; to https://login.example/o/token/") !=
        std::string::npos);
  CHECK(failed.message().find("canary") == std::string::npos);
}

TEST_CASE("a client with an invalid option is refused and the option is named", "[keycard]") {
  struct row {
    std::string words;
    void (*change)(client_options&);
  };
  const row rows[] = {
      {"base_url: must be an absolute URL", [](client_options& o) { o.base_url = "api.keycard.ai"; }},
      {"base_url: credentials travel over plain http",
       [](client_options& o) { o.base_url = "http://api.keycard.ai"; }},
      {"token_url: has an effect with client_credentials only",
       [](client_options& o) { o.token_url = "/t"; }},
      {"timeout: must be more than zero", [](client_options& o) { o.timeout = 0ms; }},
      {"attempt_timeout: must be more than zero", [](client_options& o) { o.attempt_timeout = -1ms; }},
      {"limits.body_bytes", [](client_options& o) { o.limits.body_bytes = 0; }},
      {"limits.header_bytes", [](client_options& o) { o.limits.header_bytes = 0; }},
      {"limits.timeout", [](client_options& o) { o.limits.timeout = 0s; }},
      {"retry.max_retries", [](client_options& o) { o.retry.max_retries = 21; }},
      {"retry.initial_backoff", [](client_options& o) { o.retry.initial_backoff = 0ms; }},
      {"retry.max_backoff", [](client_options& o) { o.retry.max_backoff = 1ms; }},
      {"retry.max_server_wait", [](client_options& o) { o.retry.max_server_wait = -1ms; }},
      {"retry.budget_refill", [](client_options& o) { o.retry.budget_refill = 1.5; }},
      {"user_agent", [](client_options& o) { o.user_agent = "a\nb"; }},
      {"headers: X-A: a header value", [](client_options& o) { o.headers.add("X-A", "a\r\nb"); }},
      {"headers: X A: a header name", [](client_options& o) { o.headers.add("X A", "a"); }},
      {"headers: Authorization", [](client_options& o) { o.headers.add("Authorization", "a"); }},
      {"query: a parameter needs a name", [](client_options& o) { o.query.emplace_back("", "x"); }},
  };
  for (const auto& r : rows) {
    CAPTURE(r.words);
    client_options options;
    r.change(options);
    try {
      scripted{}.make(options);
      FAIL_CHECK("not refused");
    } catch (const exception& refused) {
      CHECK(refused.error().code() == errc::invalid_argument);
      CHECK(std::string{refused.what()}.find(r.words) != std::string::npos);
    }
  }
}

TEST_CASE("a client with invalid credentials is refused", "[keycard]") {
  const auto refused = [](credentials bad) {
    try {
      const client built{fake_transport{}, std::move(bad)};
      return std::string{};
    } catch (const exception& e) {
      return std::string{e.what()};
    }
  };
  CHECK(refused(bearer_token{""}).find("bearer_token") != std::string::npos);
  CHECK(refused(bearer_token{"canary\n"}).find("bearer_token") != std::string::npos);
  CHECK(refused(bearer_token{"canary\n"}).find("canary") == std::string::npos);
  CHECK(refused(client_credentials{"", secret{"x"}}).find("client_id") != std::string::npos);
  CHECK(refused(client_credentials{"a", secret{}}).find("client_secret") != std::string::npos);
  CHECK(refused(client_credentials{"a", secret{"canary\n"}})
            .find("client_credentials.client_secret: must not contain control characters") !=
        std::string::npos);
  CHECK(refused(client_credentials{"a", secret{"canary\n"}}).find("canary") == std::string::npos);
  for (const std::string id : {"a\r\n", "\ta", "a\x7f"}) {
    for (const auto encoding : {basic_encoding::raw, basic_encoding::form_encoded}) {
      CHECK(refused(client_credentials{id, secret{"x"}}.encoding(encoding))
                .find("client_credentials.client_id: must not contain control characters") !=
            std::string::npos);
    }
  }
  CHECK(refused(client_credentials{"a", secret{std::string{"x\0", 2}}}).find("client_secret") !=
        std::string::npos);
  CHECK(refused(client_credentials{"b\xc3\xbc", secret{"\x80 \xff"}}).empty());
  CHECK(refused(client_credentials{"a:b", secret{"x"}}).find("':'") != std::string::npos);
  CHECK(refused(client_credentials{"a:b", secret{"x"}}.encoding(basic_encoding::form_encoded)).empty());
  CHECK(refused(token_source{nullptr}).find("token_source") != std::string::npos);
}

TEST_CASE("plain http to other hosts requires dangerously_allow_plain_http", "[keycard]") {
  client_options options;
  options.base_url = "http://api.internal";
  options.dangerously_allow_plain_http = true;
  scripted s;
  s.network.reply(200, example);
  REQUIRE(run(s.make(options).retrieve("acme")));
  CHECK(to_string(s.only_request().origin) == "http://api.internal");
}

TEST_CASE("the token endpoint has the host of the base URL unless token_url is set", "[keycard]") {
  struct row {
    std::string base;
    std::string token;
    std::string expected;
  };
  const row rows[] = {
      {"", "", "https://api.keycard.ai/service-account-token"},
      {"https://staging.example/v1/", "", "https://staging.example/v1/service-account-token"},
      {"https://staging.example/v1", "/organizations/o-1/service-account-token",
       "https://staging.example/v1/organizations/o-1/service-account-token"},
      {"https://staging.example", "https://login.example/token", "https://login.example/token"},
  };
  for (const auto& r : rows) {
    scripted s;
    s.network.reply(200, R"({"access_token":"t"})").reply(200, example);
    client_options options;
    options.base_url = r.base;
    options.token_url = r.token;
    client c{s.network, client_credentials{"id", secret{"pw"}}, options, s.time};
    REQUIRE(run(c.retrieve("acme")));
    const auto asked = s.network.requests()[0];
    CHECK(to_string(asked.origin) + asked.target == r.expected);
    CHECK(asked.headers.get("Authorization") == "Basic aWQ6cHc=");
  }
  client_options options;
  options.token_url = "http://login.example/token";
  CHECK_THROWS_AS((client{fake_transport{}, client_credentials{"id", secret{"pw"}}, options}), exception);
}

TEST_CASE("the token endpoint URL is sent exactly as configured", "[keycard]") {
  struct row {
    std::string base_url, token_url, target;
  };
  const row rows[] = {
      {"", "https://login.example/o/token/", "/o/token/"},
      {"", "https://login.example/token?tenant=a%2Fb", "/token?tenant=a%2Fb"},
      {"", "https://login.example", "/"},
      {"", "https://login.example?x=1", "/?x=1"},
      {"https://api.example/v1/", "/token/", "/v1/token/"},
      {"https://api.example/v1", "/token?a=b", "/v1/token?a=b"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.token_url);
    fake_transport network;
    network.reply(200, R"({"access_token":"t"})").reply(204);
    client_options options;
    options.base_url = r.base_url;
    options.token_url = r.token_url;
    const keycard::basic_client<fake_transport> c{network, client_credentials{"id", secret{"pw"}}, options};
    REQUIRE(run(c.disable("acme")));
    CHECK(network.requests()[0].target == r.target);
  }
}

TEST_CASE("a connection at fake_keycard is enabled and updated and disabled", "[keycard]") {
  manual_runtime time;
  fake_keycard service{time};
  service.add_organization("acme").add_client("id", "pw");
  fake_transport network{time};
  network.handle(service);
  const client c{network, client_credentials{"id", secret{"pw"}}, {}, time};

  CHECK(failure(run(c.retrieve("acme"))).code() == errc::not_found);
  const auto enabled =
      run(c.enable("acme", keycard::enable_params{"client", "https://idp"}.client_secret("s-1")));
  REQUIRE(enabled);
  CHECK(enabled->http.status == 201);
  CHECK(enabled->client_secret_set);
  CHECK(failure(run(c.enable("acme", {"client", "https://idp"}))).code() == errc::conflict);

  const auto updated =
      run(c.update("acme", keycard::update_params{}.client_secret(null).identifier("https://idp/2")));
  REQUIRE(updated);
  CHECK_FALSE(updated->client_secret_set);
  CHECK(updated->identifier == "https://idp/2");
  const auto read =
      run(c.retrieve("acme", keycard::retrieve_params{}.expand(keycard::expansion::permissions)));
  REQUIRE(read);
  CHECK(read->identifier == "https://idp/2");
  CHECK(read->permissions);

  REQUIRE(run(c.disable("acme")));
  CHECK(failure(run(c.disable("acme"))).code() == errc::not_found);
  CHECK(service.tokens_issued() == 1);
}

TEST_CASE("a client with any_transport accepts any transport", "[keycard]") {
  manual_runtime time;
  fake_transport network{time};
  network.reply(200, example);
  const keycard::basic_client<any_transport, manual_runtime> c{network, bearer_token{"t"}, {}, time};
  REQUIRE(run(c.retrieve("acme")));
  CHECK(network.request_count() == 1);
}

namespace {

using any_client = keycard::basic_client<any_transport>;

static_assert(std::convertible_to<client, any_client>);
static_assert(std::convertible_to<keycard::basic_client<fake_transport>, any_client>);
static_assert(std::convertible_to<keycard::basic_client<any_transport, manual_runtime>, any_client>);
static_assert(!std::constructible_from<client, any_client>);
static_assert(!std::constructible_from<client, keycard::basic_client<fake_transport>>);
static_assert(!std::constructible_from<keycard::basic_client<any_transport, manual_runtime>, any_client>);
static_assert(std::copyable<any_client> && std::is_nothrow_move_constructible_v<any_client>);
static_assert(std::same_as<decltype(keycard::basic_client{std::declval<any_client>()}), any_client>);
static_assert(std::same_as<decltype(keycard::basic_client{std::declval<client>()}), client>);
static_assert(std::same_as<decltype(keycard::basic_client{std::declval<fake_transport>(), bearer_token{""},
                                                          client_options{}, manual_runtime{}}),
                           client>);

}  // namespace

TEST_CASE("a client converted to any_transport shares its state with the original", "[keycard]") {
  scripted s;
  s.network.reply(200, R"({"access_token":"t"})").reply(200, example).reply(503).reply(200, example);
  const client own{s.network, client_credentials{"id", secret{"pw"}}, {}, s.time};
  REQUIRE(run(own.retrieve("acme")));
  const any_client stored = own;
  REQUIRE(run(stored.retrieve("acme")));
  CHECK(s.network.request_count() == 4);
  CHECK(s.network.requests()[3].headers.get("Authorization") == "Bearer t");
  CHECK(s.time.slept().size() == 1);
}

TEST_CASE("an observer that throws does not affect the call", "[keycard]") {
  fake_transport network;
  network.reply(204);
  client_options options;
  int events = 0;
  options.observer = [&events](const event&) {
    ++events;
    throw std::runtime_error{"observer"};
  };
  const client c{network, bearer_token{"t"}, options};
  CHECK(run(c.disable("acme")));
  CHECK(events == 3);
}

// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/cassette.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/recorder.hpp>
#include <sso/testing/replayer.hpp>
#include <sso/testing/run.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace sso;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::manual_runtime;
using sso::testing::recorded_exchange;
using sso::testing::recorder;
using sso::testing::redact;
using sso::testing::replayer;
using sso::testing::run;

static_assert(transport<recorder<fake_transport>>);
static_assert(transport<replayer>);

namespace {

const std::string canary = "canary-7f3a";

http::request get(std::string target) {
  http::request request;
  request.origin.host = "api.example.com";
  request.target = std::move(target);
  return request;
}

/// A cassette with one success for each target.
std::string cassette_of(std::initializer_list<const char*> targets) {
  std::vector<recorded_exchange> all;
  for (const auto* target : targets) {
    all.push_back({http::method::get, target, {}, {}, http::response{200, {}, target}});
  }
  return testing::write_cassette(all);
}

template <class Client>
std::string life_of_a_connection(const Client& client) {
  std::string log;
  const auto note = [&](const auto& got) {
    log += got ? std::to_string(got->http.status) + ' '
               : std::string{to_string(static_cast<errc>(got.error().code().value()))} + ' ';
  };
  note(run(client.retrieve("acme")));
  note(run(
      client.enable("acme", keycard::enable_params{"c", "https://idp.example.com"}.client_secret(canary))));
  const auto shown = run(client.retrieve("acme", keycard::retrieve_params{}.expand("permissions")));
  note(shown);
  if (shown) log += shown->identifier + (shown->client_secret_set ? " with secret " : " without ");
  note(run(client.disable("acme", call_options{}.query("key", canary))));
  return log;
}

}  // namespace

TEST_CASE("cassette: a recorded exchange can be replayed", "[cassette]") {
  manual_runtime time;
  fake_keycard service{time};
  service.add_client("id", canary).add_organization("acme");
  service.fail_next(503, {{"Retry-After", "1"}, {"Set-Cookie", canary}}, "<html>" + canary + "</html>");
  fake_transport network{time};
  network.fail(errc::connect_failed, outcome::not_sent, "connect to api.keycard.example: refused")
      .handle(service);
  const recorder tape{network};
  client_options options;
  options.headers = {{"X-Api-Key", canary}};
  const client_credentials proof{"id", secret{canary}};
  const auto lived = life_of_a_connection(keycard::basic_client{tape, proof, options, time});
  CHECK(lived == "not_found 201 200 https://idp.example.com with secret 204 ");

  const auto cassette = tape.cassette();
  CAPTURE(cassette);
  CHECK(cassette.find(canary) == std::string::npos);
  for (const auto& sent : network.requests()) {
    const auto proof_sent = sent.headers.get("Authorization");
    REQUIRE(proof_sent);
    CHECK(cassette.find(proof_sent->substr(proof_sent->find(' ') + 1)) == std::string::npos);
  }
  const replayer again{cassette};
  CHECK(life_of_a_connection(keycard::basic_client{again, proof, options, manual_runtime{}}) == lived);
  CHECK(again.faults() == "");
  CHECK(again.left() == 0);
}

TEST_CASE("cassette: an exchange is recorded without its secrets", "[cassette]") {
  auto request = get("/x?expand%5B%5D=permissions&key=" + canary + "&flag");
  request.method = http::method::patch;
  request.headers = {
      {"Authorization", "Bearer " + canary}, {"Content-Type", "application/json"}, {"X-New", "12"}};
  request.body =
      R"({"client_id":"c","client_secret":")" + canary + R"(","deep":[{"Refresh_Token":{"a":1}}]})";
  http::response response{200,
                          {{"Content-Type", "application/json"},
                           {"Location", "https://x/y?code=" + canary},
                           {"Retry-After", "3"},
                           {"Set-Cookie", "sid=" + canary}},
                          R"({"client_secret_set":true,"token_type":"Bearer","note":"you sent )" + canary +
                              R"(","identifier":"https://idp/)" + canary + R"("})"};
  const auto kept = redact(request, response);
  CHECK(kept.target == "/x?expand%5B%5D=permissions&key=REDACTED&flag");
  CHECK(kept.request_headers == http::headers{{"Authorization", "REDACTED"},
                                              {"Content-Type", "application/json"},
                                              {"X-New", "REDACTED"}});
  CHECK(kept.request_body ==
        R"({"client_id":"c","client_secret":"REDACTED","deep":[{"Refresh_Token":{"a":"REDACTED"}}]})");
  REQUIRE(kept.answer);
  CHECK(kept.answer->headers == http::headers{{"Content-Type", "application/json"},
                                              {"Location", "https://x/y"},
                                              {"Retry-After", "3"},
                                              {"Set-Cookie", "REDACTED"}});
  CHECK(
      kept.answer->body ==
      R"({"client_secret_set":true,"token_type":"Bearer","note":"REDACTED","identifier":"https://idp/REDACTED"})");
}

TEST_CASE("cassette: a location keeps neither user information, query nor fragment", "[cassette]") {
  const auto kept = [](const std::string& location) {
    const auto exchange = redact(get("/"), http::response{302, {{"Location", location}}, {}});
    return std::string{exchange.answer->headers.get("Location").value_or("none")};
  };
  CHECK(kept("https://x/a#access_token=" + canary) == "https://x/a");
  CHECK(kept("https://u:" + canary + "@x:8443/a?b=c#d") == "https://x:8443/a");
  CHECK(kept("//" + canary + "@x/a") == "//x/a");
  CHECK(kept("/a/b?code=" + canary) == "/a/b");
  CHECK(kept("https://x/a b/" + canary) == "REDACTED");
}

TEST_CASE("cassette: a parameter without '=' is a value in a form and a name in a query", "[cassette]") {
  auto request = get("/a?flag");
  request.method = http::method::post;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = canary;
  const auto kept = redact(request, http::response{200, {}, R"({"id":")" + canary + R"("})"});
  CHECK(kept.target == "/a?flag");
  CHECK(kept.request_body == "REDACTED");
  CHECK(kept.answer->body == R"({"id":"REDACTED"})");
  request.body = "grant_type=a&" + canary + "&&x=1&";
  CHECK(redact(request, http::response{}).request_body == "grant_type=a&REDACTED&&x=REDACTED&");
}

TEST_CASE("cassette: a body keeps only values that are known to be public", "[cassette]") {
  const auto kept = [](const std::string& body, const testing::redaction& rules = {}) {
    return redact(get("/"), http::response{200, {{"Content-Type", "application/json"}}, body}, rules)
        .answer->body;
  };
  struct row {
    std::string body;
    std::string kept;
  };
  const std::vector<row> rows{
      {R"({"apiKey":"k1","passphrase":"k2","signing_key":"k3","jwt":"k4","session_id":"k5","code":"k6"})",
       R"({"apiKey":"REDACTED","passphrase":"REDACTED","signing_key":"REDACTED","jwt":"REDACTED",)"
       R"("session_id":"REDACTED","code":"REDACTED"})"},
      {R"({"session":{"id":"k1","pin":1234},"keys":["k2",5],"id":"c-1"})",
       R"({"session":{"id":"REDACTED","pin":"REDACTED"},"keys":["REDACTED","REDACTED"],"id":"c-1"})"},
      {R"({"identifier":"https://idp","client_secret":"k1","protocols":{"oauth2":{"token_endpoint":"https://idp/t",)"
       R"("scopes_supported":["openid"],"issuer":"k2"},"token_endpoint":"k3"}})",
       R"({"identifier":"https://idp","client_secret":"REDACTED","protocols":{"oauth2":{"token_endpoint":"https://idp/t",)"
       R"("scopes_supported":["openid"],"issuer":"REDACTED"},"token_endpoint":"REDACTED"}})"},
      {R"({"result":[{"domain":"a.example","verification_token":"v","x":"k1"}],"next_cursor":"c","config":{"issuer":"i"}})",
       R"({"result":[{"domain":"a.example","verification_token":"v","x":"REDACTED"}],"next_cursor":"c",)"
       R"("config":{"issuer":"i"}})"},
      {R"({"permissions":{"sso":{"read":true,"note":"k1"}},"client_id":{"a":"k2"},"verified":true,"none":null})",
       R"({"permissions":{"sso":{"read":true,"note":"REDACTED"}},"client_id":{"a":"REDACTED"},"verified":true,"none":null})"},
      {R"({"access_token":"k1","token_type":"Bearer","expires_in":600,"refresh_token":"k2"})",
       R"({"access_token":"REDACTED","token_type":"Bearer","expires_in":600,"refresh_token":"REDACTED"})"},
      {R"({"message":"k1","code":"not_found","status":404})",
       R"({"message":"REDACTED","code":"REDACTED","status":"REDACTED"})"},
      {R"(["k1",{"id":"c-1"}])", R"(["REDACTED",{"id":"c-1"}])"},
  };
  for (const auto& row : rows) CHECK(kept(row.body) == row.kept);

  testing::redaction more;
  more.members = {"Code", "tags"};
  CHECK(kept(R"({"code":"not_found","tags":["a",{"b":"k1","code":2}],"message":"k2"})", more) ==
        R"({"code":"not_found","tags":["a",{"b":"REDACTED","code":2}],"message":"REDACTED"})");
}

TEST_CASE("cassette: a secret that is a common word is redacted in values and not in names", "[cassette]") {
  http::request request = get("/connections/acme-secret");
  request.method = http::method::put;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = R"({"client_secret":"secret","client_id":"my-secret"})";
  const auto kept = redact(request, http::response{200, {}, R"({"client_secret_set":true,"id":"secret"})"});
  CHECK(kept.request_body == R"({"client_secret":"REDACTED","client_id":"my-REDACTED"})");
  CHECK(kept.answer->body == R"({"client_secret_set":true,"id":"REDACTED"})");
  CHECK(kept.target == "/connections/acme-REDACTED");

  const replayer network{testing::write_cassette({kept})};
  request.target = "/connections/other-secret";
  CHECK_FALSE(run(network.send(request, {})));
  request.target = "/connections/acme-/more";
  CHECK_FALSE(run(network.send(request, {})));
  request.target = "/connections/acme-secret";
  CHECK(run(network.send(request, {})));
}

TEST_CASE("cassette: a body that is neither JSON nor a form is redacted", "[cassette]") {
  const auto body_of = [](std::string body, const char* type) {
    return redact(get("/"), http::response{200, {{"Content-Type", type}}, std::move(body)}).answer->body;
  };
  CHECK(body_of("<html>" + canary, "text/html") == "REDACTED");
  CHECK(body_of('"' + canary + '"', "application/json") == "REDACTED");
  CHECK(body_of("{\"a\":", "application/json") == "REDACTED");
  CHECK(body_of("", "text/html").empty());
  CHECK(
      body_of("grant_type=client_credentials&client_secret=" + canary, "application/x-www-form-urlencoded") ==
      "grant_type=client_credentials&client_secret=REDACTED");
}

TEST_CASE("cassette: a failed exchange is recorded and replayed", "[cassette]") {
  fake_transport network;
  network.fail(errc::timeout, outcome::maybe_executed, "no response within 5 ms");
  recorder tape{network};
  const auto request = get("/a");
  (void)run(tape.send(request, {}));
  const auto replayed = run(replayer{tape.cassette()}.send(request, {}));
  REQUIRE(!replayed);
  CHECK(replayed.error().code() == errc::timeout);
  CHECK(replayed.error().outcome() == outcome::maybe_executed);
  CHECK(replayed.error().what() == "no response within 5 ms");
}

TEST_CASE("cassette: a request out of order fails and names the expected request", "[cassette]") {
  const replayer network{cassette_of({"/a", "/b?limit=1&key=REDACTED"})};
  const auto send = [&](const std::string& target) {
    const auto request = get(target);
    return run(network.send(request, {}));
  };
  const auto wrong = send("/b?limit=1&key=5");
  REQUIRE(!wrong);
  CHECK(wrong.error().code() == errc::protocol_error);
  CHECK(wrong.error().what() ==
        "replayer: request 1 is GET /b?..., but exchange 1 of the cassette is GET /a");
  CHECK(send("/a"));
  CHECK_FALSE(send("/b?limit=2&key=5"));
  CHECK_FALSE(send("/b?limit=1"));
  CHECK_FALSE(send("/b"));
  CHECK_FALSE(send("/b?limit=1&key=5&more=1"));
  CHECK(network.left() == 1);
  CHECK(network.faults().find("\n1 exchanges of the cassette are left, the first is GET /b?limit=1") !=
        std::string::npos);
  CHECK(send("/b?limit=1&key=5"));
  const auto over = send("/a");
  REQUIRE(!over);
  CHECK(over.error().what() == "replayer: request 8 is GET /a, but the cassette ends after 2 exchanges");
}

TEST_CASE("cassette: invalid text is refused with the reason", "[cassette]") {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      const replayer r{text};
    } catch (const exception& e) {
      CHECK(e.error().code() == errc::decode_failed);
      return e.error().what();
    }
    return "accepted";
  };
  CHECK(refusal("<html>").find("cassette: not JSON: ") == 0);
  CHECK(refusal("{}") == "cassette: the format is not sso-cassette/1");
  CHECK(refusal("[]") == "cassette: the format is not sso-cassette/1");
  CHECK(refusal(R"({"format":"sso-cassette/1"})") == "cassette: exchanges is missing or not an array");
  auto text = cassette_of({"/a", "/b"});
  CHECK(refusal(text) == "accepted");
  text.replace(text.rfind("GET"), 3, "GIT");
  CHECK(refusal(text) == "cassette: exchange 2 has a missing member or one of the wrong type");
}

TEST_CASE("cassette: a saved file can be loaded", "[cassette]") {
  const auto path = (std::filesystem::temp_directory_path() / "sso-cassette-test.json").string();
  fake_transport network;
  network.reply(200, R"({"id":"a"})");
  recorder tape{network};
  const auto request = get("/a");
  (void)run(tape.send(request, {}));
  tape.save(path);
  const auto replayed = run(replayer::from_file(path).send(request, {}));
  std::filesystem::remove(path);
  REQUIRE(replayed);
  CHECK(replayed->body == R"({"id":"a"})");
  CHECK_THROWS_AS(replayer::from_file(path), std::runtime_error);
  CHECK_THROWS_AS(tape.save("/no such folder/x"), std::runtime_error);
}

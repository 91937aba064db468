// SPDX-License-Identifier: BSL-1.0
// The cost of the parts of a call.
#include "answer.hpp"
#include "instant_transport.hpp"

#include <sso/json/decode.hpp>
#include <sso/json/encode.hpp>
#include <sso/keycard.hpp>
#include <sso/keycard/json.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/truto.hpp>
#include <sso/truto/json.hpp>

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace keycard = sso::keycard;
namespace truto = sso::truto;

constexpr const char* truto_connection = R"({
  "id": "1ba1f401-7183-47c5-9e39-e8e257e3c795", "team_id": "05daecaf-4365-42e8-8370-8127de5dd717",
  "protocol": "saml", "is_active": true, "enforced": false, "is_default": true,
  "config": {"idp_entity_id": "https://idp.example.com/metadata", "idp_sso_url": "https://idp.example.com/sso",
             "idp_x509_cert": "-----BEGIN CERTIFICATE-----\n", "sign_authn_requests": false},
  "default_role": "member", "default_environment_ids": ["production", "staging"],
  "created_at": "2021-08-10T10:00:00.000Z", "updated_at": "2021-08-10T10:30:00.000Z"})";
constexpr const char* truto_domains = R"({"result": [
  {"domain": "acme.example", "sso_connection_id": "1ba1f401-7183-47c5-9e39-e8e257e3c795", "verified": false,
   "verification_token": "0f2c7a1e9b", "created_at": "2021-08-10T10:00:00.000Z"},
  {"domain": "acme.test", "sso_connection_id": "1ba1f401-7183-47c5-9e39-e8e257e3c795", "verified": true,
   "verification_token": "8d11c3e07a", "created_at": "2021-08-10T10:00:00.000Z"}], "next_cursor": null})";
constexpr const char* truto_verification =
    R"({"domain": "acme.example", "verified": false, "detail": "no TXT record"})";

template <class Model>
void decode(benchmark::State& state, const std::string& body) {
  for (auto _ : state) {
    auto model = sso::json::decode<Model>(body);
    if (!model) state.SkipWithError("not decoded");
    benchmark::DoNotOptimize(model);
  }
}

template <class Value>
void encode(benchmark::State& state, const Value& value) {
  for (auto _ : state) benchmark::DoNotOptimize(sso::json::encode(value));
}

template <class Model>
void add_model(const std::string& name, const std::string& text) {
  benchmark::RegisterBenchmark(("decode " + name).c_str(),
                               [text](benchmark::State& state) { decode<Model>(state, text); });
  benchmark::RegisterBenchmark(("encode " + name).c_str(), [text](benchmark::State& state) {
    encode(state, sso::json::decode<Model>(text).value());
  });
}

template <class Params>
void add_params(const std::string& name, Params params) {
  benchmark::RegisterBenchmark(("encode " + name).c_str(),
                               [params](benchmark::State& state) { encode(state, params); });
}

void path(benchmark::State& state, const char* organization) {
  for (auto _ : state) {
    auto path = sso::pipeline::path_segment("organization_id", organization, 255);
    if (!path) state.SkipWithError("refused");
    benchmark::DoNotOptimize(path);
  }
}

void retry_verdict(benchmark::State& state, unsigned status) {
  const sso::retry_policy policy;
  sso::http::response response;
  response.status = status;
  if (status == 503) response.headers.add("Retry-After", "2");
  const sso::result<sso::http::response> received{std::move(response)};
  const auto now = std::chrono::system_clock::now();
  for (auto _ : state) {
    const auto report = sso::pipeline::report_on(received, true, now);
    benchmark::DoNotOptimize(sso::pipeline::decide(policy, report, {0, 2, std::chrono::minutes{1}}, 42));
  }
}

template <class Client>
asio::awaitable<void> retrieve(Client client, benchmark::State& state) {
  for (auto _ : state) {
    const auto connection = co_await client.retrieve("acme");
    if (!connection) state.SkipWithError("failed");
  }
}

void fake_round_trip(benchmark::State& state) {
  const bench::instant_transport server{[](const sso::http::request&) {
    sso::http::response response;
    response.status = 200;
    response.body = bench::answer;
    return response;
  }};
  const keycard::basic_client client{server, sso::bearer_token{"token"}};
  asio::io_context io{1};
  asio::co_spawn(io, retrieve(client, state), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.run();
}

void add_all() {
  add_model<keycard::sso_connection>("keycard::sso_connection", bench::answer);
  add_model<truto::sso_connection>("truto::sso_connection", truto_connection);
  add_model<sso::page<truto::domain>>("page<truto::domain>, two items", truto_domains);
  add_model<truto::domain_verification>("truto::domain_verification", truto_verification);

  const auto oauth2 = keycard::oauth2_params{}
                          .token_endpoint("https://idp.example.com/token")
                          .scopes_supported("openid", "profile");
  add_params("keycard::enable_params", keycard::enable_params{"portal", "https://idp.example.com"}.protocols(
                                           keycard::protocols_params{}.oauth2(oauth2)));
  add_params("keycard::update_params",
             keycard::update_params{}.identifier("https://idp.example.com").client_id(sso::null));
  add_params("truto::update_params", truto::update_params{}.enforced(true).default_role("member").config(
                                         truto::config_params{}.issuer("https://idp.example.com")));

  benchmark::RegisterBenchmark("path segment of an id", path, "acme");
  benchmark::RegisterBenchmark("path segment of an id that has to be encoded", path,
                               "acme / b\xc3\xbc"
                               "cher");
  benchmark::RegisterBenchmark("retry verdict: 404", retry_verdict, 404U);
  benchmark::RegisterBenchmark("retry verdict: 503 with Retry-After", retry_verdict, 503U);
  benchmark::RegisterBenchmark("retrieve over a transport that responds at once", fake_round_trip);
}

}  // namespace

int main(int argc, char* argv[]) {
  add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <sso/keycard.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/testing/steps.hpp>
#include <sso/truto.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace sso;
namespace asio = boost::asio;
using sso::testing::fake_keycard;
using sso::testing::fake_transport;
using sso::testing::fake_truto;
using sso::testing::manual_runtime;
using sso::testing::run_every_step;
using sso::testing::step_layer;
using sso::testing::step_probe;
using sso::testing::steps_report;

namespace {

using layer = step_layer<fake_transport>;
using keycard_client = keycard::basic_client<layer, manual_runtime>;
using truto_client = truto::basic_client<layer, manual_runtime>;

const std::string id{fake_truto::example_id};

/// A Keycard client in the state set by `prepare`. Also checks that a later call succeeds.
keycard_client keycard_over(const step_probe& probe, bool enabled) {
  manual_runtime time;
  fake_keycard service{time};
  service.add_client("id", "pw").add_organization("acme");
  if (enabled) service.add_connection("acme");
  fake_transport network{time};
  network.handle(service);
  keycard_client client{probe.over(network), client_credentials{"id", secret{"pw"}}, {}, time};
  probe.afterwards([client] {
    const auto again = testing::run(client.request(http::method::get, "/organizations/acme/sso-connection"));
    return again || again.error().code() == errc::not_found ? std::string{} : again.error().message();
  });
  return client;
}

truto_client truto_over(const step_probe& probe, bool with_domain) {
  manual_runtime time;
  fake_truto service{time};
  service.accept_token("t").add_connection();
  fake_transport network{time};
  network.handle(service);
  if (with_domain) {
    const truto::basic_client<fake_transport, manual_runtime> direct{network, bearer_token{"t"}, {}, time};
    const auto added = testing::run(direct.add_domain(id, "example.com"));
    service.publish_txt("example.com", added->verification_record.value(), std::chrono::seconds{8});
  }
  truto_client client{probe.over(network), bearer_token{"t"}, {}, time};
  probe.afterwards([client] {
    const auto again = testing::run(client.retrieve(id));
    return again ? std::string{} : again.error().message();
  });
  return client;
}

template <class F>
steps_report through_all(F scenario) {
  const auto report = run_every_step(std::move(scenario));
  std::ostringstream shown;
  shown << report;
  INFO(shown.str());
  CHECK(report);
  return report;
}

}  // namespace

TEST_CASE("each Keycard operation handles failure and cancellation at every step", "[steps]") {
  const auto retrieve =
      through_all([](const step_probe& p) { return keycard_over(p, true).retrieve("acme"); });
  CHECK(retrieve.exchanges == 2);
  CHECK(retrieve.events >= 5);
  CHECK(retrieve.runs > 4 * retrieve.events);
  through_all([](const step_probe& p) {
    return keycard_over(p, false).enable("acme", keycard::enable_params{"c", "https://idp.example.com"});
  });
  through_all([](const step_probe& p) {
    return keycard_over(p, true).update("acme", keycard::update_params{}.client_secret("s"));
  });
  through_all([](const step_probe& p) { return keycard_over(p, true).disable("acme"); });
  through_all([](const step_probe& p) {
    return keycard_over(p, true).request(http::method::post, "/organizations/acme/sso-connection", "{}");
  });
}

TEST_CASE("each Truto operation handles failure and cancellation at every step", "[steps]") {
  through_all([](const step_probe& p) { return truto_over(p, false).retrieve(id); });
  through_all([](const step_probe& p) {
    return truto_over(p, false).update(id, truto::update_params{}.enforced(true));
  });
  through_all([](const step_probe& p) { return truto_over(p, true).list_domains(id); });
  through_all([](const step_probe& p) { return truto_over(p, false).add_domain(id, "example.com"); });
  through_all([](const step_probe& p) { return truto_over(p, true).verify_domain(id, "example.com"); });
  const auto wait = through_all(
      [](const step_probe& p) { return truto_over(p, true).wait_until_verified(id, "example.com"); });
  CHECK(wait.exchanges > 2);
  through_all([](const step_probe& p) {
    return truto_over(p, false).request(http::method::get, "/sso-connection/" + id);
  });
}

TEST_CASE("a call with refresh and rate limit and refused token handles cancellation at every step",
          "[steps]") {
  const auto report = through_all([](const step_probe& probe) {
    manual_runtime time;
    fake_keycard service{time};
    service.add_client("id", "pw").add_connection("acme").fail_next_token(503, {{"Retry-After", "1"}});
    service.fail_next(429, {{"Retry-After", "1"}}).fail_next(401);
    fake_transport network{time};
    network.handle(service);
    return keycard_client{probe.over(network), client_credentials{"id", secret{"pw"}}, {}, time}.disable(
        "acme");
  });
  CHECK(report.exchanges == 6);
}

// Faulty calls, which the driver must find.
namespace {

using call = asio::awaitable<result<int>>;

/// Sends POST, and again if it fails.
call post_twice(layer network) {
  http::request request;
  request.method = http::method::post;
  request.target = "/things";
  auto response = co_await network.send(request, {});
  if (!response) response = co_await network.send(request, {});
  if (!response) co_return response.error();
  co_return 1;
}

/// Sends POST. If it fails, sends `method` to `target`, then POST again.
call post_read_post(layer network, http::method method, std::string target) {
  http::request request;
  request.method = http::method::post;
  request.target = "/things?a=b";
  auto response = co_await network.send(request, {});
  if (response) co_return 1;
  http::request read;
  read.method = method;
  read.target = target;
  (void)co_await network.send(read, {});
  response = co_await network.send(request, {});
  if (!response) co_return response.error();
  co_return 1;
}

call report_not_sent(layer network) {
  http::request request;
  auto response = co_await network.send(request, {});
  if (!response) co_return error{errc::transport_failed, outcome::not_sent};
  co_return 1;
}

call throw_on_failure(layer network) {
  http::request request;
  const auto response = co_await network.send(request, {});
  if (!response) throw std::runtime_error{"no result"};
  co_return 1;
}

call ignore_cancellation(layer network) {
  co_await asio::this_coro::throw_if_cancelled(false);
  http::request request;
  for (int i = 0; i != 4; ++i) {
    (void)co_await network.send(request, {});
    co_await asio::this_coro::reset_cancellation_state();
  }
  co_return 1;
}

call never_complete(layer) {
  for (;;) co_await asio::post(asio::use_awaitable);
}

template <class F>
steps_report of(F call_of) {
  testing::steps_options options;
  options.most_events = 200;
  return run_every_step(
      [call_of](const step_probe& probe) {
        fake_transport network;
        network.handle([](const http::request&) { return http::response{200, {}, {}}; });
        return call_of(probe.over(network));
      },
      options);
}

bool names(const steps_report& report, const std::string& text) {
  return std::any_of(report.faults.begin(), report.faults.end(),
                     [&](const std::string& fault) { return fault.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("run_every_step reports a write sent twice and the step that caused it", "[steps]") {
  const auto report = of(post_twice);
  CHECK(names(report, "connection broken at exchange 1: POST /things may have been executed, and was sent "
                      "again"));
  CHECK(names(report, "response lost at exchange 1: POST /things may have been executed"));
  CHECK_FALSE(names(report, "no connection at exchange 1: POST"));
}

TEST_CASE("run_every_step accepts a write sent again after a read has shown the state of the resource",
          "[steps]") {
  struct row {
    http::method method;
    std::string target;
    unsigned status;  // the status of the read
    bool right;
  };
  const std::vector<row> rows{
      {http::method::get, "/things", 200, true},
      {http::method::get, "/things?x=y", 404, true},
      {http::method::patch, "/things", 404, true},
      {http::method::patch, "/things", 200, false},
      {http::method::get, "/things", 403, false},
      {http::method::get, "/things", 503, false},
      {http::method::get, "/others", 200, false},
      {http::method::patch, "/others", 404, false},
      {http::method::get, "/things/elsewhere", 200, false},
  };
  for (const auto& row : rows) {
    const auto report = run_every_step([&row](const step_probe& probe) {
      fake_transport network;
      network.handle([&row](const http::request& request) {
        return http::response{request.method == http::method::post ? 200 : row.status, {}, {}};
      });
      return post_read_post(probe.over(network), row.method, row.target);
    });
    CAPTURE(row.method, row.target, row.status);
    CHECK(names(report,
                "response lost at exchange 1: POST /things may have been executed, and was sent again") !=
          row.right);
  }
}

TEST_CASE("run_every_step reports an error that denies a sent request", "[steps]") {
  CHECK(names(of(report_not_sent), "response lost at exchange 1: GET / may have been executed, but the error "
                                   "says not_sent"));
}

TEST_CASE("run_every_step reports a call that throws", "[steps]") {
  CHECK(names(of(throw_on_failure), "no connection at exchange 1: the call threw no result"));
}

TEST_CASE("run_every_step reports a call that continues after cancellation", "[steps]") {
  const auto report = of(ignore_cancellation);
  CHECK(names(report, "the call sent GET / after the cancellation"));
}

TEST_CASE("run_every_step reports a call that never ends", "[steps]") {
  const auto report = of(never_complete);
  REQUIRE(report.faults.size() == 1);
  CHECK(report.faults[0] == "undisturbed: the call has not completed after 200 events");
}

TEST_CASE("run_every_step reports a complaint made after the call", "[steps]") {
  const auto report = run_every_step([](const step_probe& probe) {
    probe.afterwards([] { return std::string{"the lights are on"}; });
    return keycard_over(probe, true).disable("acme");
  });
  CHECK(names(report, "undisturbed: afterwards: the lights are on"));
}

TEST_CASE("run_every_step reports a transport that outlives the call", "[steps]") {
  std::vector<layer> kept;
  const auto report = run_every_step([&kept](const step_probe& probe) {
    fake_transport network;
    network.reply(200);
    kept.push_back(probe.over(network));
    return throw_on_failure(kept.back());
  });
  CHECK(names(report, "the transport outlives the event loop, in 1 copies"));
}

namespace {

/// A coroutine of a service with several calls.
call make_sure(keycard_client client) {
  const auto shown = co_await client.retrieve("acme");
  if (shown) co_return 1;
  if (shown.error().code() != errc::not_found) co_return shown.error();
  const keycard::enable_params params{"c", "https://idp.example.com"};
  const auto enabled = co_await client.enable("acme", params);
  if (!enabled) co_return enabled.error();
  co_return 2;
}

}  // namespace

TEST_CASE("run_every_step runs a coroutine with several calls through every step", "[steps]") {
  const auto report = through_all([](const step_probe& p) { return make_sure(keycard_over(p, false)); });
  CHECK(report.exchanges == 3);
}

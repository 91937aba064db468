// SPDX-License-Identifier: BSL-1.0
// Recipes over the fake transport. Their includes are repeated here first, because each recipe is inside a namespace.
#include "recipes.hpp"

#include <sso/client_options.hpp>
#include <sso/doctor.hpp>
#include <sso/keycard.hpp>
#include <sso/logger.hpp>
#include <sso/testing/certificate.hpp>
#include <sso/testing/fake_idp.hpp>
#include <sso/testing/fake_keycard.hpp>
#include <sso/testing/fake_transport.hpp>
#include <sso/testing/fake_truto.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/run.hpp>
#include <sso/truto.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "alias.hpp"

using namespace std::chrono_literals;

namespace {

const std::string connection_body = R"({
  "id": "sso-1", "identifier": "https://idp.example.com", "client_id": "portal", "client_secret_set": false,
  "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z", "region": "eu"})";
const std::string id{sso::testing::fake_truto::example_id};
const sso::bearer_token token{std::string{"token"}};

namespace own_transport_text {
#include "own_transport.hpp"
}
RECIPE(own_transport) {
  sso::testing::fake_transport server;
  server.reply(404);
  const own_transport_text::traced_keycard<sso::testing::fake_transport> keycard{
      own_transport_text::traced{server}, token};
  const auto connection = sso::testing::run(keycard.retrieve("acme"));
  CHECK_THAT(!connection && connection.error().code() == sso::errc::not_found);
  CHECK_THAT(server.requests().at(0).headers.get("traceparent") == own_transport_text::current_traceparent());
}

namespace in_process_text {
#include "in_process.hpp"
}
RECIPE(in_process) {
  sso::testing::fake_keycard backend;
  backend.accept_token("token").add_connection("acme");
  const sso::keycard::basic_client keycard{in_process_text::in_process{backend}, token};
  CHECK_THAT(sso::testing::run(keycard.retrieve("acme")));

  sso::client_options narrow;
  narrow.limits.body_bytes = 10;
  const sso::keycard::basic_client limited{in_process_text::in_process{backend}, token, narrow};
  CHECK_THAT(sso::testing::run(limited.retrieve("acme")).error().code() == sso::errc::response_too_large);
}

namespace callback_transport_text {
#include "callback_transport.hpp"
}
/// A fake HTTP stack with its own thread. A function makes the responses; without one it never responds.
class threaded_stack : public callback_transport_text::http_stack {
public:
  using handler = std::function<sso::http::response(const sso::http::request&)>;

  explicit threaded_stack(handler respond = {}) : respond_{std::move(respond)} {}
  threaded_stack(const threaded_stack&) = delete;
  threaded_stack& operator=(const threaded_stack&) = delete;
  ~threaded_stack() override { thread_.join(); }

  int start(sso::http::request request, std::chrono::steady_clock::duration, callback done) override {
    asio::post(thread_, [this, request = std::move(request), done = std::move(done)] {
      if (failure) {
        done(failure, {});
      } else if (respond_) {
        done({}, respond_(request));
      } else {
        waiting_ = done;
      }
    });
    return 7;
  }
  void cancel(int exchange) override {
    cancelled = exchange;
    asio::post(thread_, [this] { std::exchange(waiting_, {})(asio::error::operation_aborted, {}); });
  }

  boost::system::error_code failure;
  int cancelled = 0;

private:
  handler respond_;
  callback waiting_;
  asio::thread_pool thread_{1};
};
RECIPE(callback_transport) {
  using callback_transport_text::callback_transport;
  sso::testing::fake_keycard backend;
  backend.accept_token("token").add_connection("acme");
  asio::io_context io;
  std::optional<sso::result<sso::response<sso::keycard::sso_connection>>> ended;
  bool on_the_loop = false;
  const auto end = [&](std::exception_ptr thrown, auto connection) {
    if (thrown) std::rethrow_exception(thrown);
    on_the_loop = io.get_executor().running_in_this_thread();
    ended = std::move(connection);
  };

  const auto stack = std::make_shared<threaded_stack>(backend);
  const sso::keycard::basic_client keycard{callback_transport{stack}, token};
  asio::co_spawn(io, keycard.retrieve("acme"), end);
  io.run();
  CHECK_THAT(ended->has_value() && on_the_loop);

  // The failures of the stack.
  const auto fails_as = [&](boost::system::error_code failure, sso::errc code) {
    const auto broken = std::make_shared<threaded_stack>();
    broken->failure = failure;
    const sso::keycard::basic_client client{callback_transport{broken}, token};
    io.restart();
    asio::co_spawn(
        io, client.enable("acme", sso::keycard::enable_params{"portal", "https://idp.example.com"}), end);
    io.run();
    CHECK_THAT(ended->error().code() == code && ended->error().unsettled());
  };
  fails_as(asio::error::timed_out, sso::errc::timeout);
  fails_as(asio::error::connection_reset, sso::errc::transport_failed);

  sso::client_options narrow;
  narrow.limits.body_bytes = 10;
  const sso::keycard::basic_client limited{callback_transport{stack}, token, narrow};
  CHECK_THAT(sso::testing::run(limited.retrieve("acme")).error().code() == sso::errc::response_too_large);

  // Cancellation reaches the stack, which then calls back.
  const auto silent = std::make_shared<threaded_stack>();
  const sso::keycard::basic_client waiting{callback_transport{silent}, token};
  asio::cancellation_signal stop;
  io.restart();
  asio::co_spawn(io, waiting.retrieve("acme"), asio::bind_cancellation_slot(stop.slot(), end));
  while (!stop.slot().has_handler()) io.poll_one();
  asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
  io.run();
  CHECK_THAT(silent->cancelled == 7 && ended->error().code() == sso::errc::cancelled);
}

namespace before_a_time_text {
#include "before_a_time.hpp"
}
RECIPE(before_a_time) {
  sso::testing::manual_runtime time;
  sso::testing::fake_transport server{time};
  const sso::keycard::basic_client keycard{server, token, {}, time};
  server.reply(200, connection_body).reply(200, connection_body);
  const auto moved =
      sso::testing::run(before_a_time_text::move_to(keycard, "acme", "https://login.example.com"));
  CHECK_THAT(moved && *moved == "https://idp.example.com");

  // The first call uses nine of the ten seconds.
  server.after(9s).reply(200, connection_body).stall();
  const auto begun = time.now();
  const auto late =
      sso::testing::run(before_a_time_text::move_to(keycard, "acme", "https://login.example.com"));
  CHECK_THAT(!late && late.error().code() == sso::errc::timeout);
  CHECK_THAT(time.now() - begun == 10s);
}

namespace json_output_text {
#include "json_output.hpp"
}
RECIPE(json_output) {
  sso::testing::fake_transport server;
  server.reply(200, connection_body).reply(404);
  const sso::keycard::basic_client keycard{server, token};
  const auto exported = sso::testing::run(json_output_text::exported(keycard, "acme"));
  CHECK_THAT(exported.starts_with(R"({"id":"sso-1","client_id":"portal",)"));
  CHECK_THAT(boost::json::parse(exported).at("client_secret_set") == false);
  CHECK_THAT(sso::testing::run(json_output_text::exported(keycard, "acme")).empty());
}

namespace one_call_text {
#include "one_call.hpp"
}
RECIPE(one_call) {
  sso::testing::manual_runtime time;
  sso::testing::fake_transport server{time};
  server.reply(201, connection_body).stall();
  const sso::keycard::basic_client keycard{server, token, {}, time};
  CHECK_THAT(sso::testing::run(one_call_text::enable_once(keycard, "acme", "00-1-2-01")));
  const auto sent = server.requests().at(0);
  CHECK_THAT(sent.headers.get("traceparent") == "00-1-2-01");
  CHECK_THAT(sent.headers.get("X-Client-Request-ID") == "5f0c9d4e-3a52-4d0e-9c41-0f6f2f0a7b11");
  CHECK_THAT(boost::json::parse(sent.body).at("note") == "migrated");

  const auto begun = time.now();
  CHECK_THAT(!sso::testing::run(one_call_text::enable_once(keycard, "acme", "00-1-2-01")));
  CHECK_THAT(time.now() - begun == 5s && server.request_count() == 2);
}

namespace patch_text {
#include "patch.hpp"
}
RECIPE(patch) {
  sso::testing::fake_transport server;
  server.reply(200, connection_body);
  const sso::keycard::basic_client keycard{server, token};
  CHECK_THAT(sso::testing::run(keycard.update("acme", patch_text::without_openid())));
  const std::string shown =
#include "patch_wire.hpp"
      ;
  CHECK_THAT(server.requests().at(0).body + "\n" == shown);
}

namespace unknown_members_text {
#include "unknown_members.hpp"
}
RECIPE(unknown_members) {
  sso::testing::fake_transport server;
  server.reply(200, connection_body).reply(404);
  const sso::keycard::basic_client keycard{server, token};
  CHECK_THAT(sso::testing::run(unknown_members_text::region_of(keycard, "acme")) == "eu");
  CHECK_THAT(sso::testing::run(unknown_members_text::region_of(keycard, "acme")).empty());
}

namespace untyped_text {
#include "untyped.hpp"
}
RECIPE(untyped) {
  sso::testing::fake_transport server;
  server.reply(200, R"({"result": [{}, {}], "next_cursor": null})").reply(403);
  const sso::truto::basic_client truto{server, token};
  CHECK_THAT(sso::testing::run(untyped_text::count_connections(truto)) == 2);
  CHECK_THAT(server.requests().at(0).target == "/sso-connection?limit=100");
  try {
    sso::testing::run(untyped_text::count_connections(truto));
    CHECK_THAT(!"a refusal throws");
  } catch (const sso::exception& e) {
    CHECK_THAT(e.error().code() == sso::errc::forbidden);
  }
}

namespace all_pages_text {
#include "all_pages.hpp"
}
RECIPE(all_pages) {
  sso::testing::fake_truto backend;
  backend.accept_token("token").add_connection().page_size(2);
  sso::testing::fake_transport network;
  network.handle(backend);
  const sso::truto::basic_client truto{network, token};
  for (const char* name : {"a.example", "b.example", "c.example", "d.example", "e.example"}) {
    CHECK_THAT(sso::testing::run(truto.add_domain(id, name)));
  }
  const auto all = sso::testing::run(all_pages_text::all_domains(truto, id));
  CHECK_THAT(all && all->size() == 5 && all->back().domain == "e.example");

  sso::testing::fake_transport broken;
  for (int i = 0; i != 3; ++i) broken.reply(200, R"({"result": [], "next_cursor": "same"})");
  const auto circle =
      sso::testing::run(all_pages_text::all_domains(sso::truto::basic_client{broken, token}, id));
  CHECK_THAT(!circle && circle.error().code() == sso::errc::protocol_error);
  CHECK_THAT(broken.request_count() == 2);
}

namespace verified_domain_text {
#include "verified_domain.hpp"
}
RECIPE(verified_domain) {
  sso::testing::manual_runtime time;
  sso::testing::fake_truto backend{time};
  backend.accept_token("token").add_connection();
  sso::testing::fake_transport network{time};
  network.handle(backend);
  const sso::truto::basic_client truto{network, token, {}, time};
  std::ostringstream log;
  auto* const before = std::clog.rdbuf(log.rdbuf());
  const auto proved =
      sso::testing::run(verified_domain_text::prove(truto, id, "acme.example", [&](std::string record) {
        backend.publish_txt("acme.example", record, 10min);
      }));
  CHECK_THAT(proved && *proved);

  const auto never = sso::testing::run(
      verified_domain_text::prove(truto, id, "other.example", [](std::string) { /* nobody publishes it */ }));
  std::clog.rdbuf(before);
  CHECK_THAT(!never && never.error().code() == sso::errc::timeout && !never.error().server_message().empty());
  CHECK_THAT(log.str().find("; next check in ") != std::string::npos && log.str().ends_with(" s\n"));
}

namespace supplied_tokens_text {
#include "supplied_tokens.hpp"
}
RECIPE(supplied_tokens) {
  sso::testing::fake_keycard backend;
  backend.accept_token("...").add_connection("acme");
  sso::testing::fake_transport network;
  network.handle(backend);
  const sso::keycard::basic_client keycard{network, supplied_tokens_text::from_vault()};
  CHECK_THAT(sso::testing::run(keycard.retrieve("acme")));
}

namespace hurried_time_text {
#include "hurried_time.hpp"
}
RECIPE(hurried_time) {
  sso::testing::fake_transport server;
  server.reply(503, "", {{"Retry-After", "30"}}).reply(200, connection_body);
  const sso::keycard::basic_client keycard{server, token, {}, hurried_time_text::hurried_runtime{100'000}};
  const auto connection = sso::testing::run(keycard.retrieve("acme", {}, sso::call_options{}.timeout(24h)));
  CHECK_THAT(connection && connection->http.attempts == 2);
}

namespace callbacks_text {
#include "callbacks.hpp"
}
RECIPE(callbacks) {
  sso::testing::fake_transport server;
  server.reply(200, connection_body).reply(404);
  const sso::keycard::basic_client keycard{server, token};
  asio::io_context io;
  std::string seen;
  callbacks_text::with_callback(io.get_executor(), keycard,
                                [&](callbacks_text::retrieved connection) { seen = connection.value().id; });
  io.run();
  CHECK_THAT(seen == "sso-1");
  io.restart();
  auto promised = callbacks_text::with_future(io.get_executor(), keycard);
  io.run();
  CHECK_THAT(promised.get().error().code() == sso::errc::not_found);
}

namespace staging_text {
#include "staging.hpp"
}
RECIPE(staging) {
  sso::testing::fake_keycard backend;
  backend.base_path("/keycard/v1").add_client("id", "secret").add_connection("acme");
  sso::testing::fake_transport network;
  network.handle(backend);
  const sso::keycard::basic_client keycard{network, sso::client_credentials{"id", sso::secret{"secret"}},
                                           staging_text::at_staging()};
  CHECK_THAT(sso::testing::run(keycard.retrieve("acme")));
  for (const auto& request : network.requests()) CHECK_THAT(request.origin.host == "staging.example.com");
  CHECK_THAT(network.requests().at(0).target == "/keycard/v1/service-account-token");
}

namespace shielded_text {
#include "shielded.hpp"
}
RECIPE(shielded) {
  // The observer cancels while the call waits for its second attempt.
  const auto attempts_of = [](auto begin) {
    sso::testing::manual_runtime time;
    sso::testing::fake_transport server{time};
    server.reply(503, "", {{"Retry-After", "2"}}).reply(201, connection_body);
    asio::cancellation_signal stop;
    sso::client_options options;
    options.observer = [&](const sso::event& happened) {
      if (std::holds_alternative<sso::events::retry_scheduled>(happened)) {
        stop.emit(asio::cancellation_type::terminal);
      }
    };
    const sso::keycard::basic_client keycard{server, token, options, time};
    asio::io_context io;
    bool done = false;
    asio::co_spawn(io, begin(keycard),
                   asio::bind_cancellation_slot(
                       stop.slot(), [&](std::exception_ptr thrown, const shielded_text::enabled& got) {
                         done = !thrown && got.has_value();
                       }));
    io.run();
    CHECK_THAT(done == (server.request_count() == 2));
    return server.request_count();
  };
  const sso::keycard::enable_params params{"portal", "https://idp.example.com"};
  CHECK_THAT(attempts_of([&](auto keycard) {
               return shielded_text::enable_to_the_end(keycard, "acme", params);
             }) == 2);
  CHECK_THAT(attempts_of([&](auto keycard) { return keycard.enable("acme", params); }) == 1);
}

namespace metrics_text {
#include "metrics.hpp"
}
RECIPE(metrics) {
  sso::testing::manual_runtime time;
  sso::testing::fake_transport server{time};
  server.reply(503, "", {{"Retry-After", "2"}}).reply(200, connection_body).reply(404);
  auto numbers = std::make_shared<metrics_text::counters>();
  std::ostringstream log;
  sso::client_options options;
  options.observer = metrics_text::logged_and_counted(numbers, log);
  const sso::keycard::basic_client keycard{server, token, options, time};
  CHECK_THAT(sso::testing::run(keycard.retrieve("acme")));
  CHECK_THAT(!sso::testing::run(keycard.retrieve("acme")));
  CHECK_THAT(numbers->calls == 2 && numbers->failures == 1 && numbers->retries == 1);
  CHECK_THAT(numbers->microseconds == 2'000'000);
  CHECK_THAT(log.str().find("finished 200 after 2 attempts in 2000 ms") != std::string::npos);
}

namespace desired_state_text {
#include "desired_state.hpp"
}
RECIPE(desired_state) {
  sso::testing::fake_keycard service;
  service.accept_token("t").add_organization("acme");
  sso::testing::fake_transport server;
  server.handle(service);
  const sso::keycard::basic_client keycard{server, sso::bearer_token{"t"}};
  std::ostringstream shown;
  auto* const before = std::cout.rdbuf(shown.rdbuf());
  const auto set_up = [&](bool dry_run) {
    return sso::testing::run(desired_state_text::set_up(keycard, "acme", sso::secret{"word"}, dry_run));
  };
  const bool planned = set_up(true) && !service.enabled("acme");
  const bool done = set_up(false) && service.has_client_secret("acme", "word");
  const bool left_alone = set_up(false);
  std::cout.rdbuf(before);
  CHECK_THAT(planned && done && left_alone);
  CHECK_THAT(shown.str().ends_with("client_secret:  -> (set)\nunchanged\n"));
}

namespace examined_text {
#include "examined.hpp"
}
RECIPE(examined) {
  sso::testing::fake_idp idp;
  sso::testing::fake_transport web;
  web.handle(idp);
  sso::keycard::sso_connection connection;
  connection.client_id = "portal";
  connection.client_secret_set = true;
  connection.identifier = idp.issuer();
  CHECK_THAT(sso::testing::run(examined_text::is_healthy(connection, web)));
  idp.fault("keys.private");
  std::ostringstream shown;
  auto* const before = std::cout.rdbuf(shown.rdbuf());
  const bool healthy = sso::testing::run(examined_text::is_healthy(connection, web));
  std::cout.rdbuf(before);
  CHECK_THAT(!healthy && shown.str().starts_with("critical keys.private"));
}

namespace pasted_certificate_text {
#include "pasted_certificate.hpp"
}
RECIPE(pasted_certificate) {
  const sso::testing::certificate_authority authority;
  CHECK_THAT(pasted_certificate_text::certificate_problem(authority.issue().certificate_pem).empty());
  CHECK_THAT(!pasted_certificate_text::certificate_problem("idp.pem").empty());
}

RECIPE(alias) {
  static_assert(std::same_as<asio::awaitable<int>, boost::asio::awaitable<int>>);
}

}  // namespace

// SPDX-License-Identifier: BSL-1.0
#include "broken_transport.hpp"
#include "catch.hpp"

#include <sso/testing/conformance.hpp>
#include <sso/testing/fake_transport.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace conformance_test;
using namespace std::chrono_literals;
using sso::errc;
using sso::outcome;
using sso::testing::check_transport;
using sso::testing::conformance_options;
using sso::testing::conformance_report;
using sso::testing::fake_transport;
using sso::testing::in_memory_subject;
using sso::testing::peer_handler;
using sso::testing::verdict;

namespace {

in_memory_subject subject_with(mistake how) {
  const fake_transport network;
  return {[=](const asio::any_io_executor&) {
            return broken{network, how};
          },
          [=](const peer_handler& handler) { fake_transport{network}.handle(handler); }};
}

// The injected faults. Coroutines, so they take values.

asio::awaitable<exchange_result> send_twice(sso::any_transport next, http::request request,
                                            http::limits limits) {
  co_await next.send(request, limits);
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> retry_after_503(sso::any_transport next, http::request request,
                                                 http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (got && got->status == 503) co_return co_await next.send(request, limits);
  co_return got;
}

asio::awaitable<exchange_result> drop_empty_header(sso::any_transport next, http::request request,
                                                   http::limits limits) {
  request.headers.erase("X-Empty");
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> join_headers(sso::any_transport next, http::request request,
                                              http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (got && got->headers.contains("X-Two")) got->headers.set("X-Two", "first, second, third");
  co_return got;
}

asio::awaitable<exchange_result> add_credentials(sso::any_transport next, http::request request,
                                                 http::limits limits) {
  if (!request.headers.contains("Authorization")) request.headers.add("Authorization", "Basic dTpw");
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> add_traceparent(sso::any_transport next, http::request request,
                                                 http::limits limits) {
  request.headers.set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> normalize_targets(sso::any_transport next, http::request request,
                                                   http::limits limits) {
  if (const auto at = request.target.find("//"); at != std::string::npos) request.target.erase(at, 1);
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> post_instead_of_put(sso::any_transport next, http::request request,
                                                     http::limits limits) {
  if (request.method == http::method::put) request.method = http::method::post;
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> truncate_request_at_nul(sso::any_transport next, http::request request,
                                                         http::limits limits) {
  request.body = request.body.c_str();
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> truncate_response_at_nul(sso::any_transport next, http::request request,
                                                          http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (got) got->body = got->body.c_str();
  co_return got;
}

asio::awaitable<exchange_result> fail_on_status(sso::any_transport next, http::request request,
                                                http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (got && got->status == 404) co_return sso::error{errc::not_found, outcome::rejected};
  co_return got;
}

asio::awaitable<exchange_result> follow_redirects(sso::any_transport next, http::request request,
                                                  http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got || !got->headers.contains("Location")) co_return got;
  request.target = *got->headers.get("Location");
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> ignore_body_limit(sso::any_transport next, http::request request,
                                                   http::limits limits) {
  limits.body_bytes = 10'000'000;
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> ignore_header_limit(sso::any_transport next, http::request request,
                                                     http::limits limits) {
  limits.header_bytes = 10'000'000;
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> ignore_timeout(sso::any_transport next, http::request request,
                                                http::limits limits) {
  limits.timeout = 1h;
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> timeout_in_wrong_unit(sso::any_transport next, http::request request,
                                                       http::limits limits) {
  limits.timeout /= 1000;
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> timeout_as_not_sent(sso::any_transport next, http::request request,
                                                     http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::timeout) co_return sso::error{errc::timeout, outcome::not_sent};
  co_return got;
}

asio::awaitable<exchange_result> cancelled_as_transport_failed(sso::any_transport next, http::request request,
                                                               http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::cancelled) {
    co_return sso::error{errc::transport_failed, got.error().outcome()};
  }
  co_return got;
}

asio::awaitable<exchange_result> throw_when_cancelled(sso::any_transport next, http::request request,
                                                      http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::cancelled) throw std::runtime_error{"operation aborted"};
  co_return got;
}

asio::awaitable<exchange_result> reset_cancellation_state(sso::any_transport next, http::request request,
                                                          http::limits limits) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> ignore_cancellation(sso::any_transport next, http::request request,
                                                     http::limits limits) {
  const auto here = co_await asio::this_coro::executor;
  co_return co_await asio::co_spawn(
      here, next.send(request, limits),
      asio::bind_cancellation_slot(asio::cancellation_slot{}, asio::use_awaitable));
}

asio::awaitable<exchange_result> accept_only_terminal(sso::any_transport next, http::request request,
                                                      http::limits limits) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  const auto here = co_await asio::this_coro::executor;
  co_return co_await asio::co_spawn(here, next.send(request, limits), asio::use_awaitable);
}

/// Disables cancellation for the caller after a successful exchange.
asio::awaitable<exchange_result> disable_cancellation(sso::any_transport next, http::request request,
                                                      http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::cancelled) co_return got;
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_return got;
}

asio::awaitable<exchange_result> disable_throw_if_cancelled(sso::any_transport next, http::request request,
                                                            http::limits limits) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return co_await next.send(request, limits);
}

asio::awaitable<exchange_result> wrong_executor(sso::any_transport next, http::request request,
                                                http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::cancelled) co_return got;
  const auto elsewhere = [](auto handler) {
    std::thread{[handler = std::move(handler)]() mutable { std::move(handler)(); }}.join();
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(elsewhere, asio::use_awaitable);
  co_return got;
}

/// The previous result.
exchange_result& last_result() {
  static exchange_result last{http::response{200, {}, {}}};
  return last;
}

asio::awaitable<exchange_result> swap_responses(sso::any_transport next, http::request request,
                                                http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (request.target.find("nn") != std::string::npos) std::swap(got, last_result());
  co_return got;
}

}  // namespace

TEST_CASE("fake_transport passes the conformance suite") {
  const fake_transport network;
  const auto report = check_transport(
      in_memory_subject{[=](const asio::any_io_executor&) { return network; },
                        [=](const peer_handler& handler) { fake_transport{network}.handle(handler); }});
  INFO(report);
  CHECK(report);
  CHECK(cases_with(report, verdict::skipped) == names{"interim responses", "complete responses",
                                                      "cut responses", "timeout inside the response",
                                                      "timeout while connecting", "refused connection"});
  CHECK(report.cases.size() == sso::testing::conformance_cases().size());
}

TEST_CASE("the conformance suite finds each mistake of a transport in the case that tests it") {
  struct row {
    mistake how;
    names failed;
    std::string words;  // part of the explanation of the first failed case
  };
  const names cancellations{"partial cancellation", "terminal cancellation", "total cancellation"};
  const std::vector<row> rows{
      {retry_after_503,
       {"statuses", "writes are sent once"},
       "the transport sent a request again because of the response's status"},
      {drop_empty_header, {"request headers"}, "the field X-Empty did not arrive"},
      {join_headers, {"response headers"}, "the field X-Two arrived as 'first, second, third'"},
      {add_credentials,
       {"credentials and cookies", "request headers"},
       "the transport added an Authorization"},
      {normalize_targets, {"targets"}, "the target /a//b/../c/./d arrived as /a/b/../c/./d"},
      {post_instead_of_put, {"methods", "request bodies"}, "PUT arrived as POST"},
      {truncate_request_at_nul,
       {"request bodies"},
       "POST with a body of 1 bytes arrived with a different body of 0 bytes"},
      {truncate_response_at_nul,
       {"body limit", "response bodies"},
       "a body of 0 bytes instead of 2000, different from byte 0"},
      {fail_on_status, {"statuses"}, "the error 'not_found"},
      {follow_redirects, {"redirects"}, "GET with the redirect 301: it was followed"},
      {ignore_body_limit,
       {"body limit"},
       "status 200 with a body of 2001 bytes instead of the error response_too_large"},
      {ignore_header_limit, {"header limit"}, "instead of the error response_too_large"},
      {timeout_as_not_sent,
       {"timeout before the response"},
       "a peer that does not respond: the outcome not_sent instead of maybe_executed"},
      {cancelled_as_transport_failed,
       {"cancellation beforehand", "cancellation state", "partial cancellation", "terminal cancellation",
        "total cancellation"},
       "instead of the error cancelled"},
      {throw_when_cancelled,
       {"cancellation beforehand", "cancellation state", "partial cancellation", "terminal cancellation",
        "total cancellation"},
       "`send` threw: operation aborted"},
      {reset_cancellation_state,
       {"cancellation beforehand", "cancellation state", "filtered cancellation"},
       "instead of the error cancelled"},
      {disable_cancellation, {"cancellation state"}, "the accepted cancellation types were changed"},
      {disable_throw_if_cancelled, {"cancellation state"}, "throw_if_cancelled was changed"},
      {wrong_executor, {"caller's executor"}, "an exchange completed on another executor than its caller's"},
      {swap_responses, {"many at once"}, "which is not its response"},
  };
  for (const auto& row : rows) {
    auto subject = subject_with(row.how);
    const auto report = check_transport(subject);
    INFO("row " << &row - rows.data() << ", " << report);
    CHECK_FALSE(report);
    CHECK(cases_with(report, verdict::failed) == row.failed);
    CHECK(explanation_of(report, *row.failed.begin()).find(row.words) != std::string::npos);
  }

  auto subject = subject_with(send_twice);
  const auto report = check_transport(subject);
  INFO(report);
  CHECK(explanation_of(report, "writes are sent once").find("was sent again") != std::string::npos);
  CHECK(report.find("statuses")->result == verdict::failed);
  CHECK(report.find("targets")->result == verdict::passed);
}

TEST_CASE("the conformance suite reports a transport that hangs and the case in which it hangs") {
  struct row {
    mistake how;
    names failed;
    std::string words;
  };
  conformance_options options;
  options.patience = 1s;
  options.only = {"timeout before the response", "slow response",      "terminal cancellation",
                  "partial cancellation",        "total cancellation", "redirects"};
  const std::vector<row> rows{
      {ignore_timeout,
       {"timeout before the response"},
       "a peer that does not respond: not completed within 1000 ms"},
      {ignore_cancellation,
       {"partial cancellation", "terminal cancellation", "total cancellation"},
       "cancelled: not completed within 1000 ms"},
      {accept_only_terminal,
       {"partial cancellation", "total cancellation"},
       "cancelled: not completed within"},
  };
  for (const auto& row : rows) {
    auto subject = subject_with(row.how);
    const auto report = check_transport(subject, options);
    INFO("row " << &row - rows.data() << ", " << report);
    CHECK(cases_with(report, verdict::failed) == row.failed);
    CHECK(cases_with(report, verdict::passed).size() == options.only.size() - row.failed.size());
    CHECK(explanation_of(report, *row.failed.begin()).find(row.words) != std::string::npos);
  }
}

TEST_CASE("the conformance suite finds a timeout that is too early") {
  conformance_options options;
  options.only = {"timeout before the response"};
  auto subject = subject_with(timeout_in_wrong_unit);
  const auto report = check_transport(subject, options);
  CHECK(explanation_of(report, "timeout before the response").find("the timeout of 150 ms fired after ") !=
        std::string::npos);
}

TEST_CASE("the conformance suite reports cases that the transport declares as unsupported") {
  conformance_options options;
  options.only = {"redirects", "targets"};
  options.cannot = {{"redirects", "the proxy in front follows them"}};
  auto subject = subject_with(follow_redirects);
  const auto report = check_transport(subject, options);
  CHECK(report);
  CHECK(report.count(verdict::passed) == 1);
  CHECK(report.find("methods") == nullptr);
  std::ostringstream text;
  text << report;
  CHECK(text.str() == "2 cases: 1 passed, 0 failed, 1 skipped\n"
                      "  skipped: redirects: the proxy in front follows them\n");

  options.only = {"redirects"};
  CHECK_FALSE(check_transport(subject, options));  // no case ran
}

TEST_CASE("the conformance suite announces each case before it runs") {
  auto subject = subject_with(retry_after_503);
  conformance_options options;
  options.only = {"statuses", "redirects", "methods"};
  std::vector<std::string> announced;
  options.on_case = [&](std::string_view name) { announced.emplace_back(name); };
  const auto report = check_transport(subject, options);
  CHECK(announced == std::vector<std::string>{"methods", "statuses", "redirects"});
  CHECK(report.cases.size() == announced.size());

  options.on_case = [](std::string_view name) {
    if (name == "statuses") throw std::runtime_error{"stop"};
  };
  CHECK_THROWS_WITH(check_transport(subject, options), "stop");
}

TEST_CASE("the conformance suite accepts header fields that the transport declares") {
  auto subject = subject_with(add_traceparent);
  conformance_options options;
  options.only = {"request headers"};
  CHECK(explanation_of(check_transport(subject, options), "request headers") ==
        "the transport added the field Traceparent");
  options.added_headers = {"tracestate", "traceparent"};
  const auto report = check_transport(subject, options);
  INFO(report);
  CHECK(report);
}

TEST_CASE("the conformance suite refuses an unknown case name") {
  auto subject = subject_with(send_twice);
  conformance_options options;
  options.only = {"redirect"};
  CHECK_THROWS_AS(check_transport(subject, options), std::invalid_argument);
  options.only.clear();
  options.cannot = {{"everything", "why"}};
  CHECK_THROWS_AS(check_transport(subject, options), std::invalid_argument);
}

TEST_CASE("the conformance suite fails each case of a subject that throws") {
  const fake_transport network;
  in_memory_subject subject{
      [](const asio::any_io_executor&) -> sso::any_transport { throw std::runtime_error{"no library"}; },
      [](const peer_handler&) {}};
  conformance_options options;
  options.only = {"methods", "targets"};
  const auto report = check_transport(subject, options);
  CHECK(report.count(verdict::failed) == 2);
  CHECK(explanation_of(report, "methods") == "threw: no library");
}

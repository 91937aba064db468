// SPDX-License-Identifier: BSL-1.0
#include "broken_transport.hpp"
#include "catch.hpp"

#include <sso/testing/conformance.hpp>
#include <sso/transports/beast.hpp>

#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace http = sso::http;
using sso::errc;
using sso::outcome;
using sso::testing::check_transport;
using sso::testing::conformance_options;
using sso::testing::network_subject;
using sso::testing::verdict;

namespace {

sso::beast_transport beast(asio::any_io_executor executor, std::string ca_pem) {
  sso::beast_options options;
  options.tls.ca_pem = std::move(ca_pem);
  if (options.tls.ca_pem.empty()) options.tls.dangerously_disable_verification = true;  // no TLS
  return sso::beast_transport{std::move(executor), std::move(options)};
}

}  // namespace

TEST_CASE("beast_transport passes the conformance suite with and without TLS") {
  for (const bool tls : {true, false}) {
    const auto report = check_transport(network_subject{beast, tls});
    INFO(report);
    CHECK(report);
    CHECK(report.cases.size() == sso::testing::conformance_cases().size());
    CHECK(report.count(verdict::skipped) == (tls ? 0 : 1));  // a connection without TLS opens at once
  }
}

namespace {

using conformance_test::broken;
using conformance_test::cases_with;
using conformance_test::exchange_result;
using conformance_test::explanation_of;
using conformance_test::mistake;
using conformance_test::names;

asio::awaitable<exchange_result> accept_truncated(sso::any_transport next, http::request request,
                                                  http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::incomplete_response) co_return http::response{200, {}, "01234"};
  co_return got;
}

asio::awaitable<exchange_result> send_again(sso::any_transport next, http::request request,
                                            http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got && got.error().code() == errc::transport_failed) co_return co_await next.send(request, limits);
  co_return got;
}

asio::awaitable<exchange_result> always_not_sent(sso::any_transport next, http::request request,
                                                 http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got) co_return std::move(got.error().with_outcome(outcome::not_sent));
  co_return got;
}

asio::awaitable<exchange_result> always_maybe_executed(sso::any_transport next, http::request request,
                                                       http::limits limits) {
  auto got = co_await next.send(request, limits);
  if (!got) co_return std::move(got.error().with_outcome(outcome::maybe_executed));
  co_return got;
}

}  // namespace

TEST_CASE("the conformance suite finds connection faults of a transport") {
  struct row {
    mistake how;
    names failed;
    std::string words;  // part of the explanation of the first failed case
  };
  const std::vector<row> rows{
      {accept_truncated, {"cut responses"}, "truncated after 4 bytes, closed orderly: status 200"},
      {send_again, {"cut responses", "writes are sent once"}, "the request was sent again"},
      {always_not_sent,
       {"cut responses", "terminal cancellation", "timeout inside the response", "writes are sent once"},
       "the outcome not_sent instead of maybe_executed"},
      {always_maybe_executed,
       {"refused connection", "terminal cancellation", "timeout while connecting"},
       "a closed port: the outcome maybe_executed instead of not_sent"},
  };
  conformance_options options;
  options.only = {"complete responses",       "cut responses",      "timeout inside the response",
                  "timeout while connecting", "refused connection", "terminal cancellation",
                  "writes are sent once"};
  for (const auto& row : rows) {
    const auto make = [how = row.how](asio::any_io_executor executor, std::string ca_pem) {
      return broken{beast(std::move(executor), std::move(ca_pem)), how};
    };
    const auto report = check_transport(network_subject{make}, options);
    INFO("row " << &row - rows.data() << ", " << report);
    CHECK(cases_with(report, verdict::failed) == row.failed);
    CHECK(explanation_of(report, *row.failed.begin()).find(row.words) != std::string::npos);
  }
}

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>
#include <sso/error.hpp>
#include <sso/http/limits.hpp>
#include <sso/http/method.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>
#include <sso/testing/manual_runtime.hpp>
#include <sso/testing/recorded_requests.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sso::testing {

/// What may answer for a server: a copyable callable that takes `const http::request&` and returns an
/// `http::response`, a `result<http::response>`, or an `asio::awaitable` of either.
template <class F>
concept request_handler = std::copy_constructible<F> && std::invocable<F&, const http::request&> &&
    (std::convertible_to<std::invoke_result_t<F&, const http::request&>, result<http::response>> ||
     std::same_as<std::invoke_result_t<F&, const http::request&>, asio::awaitable<result<http::response>>> ||
     std::same_as<std::invoke_result_t<F&, const http::request&>, asio::awaitable<http::response>>);

/// A transport without a network: answers from a script, then from a handler. Satisfies `sso::transport`.
///
///     sso::testing::fake_transport server;
///     server.reply(503, "", {{"Retry-After", "2"}}).reply(200, body);
///
/// A handle: copies share script and records. Keep one copy in the test and give another to the client.
///
/// Script: `reply`, `fail`, `lose_response`, `stall` and `step` each queue one step, and each request consumes the
/// first one left. Where the script is used up, the handler set by `handle` answers; without one, the request fails
/// with `errc::transport_failed` and a text that names it. `expect` and `after` say more of a step:
///
///     server.expect(http::method::get, "/organizations/acme/sso-connection").reply(404);
///     server.reply(200, body).after(20s);  // a slow one
///     ...
///     CHECK(server.faults() == "");
///
/// Requests for an access token consume a step only where it names them, by `expect_token` or `expect`. The handler
/// answers them otherwise; without a handler they get a token. A script without a handler that has a response with an
/// `access_token` is in the order of all requests instead.
///
/// Time: `send` goes through the executor, as a network does, and takes no time unless `latency` says so. Given a `manual_runtime`, latency and time-outs
/// pass on its clock, and nobody waits; without one they pass on the machine's clock.
///
/// Thread safety: every member may be called from several threads at once. Handlers are called without a lock
/// held, hence at once from as many threads as send.
class fake_transport {
public:
  /// Of the steady clock, so that literals of any unit fit.
  using duration = std::chrono::steady_clock::duration;

  SSO_DECL fake_transport();
  /// Lets latency and time-outs pass on the clock of `time`.
  SSO_DECL explicit fake_transport(manual_runtime time);

  /// Queues a response.
  SSO_DECL fake_transport& reply(unsigned status, std::string body = {}, http::headers headers = {});
  /// Queues a failure to deliver; `what` becomes the error's text.
  SSO_DECL fake_transport& fail(errc code, outcome outcome, std::string what = "scripted failure");
  /// @overload
  SSO_DECL fake_transport& fail(error failure);
  /// Queues a request that is carried out, but whose response is lost: the handler set by `handle` gets the request,
  /// and the caller gets the error `code` with `outcome::maybe_executed`, whatever the response. Where the handler
  /// gives an error, that comes out.
  SSO_DECL fake_transport& lose_response(errc code = errc::incomplete_response,
                                         std::string what = "the response was lost");
  /// Queues a server that never answers: the exchange ends with `limits.timeout` or its cancellation. Given a
  /// `manual_runtime`, the clock moves to that time-out at once.
  SSO_DECL fake_transport& stall();
  /// Queues one call of `handler`.
  template <request_handler F>
  fake_transport& step(F handler) {
    return queue(erase(std::move(handler)));
  }

  /// Says what request the step queued next is for. Another request that comes in its place does not consume
  /// it, and fails with `errc::transport_failed` and a text that names both; see `faults`. `target` is
  /// compared with the whole of the target, query included.
  SSO_DECL fake_transport& expect(http::method method, std::string target);
  /// Says that the step queued next is for a request for an access token.
  SSO_DECL fake_transport& expect_token();
  /// Says how long the step queued last takes, in place of `latency`. Precondition: a step was queued, and is
  /// left.
  SSO_DECL fake_transport& after(duration d);

  /// Makes `handler` answer every request for which the script has no step left, in place of an earlier
  /// handler.
  ///
  /// Lifetimes: the handler is copied, and lives as long as an answer of it is outstanding. Errors: what it
  /// throws comes out of `send`. An awaitable is cancelled with the call, and at `limits.timeout`. Given a
  /// `manual_runtime`, that time comes where somebody sleeps that long, and not while the handler waits for
  /// anything else.
  template <request_handler F>
  fake_transport& handle(F handler) {
    return otherwise(erase(std::move(handler)));
  }

  /// How long each answer takes from now on, handlers and scripted failures included; initially zero.
  SSO_DECL fake_transport& latency(duration d);
  /// The same for each request: `time_of` takes the request and returns how long its answer takes. It must
  /// not throw, and may be called from several threads at once.
  template <class F>
    requires(std::is_invocable_r_v<duration, F&, const http::request&>)
  fake_transport& latency(F time_of) { return pace(std::move(time_of)); }
  /// Makes every request fail that comes from `begins_in` from now on, until `lasts` later. Such requests are
  /// recorded and consume no step. Outages add up.
  SSO_DECL fake_transport& outage(duration begins_in, duration lasts,
                                  error failure = error{errc::connect_failed, outcome::not_sent, "outage"});
  /// One exchange, on the terms of `sso::transport`.
  ///
  /// A call without time left or already cancelled is not recorded and consumes no step. The request counts
  /// as written before the first suspension, so that a later time-out or cancellation is `maybe_executed`.
  /// Headers longer than `limits.header_bytes` in their `Name: value` lines, and bodies longer than
  /// `limits.body_bytes`, are `response_too_large`.
  ///
  /// Cancellation: what the awaiting coroutine's state lets through, terminal by default. The call changes nothing
  /// of that state.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) const {
    return exchange(state_, request, limits);
  }

  /// The requests sent so far, in order, with all their secrets. They stay as long as this transport has a copy.
  [[nodiscard]] SSO_DECL recorded_requests requests() const;
  /// The limits each of `requests()` came with.
  [[nodiscard]] SSO_DECL std::vector<http::limits> limits() const;
  /// How many requests were sent.
  [[nodiscard]] SSO_DECL std::size_t request_count() const;
  /// How many steps of the script nobody asked for yet.
  [[nodiscard]] SSO_DECL std::size_t steps_left() const;
  /// What was not as scripted, a line for each: requests without an answer, requests in place of the expected
  /// one, and steps that are left. Empty if all was.
  [[nodiscard]] SSO_DECL std::string faults() const;

private:
  struct state;
  struct answer {
    std::function<result<http::response>(const http::request&)> now;
    std::function<asio::awaitable<result<http::response>>(const http::request&)> later;
  };

  template <class F>
  static answer erase(F handler) {
    using returned = std::invoke_result_t<F&, const http::request&>;
    answer erased;
    if constexpr (std::convertible_to<returned, result<http::response>>) {
      erased.now = std::move(handler);
    } else if constexpr (std::same_as<returned, asio::awaitable<result<http::response>>>) {
      erased.later = std::move(handler);
    } else {
      erased.later = [handler = std::move(handler)](
                         const http::request& request) mutable -> asio::awaitable<result<http::response>> {
        co_return co_await handler(request);
      };
    }
    return erased;
  }

  SSO_DECL fake_transport& queue(answer next);
  SSO_DECL fake_transport& otherwise(answer last);
  SSO_DECL fake_transport& pace(std::function<duration(const http::request&)> time_of);
  SSO_DECL static asio::awaitable<result<http::response>>
  exchange(std::shared_ptr<state> shared, const http::request& request, http::limits limits);

  std::shared_ptr<state> state_;
};

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/fake_transport.ipp>
#endif

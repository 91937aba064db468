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

/// A handler of requests: a copyable callable that takes `const http::request&` and returns an
/// `http::response`, a `result<http::response>`, or an `asio::awaitable` of either.
template <class F>
concept request_handler = std::copy_constructible<F> && std::invocable<F&, const http::request&> &&
    (std::convertible_to<std::invoke_result_t<F&, const http::request&>, result<http::response>> ||
     std::same_as<std::invoke_result_t<F&, const http::request&>, asio::awaitable<result<http::response>>> ||
     std::same_as<std::invoke_result_t<F&, const http::request&>, asio::awaitable<http::response>>);

/// A transport without a network. Takes its responses from a script, then from a handler. Satisfies
/// `sso::transport`.
///
///     sso::testing::fake_transport server;
///     server.reply(503, "", {{"Retry-After", "2"}}).reply(200, body);
///
/// A handle: copies share script and records. Keep one copy in the test and pass another to the client.
///
/// Script: `reply`, `fail`, `lose_response`, `stall` and `step` each queue one step. Each request consumes
/// the first remaining step. Without a step, the handler set by `handle` responds; without a handler, the
/// request fails with `errc::transport_failed` and a text that names the request. `expect` and `after` add
/// details to a step:
///
///     server.expect(http::method::get, "/organizations/acme/sso-connection").reply(404);
///     server.reply(200, body).after(20s);  // a slow one
///     ...
///     CHECK(server.faults() == "");
///
/// Token requests consume only steps that name them by `expect_token` or `expect`. Otherwise the handler
/// responds; without a handler they get a token. Exception: if there is no handler and the script contains a
/// response with an `access_token`, token requests consume steps like all other requests.
///
/// Time: `send` always suspends through the executor, as a network does. It takes no time unless `latency`
/// sets one. With a `manual_runtime`, latency and timeouts elapse on its clock without waiting; otherwise on
/// the machine's clock.
///
/// Thread safety: every member may be called from several threads at once. Handlers are called without a
/// lock, concurrently if `send` is.
class fake_transport {
public:
  /// A duration of the steady clock; accepts literals of any unit.
  using duration = std::chrono::steady_clock::duration;

  SSO_DECL fake_transport();
  /// Latency and timeouts elapse on the clock of `time`.
  SSO_DECL explicit fake_transport(manual_runtime time);

  /// Queues a response.
  SSO_DECL fake_transport& reply(unsigned status, std::string body = {}, http::headers headers = {});
  /// Queues a failure of the transport. `what` becomes the error's text.
  SSO_DECL fake_transport& fail(errc code, outcome outcome, std::string what = "scripted failure");
  /// @overload
  SSO_DECL fake_transport& fail(error failure);
  /// Queues an executed request with a lost response: the handler set by `handle` gets the request, and the
  /// caller gets the error `code` with `outcome::maybe_executed`, for any response. If the handler returns an
  /// error, the caller gets that error.
  SSO_DECL fake_transport& lose_response(errc code = errc::incomplete_response,
                                         std::string what = "the response was lost");
  /// Queues a stalled server: the exchange ends at `limits.timeout` or by its cancellation. With a
  /// `manual_runtime`, the clock moves to that timeout at once.
  SSO_DECL fake_transport& stall();
  /// Queues one call of `handler`.
  template <request_handler F>
  fake_transport& step(F handler) {
    return queue(erase(std::move(handler)));
  }

  /// Sets the request expected by the next step to be queued. A different request does not consume the step,
  /// and fails with `errc::transport_failed` and a text that names both; see `faults`. `target` is compared
  /// with the whole target, including the query.
  SSO_DECL fake_transport& expect(http::method method, std::string target);
  /// The next step to be queued expects a token request.
  SSO_DECL fake_transport& expect_token();
  /// Sets the latency of the last queued step, in place of `latency`. Precondition: a step was queued and is
  /// not consumed.
  SSO_DECL fake_transport& after(duration d);

  /// Sets the handler of requests for which no step remains. Replaces an earlier handler.
  ///
  /// Lifetimes: the handler is copied. The copy lives until its last response completes.
  ///
  /// Errors: `send` passes on the handler's exceptions.
  ///
  /// Cancellation: an awaitable is cancelled with the call, and at `limits.timeout`. With a `manual_runtime`,
  /// that timeout elapses only while a coroutine sleeps on that runtime, not while the handler waits for
  /// another event.
  template <request_handler F>
  fake_transport& handle(F handler) {
    return otherwise(erase(std::move(handler)));
  }

  /// Sets the latency of all further responses, including handlers and scripted failures. Default: zero.
  SSO_DECL fake_transport& latency(duration d);
  /// Sets a latency per request: `time_of` takes the request and returns the latency. It must not throw, and
  /// may be called from several threads at once.
  template <class F>
    requires(std::is_invocable_r_v<duration, F&, const http::request&>)
  fake_transport& latency(F time_of) { return pace(std::move(time_of)); }
  /// Fails all requests from `begins_in` from now on, for `lasts`. These requests are recorded and consume no
  /// step. Outages accumulate.
  SSO_DECL fake_transport& outage(duration begins_in, duration lasts,
                                  error failure = error{errc::connect_failed, outcome::not_sent, "outage"});
  /// Performs one exchange; see `sso::transport`.
  ///
  /// A call that is already cancelled or has no time left is not recorded and consumes no step. The request
  /// counts as written before the first suspension, so a later timeout or cancellation has the outcome
  /// `maybe_executed`. Headers longer than `limits.header_bytes` as `Name: value` lines, and bodies longer
  /// than `limits.body_bytes`, are `response_too_large`.
  ///
  /// Cancellation: the types that the awaiting coroutine's cancellation state lets through, terminal by
  /// default. The state is unchanged.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) const {
    return exchange(state_, request, limits);
  }

  /// The requests so far, in order, including their secrets. They stay valid as long as a copy of this
  /// transport exists.
  [[nodiscard]] SSO_DECL recorded_requests requests() const;
  /// The limits of each of `requests()`.
  [[nodiscard]] SSO_DECL std::vector<http::limits> limits() const;
  /// Number of requests.
  [[nodiscard]] SSO_DECL std::size_t request_count() const;
  /// Number of steps not consumed.
  [[nodiscard]] SSO_DECL std::size_t steps_left() const;
  /// Deviations from the script, one per line: requests without a response, unexpected requests, and steps
  /// not consumed. Empty if there are none.
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

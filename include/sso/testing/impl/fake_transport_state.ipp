// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/impl/token_request.ipp>
#include <sso/testing/impl/yield.ipp>

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string_view>
#include <variant>

namespace sso::testing {

struct fake_transport::state {
  struct stalled {};
  struct lost {
    error failure;
  };
  using handler = std::shared_ptr<const answer>;
  using step = std::variant<handler, http::response, error, stalled, lost>;

  /// A step of the script with its conditions.
  struct queued {
    step what;
    std::size_t number;
    std::string wanted;  // method and target, or `the_token`; empty: any
    std::optional<duration> latency;
  };
  static constexpr std::string_view the_token = "the token request";

  struct outage {
    std::chrono::steady_clock::time_point from;
    std::chrono::steady_clock::time_point until;
    error failure;
  };

  /// The outcome chosen for a request.
  struct ticket {
    step next;
    duration latency;
    std::optional<error> in_place;  // replaces the handler's response
  };

  /// The end of a user's coroutine.
  struct ended {
    std::exception_ptr thrown;
    std::optional<result<http::response>> value;
  };

  explicit state(std::optional<manual_runtime> clock) : time{std::move(clock)} {}

  /// The latency of the response to this request. Calls the user's function without the lock.
  duration latency_of(const http::request& request) {
    std::shared_ptr<const std::function<duration(const http::request&)>> ask;
    {
      const std::lock_guard lock{mutex};
      if (!pace) return latency;
      ask = pace;
    }
    return (*ask)(request);
  }

  ticket take(const http::request& request, const http::limits& limit) {
    const auto pause = latency_of(request);
    const std::lock_guard lock{mutex};
    requests.push_back(std::make_shared<const http::request>(request));
    limits.push_back(limit);
    const auto at = now();
    for (const auto& one : outages) {
      if (one.from <= at && at < one.until) return {one.failure, pause, {}};
    }
    if (!script.empty() && may_take(script.front(), request)) {
      auto& first = script.front();
      if (!is_for(first, request)) return {out_of_turn(request, first), pause, {}};
      ticket taken{std::move(first.what), first.latency.value_or(pause), {}};
      script.pop_front();
      if (auto* const without_response = std::get_if<lost>(&taken.next)) {
        taken.in_place = std::move(without_response->failure);
        if (otherwise) {
          taken.next = otherwise;
        } else {
          taken.next = *taken.in_place;
        }
      }
      return taken;
    }
    if (otherwise) return {otherwise, pause, {}};
    if (detail::is_token_request(request)) return {token_response(), pause, {}};
    return {unexpected(request), pause, {}};
  }

  /// Whether the script serves this request. A token request is served by the handler, unless the step names it, or
  /// there is no handler and the script has token responses.
  bool may_take(const queued& first, const http::request& request) const {
    if (!detail::is_token_request(request)) return true;
    return (!first.wanted.empty() && is_for(first, request)) ||
           (!otherwise && std::any_of(script.begin(), script.end(), is_token_response));
  }
  static bool is_for(const queued& one, const http::request& request) {
    return one.wanted.empty() || one.wanted == name_of(request) ||
           (one.wanted == the_token && detail::is_token_request(request));
  }
  static bool is_token_response(const queued& one) {
    const auto* const response = std::get_if<http::response>(&one.what);
    return response != nullptr && response->body.find("\"access_token\"") != std::string::npos;
  }
  static http::response token_response() {
    return {200,
            {{"Content-Type", "application/json"}},
            R"({"access_token": "fake-token", "token_type": "Bearer", "expires_in": 3600})"};
  }

  static std::string name_of(const http::request& request) {
    return std::string{to_string(request.method)} + ' ' + request.target;
  }

  /// Method, origin and path: a query may hold secrets.
  std::string announce(const http::request& request) const {
    std::string what = "request " + std::to_string(requests.size()) + ": ";
    what.append(to_string(request.method)).append(" ").append(to_string(request.origin));
    return what.append(request.target, 0, request.target.find('?'));
  }

  error unexpected(const http::request& request) {
    auto what = "fake_transport has no response for " + announce(request);
    faults.push_back(what);
    return error{errc::transport_failed, outcome::not_sent, std::move(what)};
  }

  error out_of_turn(const http::request& request, const queued& first) {
    auto what = "fake_transport expects " + first.wanted + " in step " + std::to_string(first.number) +
                " of its script, and got " + announce(request);
    faults.push_back(what);
    return error{errc::transport_failed, outcome::not_sent, std::move(what)};
  }

  fake_transport::state& push(step what) {
    script.push_back({std::move(what), ++steps, std::exchange(wanted, {}), std::nullopt});
    return *this;
  }

  /// Waits until `end` on the clock of this transport, or for a cancellation.
  static asio::awaitable<void> wait(std::optional<manual_runtime> clock,
                                    std::chrono::steady_clock::time_point end, bool moves_time) {
    if (clock) {
      co_await manual_runtime::wait_until(clock->state_, end, moves_time);
      co_return;
    }
    asio::steady_timer timer{co_await asio::this_coro::executor, end};
    co_await timer.async_wait(asio::use_awaitable);
  }

  /// Runs other ready work, then waits until `end` if it is set. Returns whether the coroutine was cancelled.
  asio::awaitable<bool> pass(std::optional<std::chrono::steady_clock::time_point> end) {
    const bool cancelled_before = co_await detail::yield();
    if (cancelled_before || !end) co_return cancelled_before;
    try {
      co_await wait(time, *end, true);
    } catch (const boost::system::system_error& e) {
      if (e.code() != asio::error::operation_aborted) throw;
    }
    co_return co_await detail::is_cancelled();
  }

  // Two coroutines with their own cancellation states. A cancellation of the caller must end both, for any type (a
  // parallel group forwards it once), also before they start.
  static asio::awaitable<ended> run(const answer& asked, const http::request& request,
                                    asio::cancellation_state caller) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    ended end;
    if (caller.cancelled() != asio::cancellation_type::none) co_return end;
    try {
      end.value = co_await asked.later(request);
    } catch (...) {
      end.thrown = std::current_exception();
    }
    co_return end;
  }
  static asio::awaitable<void> run_out(std::optional<manual_runtime> clock,
                                       std::chrono::steady_clock::time_point deadline,
                                       asio::cancellation_state caller) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    if (caller.cancelled() == asio::cancellation_type::none) co_await wait(clock, deadline, false);
  }

  /// The result of the handler's coroutine; empty if it does not complete before `deadline`.
  asio::awaitable<std::optional<result<http::response>>>
  ask(const answer& asked, const http::request& request, std::chrono::steady_clock::time_point deadline) {
    using namespace asio::experimental::awaitable_operators;
    const auto caller = co_await asio::this_coro::cancellation_state;
    auto first = co_await (run(asked, request, caller) || run_out(time, deadline, caller));
    const bool in_time = first.index() == 0;
    if (caller.cancelled() != asio::cancellation_type::none) co_return cancelled();
    if (!in_time) co_return std::nullopt;
    auto& end = std::get<0>(first);
    if (end.thrown) std::rethrow_exception(end.thrown);
    co_return std::move(end.value);
  }

  std::chrono::steady_clock::time_point now() const {
    return time ? time->now() : std::chrono::steady_clock::now();
  }

  static error cancelled() {
    return error{errc::cancelled, outcome::maybe_executed, "before the response came"};
  }

  static error timed_out(duration timeout) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    return error{errc::timeout, outcome::maybe_executed, "no response within " + std::to_string(ms) + " ms"};
  }

  static result<http::response> within(result<http::response> response, const http::limits& limit) {
    const auto too_large = [](std::string_view part, std::size_t size, std::size_t allowed) {
      std::string what = "the response's ";
      what.append(part).append(" of ").append(std::to_string(size)).append(" bytes exceeds the limit of ");
      what.append(std::to_string(allowed));
      return error{errc::response_too_large, outcome::maybe_executed, std::move(what)};
    };
    if (!response) return response;
    const auto header_bytes = response->headers.wire().size();
    if (header_bytes > limit.header_bytes) return too_large("header", header_bytes, limit.header_bytes);
    const auto body_bytes = response->body.size();
    if (body_bytes > limit.body_bytes) return too_large("body", body_bytes, limit.body_bytes);
    return response;
  }

  /// The caller's result for a handler's response.
  static result<http::response> result_of(const ticket& of, result<http::response> response,
                                          const http::limits& limit) {
    if (response && of.in_place) return *of.in_place;
    return within(std::move(response), limit);
  }

  std::optional<manual_runtime> time;  // set once; thread-safe by itself
  std::mutex mutex;                    // guards the members below
  std::deque<queued> script;
  std::size_t steps = 0;
  std::string wanted;  // `queued::wanted` of the next step
  std::vector<outage> outages;
  std::vector<std::string> faults;
  handler otherwise;
  duration latency = duration::zero();
  std::shared_ptr<const std::function<duration(const http::request&)>> pace;
  std::vector<std::shared_ptr<const http::request>> requests;
  std::vector<http::limits> limits;
};

}  // namespace sso::testing

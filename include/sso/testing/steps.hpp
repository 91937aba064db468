// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>
#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/http/transport.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace sso::testing {

template <transport Next>
class step_layer;

/// One way in which an exchange may go wrong.
struct step_failure {
  std::string name;               ///< for reports, e.g. `response lost`
  result<http::response> answer;  ///< what the caller gets in place of the answer
  bool reaches_server = false;  ///< the transport below carries the request out first; its answer is dropped
};

/// No connection; a connection that broke before, and one that broke after the server had acted; the statuses
/// 401, 429, 500 and 503.
[[nodiscard]] SSO_DECL std::vector<step_failure> usual_step_failures();

/// What a scenario puts between its client and its transport. A handle to the run under way.
class step_probe {
public:
  /// The layer through which `run_every_step` sees and disturbs the exchanges.
  template <transport Next>
  [[nodiscard]] step_layer<Next> over(Next next) const {
    return step_layer<Next>{*this, std::move(next)};
  }

  /// Adds a check to be made when the call of this run has ended, undisturbed from then on: that the client
  /// is still good for another call, say. It returns what is wrong, or an empty string.
  SSO_DECL void afterwards(std::function<std::string()> check) const;

private:
  template <transport Next>
  friend class step_layer;
  friend class step_driver;
  struct state;

  SSO_DECL step_probe();
  /// One exchange under way.
  struct exchange {
    std::size_t number = 0;
    std::optional<step_failure> failure;  ///< what to answer instead
    bool sent = true;                     ///< false: it was cancelled before
  };
  [[nodiscard]] SSO_DECL static asio::awaitable<exchange> enter(std::shared_ptr<state> shared,
                                                                const http::request& request);
  SSO_DECL static void leave(state& shared, const exchange& one, const result<http::response>& answer);

  std::shared_ptr<state> state_;
};

/// A transport over another one that fails where its probe says so.
template <transport Next>
class step_layer {
public:
  /// See `sso::transport`.
  [[nodiscard]] asio::awaitable<result<http::response>> send(const http::request& request,
                                                             http::limits limits) {
    return exchange(probe_.state_, next_, request, limits);
  }

private:
  friend class step_probe;
  step_layer(step_probe probe, Next next) : probe_{std::move(probe)}, next_{std::move(next)} {}

  static asio::awaitable<result<http::response>> exchange(std::shared_ptr<step_probe::state> shared,
                                                          Next next, const http::request& request,
                                                          http::limits limits) {
    auto one = co_await step_probe::enter(shared, request);
    result<http::response> answer{error{}};
    if (!one.failure || one.failure->reaches_server) answer = co_await next.send(request, limits);
    if (one.failure && (answer || !one.failure->reaches_server)) answer = std::move(one.failure->answer);
    step_probe::leave(*shared, one, answer);
    co_return answer;
  }

  step_probe probe_;
  Next next_;
};

namespace detail {

/// Lets every type of cancellation through to `call`.
template <class T>
asio::awaitable<T> open_to_all(asio::awaitable<T> call) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_return co_await std::move(call);
}

}  // namespace detail

/// What `run_every_step` does.
struct steps_options {
  /// What is injected, each at every exchange in turn.
  std::vector<step_failure> failures = usual_step_failures();
  /// How many of a call's last event-loop steps a cancellation may come too late for.
  std::size_t too_late = 3;
  /// A run that takes more event-loop steps than this counts as one without end.
  std::size_t most_events = 100'000;
};

/// What `run_every_step` found.
struct steps_report {
  std::size_t exchanges = 0;        ///< of the call when nothing disturbs it
  std::size_t events = 0;           ///< its event-loop steps, each a place where it can be cancelled
  std::size_t runs = 0;             ///< how often the scenario was run
  std::vector<std::string> faults;  ///< one line each: what was done, and what came of it

  /// Whether nothing was wrong.
  [[nodiscard]] explicit operator bool() const noexcept { return faults.empty(); }
  /// Writes the figures in one line, and a line for each fault.
  SSO_DECL friend std::ostream& operator<<(std::ostream& out, const steps_report& report);
};

/// A function that makes a client anew, over `probe.over(transport)`, and begins a call of it.
template <class F>
concept step_scenario = std::invocable<F&, const step_probe&> &&
    requires(typename std::invoke_result_t<F&, const step_probe&>::value_type answer) {
  { answer.has_value() } -> std::same_as<bool>;
  { answer.error() } -> std::convertible_to<error>;
};

/// Runs scenarios; the part of `run_every_step` that does not depend on the type of the call.
class step_driver {
public:
  /// How a call ended.
  struct ending {
    std::exception_ptr thrown;     ///< null: it did not throw
    std::optional<error> failure;  ///< empty: it did not fail
  };
  /// Starts a call on a loop, to be cancelled through a slot, and says when it has ended. `all_types`: its caller's
  /// cancellation state lets every type through, and not only terminal ones.
  using starter = std::function<void(asio::io_context&, const step_probe&, asio::cancellation_slot,
                                     bool all_types, std::function<void(ending)>)>;

  /// Nothing happens before `run`.
  step_driver(starter start, steps_options options)
      : start_{std::move(start)}, options_{std::move(options)} {}
  /// All runs that `run_every_step` describes.
  [[nodiscard]] SSO_DECL steps_report run();

private:
  struct plan;
  struct outcome_of_run;

  SSO_DECL outcome_of_run perform(const plan& planned);
  SSO_DECL void fail_each_exchange();
  SSO_DECL void cancel_each_event();
  SSO_DECL void abandon_each_event();
  SSO_DECL void complain(const plan& planned, const std::string& what);

  starter start_;
  steps_options options_;
  steps_report report_;
  std::optional<errc> undisturbed_;  // how the call ends when left alone; none: well
};

/// Runs a call again and again, and disturbs each run in another place: first each failure of `options` at
/// each exchange, then each type of cancellation after each step of the event loop, then the loop's
/// destruction after each step.
///
///     const auto report = sso::testing::run_every_step([](const sso::testing::step_probe& probe) {
///       sso::testing::fake_transport server{...};
///       sso::keycard::basic_client client{probe.over(server), ...};
///       return client.disable("acme");
///     });
///     if (!report) std::cerr << report;
///
/// Reported are:
/// - a call that does not end, or that throws; `operation_aborted` after a cancellation is no fault, since
///   that is how coroutines of Asio end;
/// - a call that ends as cancelled when nobody cancelled it;
/// - an error that says `not_sent` of a call that was sent;
/// - a request that may have been carried out, is not `replayable`, and is sent again, unless its resource was looked
///   at in between: a read of the same path that was answered with a 2xx or 404, or another write answered with 404;
/// - a cancelled call that ends otherwise than as cancelled or, in its last steps, as if left alone; and one
///   that sends another request after its cancellation;
/// - whatever outlives the event loop: layers that are still there after it;
/// - what `step_probe::afterwards` complains of.
///
/// Requests for tokens belong to no call and count for neither of the first two rules on sending. Terminal
/// cancellations meet a caller with Asio's standard state, partial and total ones one that lets them through.
///
/// Preconditions: `scenario` makes everything anew, keeps nothing, and does the same each time; time is that
/// of a `manual_runtime`, or the runs take as long as they would.
/// Errors: what `scenario` itself throws.
template <step_scenario F>
[[nodiscard]] steps_report run_every_step(F scenario, steps_options options = {}) {
  const auto start = [scenario = std::move(scenario)](asio::io_context& io, const step_probe& probe,
                                                      asio::cancellation_slot slot, bool all_types,
                                                      std::function<void(step_driver::ending)> done) mutable {
    auto call = scenario(probe);
    if (all_types) call = detail::open_to_all(std::move(call));
    using value = typename decltype(call)::value_type;
    asio::co_spawn(
        io, std::move(call),
        asio::bind_cancellation_slot(slot, [done = std::move(done)](std::exception_ptr thrown, value answer) {
          step_driver::ending end{thrown, std::nullopt};
          if (!thrown && !answer) end.failure = answer.error();
          done(std::move(end));
        }));
  };
  return step_driver{start, std::move(options)}.run();
}

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/steps.ipp>
#endif

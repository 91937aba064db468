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

/// A failure of one exchange.
struct step_failure {
  std::string name;               ///< for reports, e.g. `response lost`
  result<http::response> answer;  ///< the result that the caller gets
  bool reaches_server =
      false;  ///< whether the transport below performs the exchange first; its response is discarded
};

/// The usual failures: no connection; a connection that broke before, and one that broke after the server
/// acted; the statuses 401, 429, 500 and 503.
[[nodiscard]] SSO_DECL std::vector<step_failure> usual_step_failures();

/// Observes the exchanges between a scenario's client and its transport. A handle to the current run.
class step_probe {
public:
  /// A layer through which `run_every_step` observes and disturbs exchanges.
  template <transport Next>
  [[nodiscard]] step_layer<Next> over(Next next) const {
    return step_layer<Next>{*this, std::move(next)};
  }

  /// Adds a check to run after the call of this run has ended, without further disturbance, e.g. that the
  /// client still works. It returns a description of the problem, or an empty string.
  SSO_DECL void afterwards(std::function<std::string()> check) const;

private:
  template <transport Next>
  friend class step_layer;
  friend class step_driver;
  struct state;

  SSO_DECL step_probe();
  /// An exchange in progress.
  struct exchange {
    std::size_t number = 0;
    std::optional<step_failure> failure;  ///< the injected failure
    bool sent = true;                     ///< false: cancelled before it was sent
  };
  [[nodiscard]] SSO_DECL static asio::awaitable<exchange> enter(std::shared_ptr<state> shared,
                                                                const http::request& request);
  SSO_DECL static void leave(state& shared, const exchange& one, const result<http::response>& answer);

  std::shared_ptr<state> state_;
};

/// A transport over another one that fails as its probe requests.
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

/// Options of `run_every_step`.
struct steps_options {
  /// The failures to inject, each at every exchange.
  std::vector<step_failure> failures = usual_step_failures();
  /// Number of event-loop steps at the end of a call at which a cancellation may have no effect.
  std::size_t too_late = 3;
  /// Maximum number of event-loop steps of a run. A run that exceeds it counts as endless.
  std::size_t most_events = 100'000;
};

/// The result of `run_every_step`.
struct steps_report {
  std::size_t exchanges = 0;  ///< of the undisturbed call
  std::size_t events = 0;     ///< event-loop steps of the undisturbed call, each a point of cancellation
  std::size_t runs = 0;       ///< number of runs of the scenario
  std::vector<std::string> faults;  ///< one line each: the disturbance and its effect

  /// Whether there is no fault.
  [[nodiscard]] explicit operator bool() const noexcept { return faults.empty(); }
  /// Writes the totals in one line, and a line for each fault.
  SSO_DECL friend std::ostream& operator<<(std::ostream& out, const steps_report& report);
};

/// A scenario: a function that creates a client over `probe.over(transport)` and starts a call.
template <class F>
concept step_scenario = std::invocable<F&, const step_probe&> &&
    requires(typename std::invoke_result_t<F&, const step_probe&>::value_type answer) {
  { answer.has_value() } -> std::same_as<bool>;
  { answer.error() } -> std::convertible_to<error>;
};

/// The part of `run_every_step` that does not depend on the type of the call.
class step_driver {
public:
  /// The ending of a call.
  struct ending {
    std::exception_ptr thrown;     ///< null: no exception
    std::optional<error> failure;  ///< empty: no error
  };
  /// Starts a call on a loop, cancellable through a slot, and reports its ending. `all_types`: the caller's
  /// cancellation state lets all types through instead of terminal ones only.
  using starter = std::function<void(asio::io_context&, const step_probe&, asio::cancellation_slot,
                                     bool all_types, std::function<void(ending)>)>;

  /// Starts nothing before `run`.
  step_driver(starter start, steps_options options)
      : start_{std::move(start)}, options_{std::move(options)} {}
  /// Performs all runs described at `run_every_step`.
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
  std::optional<errc> undisturbed_;  // the code of the undisturbed call; empty: success
};

/// Runs a call repeatedly, and disturbs each run at another point: first each failure of `options` at each
/// exchange, then each type of cancellation after each step of the event loop, then the destruction of the
/// loop after each step.
///
///     const auto report = sso::testing::run_every_step([](const sso::testing::step_probe& probe) {
///       sso::testing::fake_transport server{...};
///       sso::keycard::basic_client client{probe.over(server), ...};
///       return client.disable("acme");
///     });
///     if (!report) std::cerr << report;
///
/// Reported faults:
/// - a call that does not end, or that throws. `operation_aborted` after a cancellation is not a fault, since
///   coroutines of Asio end like this;
/// - a call that ends as cancelled without a cancellation;
/// - the outcome `not_sent` of a call that was sent;
/// - a second request for a call that may have been executed and is not `replayable`, unless its resource was
///   checked in between: a read of the same path with a 2xx or 404 response, or another write with a 404
///   response;
/// - a cancelled call that does not end as cancelled; in its last steps it may also end like an undisturbed
///   call;
/// - a call that sends another request after its cancellation;
/// - a layer that still exists after the event loop;
/// - the problems returned by the checks of `step_probe::afterwards`.
///
/// Token requests belong to no call; the rules on sending do not apply to them. A terminal cancellation is
/// delivered to a caller with Asio's default state, a partial or total one to a caller whose state lets it
/// through.
///
/// Preconditions: `scenario` creates all objects anew, keeps no state, and does the same each time. It uses a
/// `manual_runtime`; otherwise the runs take real time.
///
/// Errors: exceptions of `scenario`.
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

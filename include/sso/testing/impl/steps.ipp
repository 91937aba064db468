// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/token_request.ipp>
#include <sso/testing/impl/yield.ipp>
#include <sso/testing/steps.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <mutex>
#include <ostream>
#include <string_view>

namespace sso::testing {
namespace detail {

/// The properties of a sent request that the checks use.
struct sent_request {
  std::string name;  // method and path
  std::string path;
  bool token = false;
  bool replayable = false;
  bool read = false;
  bool may_have_acted = false;
  unsigned status = 0;  // the status that the caller got; 0: an error
};

/// Whether the response to `later` shows the caller whether `hit` was executed.
inline bool shows_outcome(const sent_request& later, const sent_request& hit) {
  if (later.path != hit.path) return false;
  return later.status == 404 || (later.read && later.status >= 200 && later.status < 300);
}

inline std::string what_was_thrown(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    return std::string{"threw "} + e.what();
  } catch (...) {
    return "threw an exception that is not a std::exception";
  }
}

/// Whether the exception is the one by which Asio cancels a coroutine.
inline bool is_operation_aborted(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

inline std::string_view name_of(asio::cancellation_type type) {
  if (type == asio::cancellation_type::terminal) return "terminal";
  return type == asio::cancellation_type::partial ? "partial" : "total";
}

}  // namespace detail

struct step_probe::state {
  std::mutex mutex;
  std::optional<std::size_t> fail_at;
  const step_failure* failure = nullptr;  // outlives the run
  bool injected = false;
  std::vector<detail::sent_request> sent;
  std::vector<std::function<std::string()>> checks;

  std::size_t count() {
    const std::lock_guard lock{mutex};
    return sent.size();
  }
};

SSO_DECL step_probe::step_probe() : state_{std::make_shared<state>()} {}

SSO_DECL void step_probe::afterwards(std::function<std::string()> check) const {
  const std::lock_guard lock{state_->mutex};
  state_->checks.push_back(std::move(check));
}

SSO_DECL asio::awaitable<step_probe::exchange> step_probe::enter(std::shared_ptr<state> shared,
                                                                 const http::request& request) {
  exchange one;
  const bool cancelled_before = co_await detail::is_cancelled();
  if (cancelled_before) {
    one.sent = false;
    one.failure = step_failure{{}, error{errc::cancelled, outcome::not_sent, "before the request was sent"}};
    co_return one;
  }
  {
    const std::lock_guard lock{shared->mutex};
    one.number = shared->sent.size();
    detail::sent_request record;
    record.path = request.target.substr(0, request.target.find('?'));
    record.name.append(to_string(request.method)).append(" ").append(record.path);
    record.token = detail::is_token_request(request);
    record.replayable = request.replayable;
    record.read = request.method == http::method::get || request.method == http::method::head;
    if (shared->fail_at == one.number) {
      shared->injected = true;
      one.failure = *shared->failure;
      const auto& answer = one.failure->answer;
      record.may_have_acted = answer ? answer->status >= 500 && answer->status != 503
                                     : answer.error().outcome() == outcome::maybe_executed;
    }
    shared->sent.push_back(std::move(record));
  }
  if (!one.failure || one.failure->reaches_server) co_return one;

  const bool cancelled = co_await detail::without_throwing(detail::yield());
  if (cancelled) {
    one.failure->answer = error{errc::cancelled, outcome::maybe_executed, "before the response came"};
  }
  co_return one;
}

SSO_DECL void step_probe::leave(state& shared, const exchange& one, const result<http::response>& answer) {
  const std::lock_guard lock{shared.mutex};
  if (one.sent && answer) shared.sent[one.number].status = answer->status;
}

SSO_DECL std::vector<step_failure> usual_step_failures() {
  const auto broken = [](errc code, outcome outcome) {
    return error{code, outcome, "injected by run_every_step"};
  };
  const auto status = [](unsigned code) { return http::response{code, {}, {}}; };
  return {
      {"no connection", broken(errc::connect_failed, outcome::not_sent)},
      {"connection broken", broken(errc::transport_failed, outcome::maybe_executed)},
      {"response lost", broken(errc::incomplete_response, outcome::maybe_executed), true},
      {"status 401", status(401)},
      {"status 429", status(429)},
      {"status 500", status(500)},
      {"status 503", status(503)},
  };
}

/// The disturbance of one run. Default: none.
struct step_driver::plan {
  const step_failure* failure = nullptr;
  std::size_t at_exchange = 0;
  std::optional<std::size_t> after_events;
  asio::cancellation_type type = asio::cancellation_type::none;  // none: the loop is destroyed
};

struct step_driver::outcome_of_run {
  std::size_t events = 0;
  bool disturbed = false;
  std::optional<ending> end;
  std::vector<detail::sent_request> sent;
};

SSO_DECL void step_driver::complain(const plan& planned, const std::string& what) {
  std::string line;
  if (planned.failure != nullptr) {
    line = planned.failure->name + " at exchange " + std::to_string(planned.at_exchange + 1);
  } else if (!planned.after_events) {
    line = "undisturbed";
  } else {
    line = planned.type == asio::cancellation_type::none
               ? std::string{"the event loop destroyed"}
               : std::string{detail::name_of(planned.type)} + " cancellation";
    line += " after event " + std::to_string(*planned.after_events);
  }
  report_.faults.push_back(line + ": " + what);
}

SSO_DECL step_driver::outcome_of_run step_driver::perform(const plan& planned) {
  ++report_.runs;
  outcome_of_run out;
  step_probe probe;
  auto& shared = *probe.state_;
  if (planned.failure != nullptr) {
    shared.fail_at = planned.at_exchange;
    shared.failure = planned.failure;
  }
  // Shared: the rest of an abandoned call may still report its end after this function returns.
  const auto end = std::make_shared<std::optional<ending>>();
  std::size_t sent_before = 0;
  bool endless = false;
  {
    asio::cancellation_signal signal;
    asio::io_context io;
    const bool all_types =
        (planned.type & asio::cancellation_type::terminal) == asio::cancellation_type::none;
    start_(io, probe, signal.slot(), all_types, [end](ending e) { *end = std::move(e); });
    for (std::size_t events = 0;; ++events) {
      endless = events == options_.most_events;
      if (endless) break;
      if (events == planned.after_events && !*end) {
        out.disturbed = true;
        if (planned.type == asio::cancellation_type::none) break;
        // Posted: handlers queued earlier, such as the start of the call, still run before the cancellation.
        asio::post(io, [&] {
          signal.emit(planned.type);
          sent_before = shared.count();
        });
      }
      if (!*end) out.events = events;
      if (io.run_one() == 0) break;
    }
    out.end = *end;
  }
  const bool abandoned = planned.after_events && planned.type == asio::cancellation_type::none;
  out.sent = shared.sent;
  if (planned.failure != nullptr) out.disturbed = shared.injected;

  if (!abandoned && !out.end) {
    complain(planned,
             endless ? "the call has not completed after " + std::to_string(options_.most_events) + " events"
                     : std::string{"the call never completes"});
  }
  if (out.end && out.end->thrown && planned.type != asio::cancellation_type::none &&
      detail::is_operation_aborted(out.end->thrown)) {
    out.end = ending{nullptr, error{errc::cancelled, outcome::maybe_executed}};
  }
  if (out.end && out.end->thrown) complain(planned, "the call " + detail::what_was_thrown(out.end->thrown));
  if (out.disturbed && planned.type != asio::cancellation_type::none) {
    for (auto i = sent_before; i < out.sent.size(); ++i) {
      if (!out.sent[i].token)
        complain(planned, "the call sent " + out.sent[i].name + " after the cancellation");
    }
  }
  if (!abandoned) {
    shared.fail_at.reset();
    for (const auto& check : shared.checks) {
      const auto complaint = check();
      if (!complaint.empty()) complain(planned, "afterwards: " + complaint);
    }
  }
  shared.checks.clear();
  if (const auto left = probe.state_.use_count() - 1; left != 0) {
    complain(planned, "the transport outlives the event loop, in " + std::to_string(left) + " copies");
  }
  return out;
}

SSO_DECL void step_driver::fail_each_exchange() {
  for (const auto& failure : options_.failures) {
    for (plan planned{&failure, 0, {}, {}};; ++planned.at_exchange) {
      const auto run = perform(planned);
      if (!run.disturbed) break;
      if (!run.end || run.end->thrown) continue;
      const auto& sent = run.sent;
      const auto& hit = sent[planned.at_exchange];
      if (hit.may_have_acted && !hit.replayable && !hit.token) {
        for (auto later = planned.at_exchange + 1; later != sent.size(); ++later) {
          if (detail::shows_outcome(sent[later], hit)) break;
          if (sent[later].name != hit.name || sent[later].replayable) continue;
          complain(planned, hit.name + " may have been executed, and was sent again");
          break;
        }
      }
      if (!run.end->failure) continue;
      const auto& failed = *run.end->failure;
      if (failed.code() == errc::cancelled)
        complain(planned, "the call reports a cancellation that did not happen");
      if (hit.may_have_acted && !hit.token && failed.outcome() != outcome::maybe_executed) {
        complain(planned, hit.name + " may have been executed, but the error says " +
                              std::string{to_string(failed.outcome())});
      }
    }
  }
}

SSO_DECL void step_driver::cancel_each_event() {
  for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                          asio::cancellation_type::total}) {
    std::size_t late = 0;
    plan planned{nullptr, 0, 0, type};
    for (;; ++*planned.after_events) {
      const auto run = perform(planned);
      if (!run.disturbed) break;
      if (!run.end || run.end->thrown) continue;
      const auto& failed = run.end->failure;
      const auto code =
          failed ? std::optional{static_cast<errc>(failed->code().value())} : std::optional<errc>{};
      if (code == errc::cancelled) {
        if (late != 0) complain(planned, "cancelled, although an earlier cancellation was too late");
      } else if (code == undisturbed_) {
        ++late;
      } else {
        complain(planned, "the call ended with " +
                              (code ? std::string{to_string(*code)} : std::string{"success"}) +
                              " instead of cancelled");
      }
    }
    if (late > options_.too_late) {
      complain(planned, "cancellation was too late in " + std::to_string(late) + " events");
    }
  }
}

SSO_DECL void step_driver::abandon_each_event() {
  for (plan planned{nullptr, 0, 0, asio::cancellation_type::none};; ++*planned.after_events) {
    if (!perform(planned).disturbed) break;
  }
}

SSO_DECL steps_report step_driver::run() {
  const auto first = perform({});
  if (first.end && first.end->failure) {
    undisturbed_ = static_cast<errc>(first.end->failure->code().value());
  }
  report_.exchanges = first.sent.size();
  report_.events = first.events;
  if (report_) fail_each_exchange();
  if (first.end) {
    cancel_each_event();
    abandon_each_event();
  }
  return report_;
}

SSO_DECL std::ostream& operator<<(std::ostream& out, const steps_report& report) {
  out << report.runs << " runs of a call with " << report.exchanges << " exchanges and " << report.events
      << " events, " << report.faults.size() << " faults\n";
  for (const auto& fault : report.faults) out << "  " << fault << '\n';
  return out;
}

}  // namespace sso::testing

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/conformance_failures.ipp>

#include <array>

/// Conformance cases: cancellation.
namespace sso::testing::detail::conformance {

inline void cancellation(case_bench& bench, asio::cancellation_type type, caller_state caller = {}) {
  const auto cancel = [&](const http::request& request, const http::origin* awaited, outcome expected,
                          const std::string& what) {
    const auto sent = bench.subject.received().size();
    const auto one = bench.begin(request, {std::chrono::hours{1}}, caller);
    if (awaited == nullptr) bench.await_received(sent + 1, what);
    bench.run_for(std::chrono::milliseconds{20});
    bench.require(!one->has_ended(), what + ": it completed before it was cancelled");
    asio::post(bench.io, [one, type] { one->signal.emit(type); });
    bench.expect_error(bench.finish(*one, what + ", cancelled"), {errc::cancelled}, expected,
                       what + ", cancelled");
    bench.expect_usable("a cancelled exchange");
  };
  const std::vector<std::size_t> places =
      bench.subject.has_wire() ? std::vector<std::size_t>{0, 12, 44} : std::vector<std::size_t>{0};
  for (const auto bytes : places) {
    bench.set_up(stalling(bytes));
    cancel(bench.request(http::method::get, "/stall"), nullptr, outcome::maybe_executed,
           "an exchange that has received " + std::to_string(bytes) + " bytes of its response");
  }
  if (const auto silent = bench.subject.silent_origin()) {
    auto request = bench.post();
    request.origin = *silent;
    cancel(request, &*silent, outcome::not_sent, "an exchange whose connection does not open");
  }
}
inline void terminal_cancellation(case_bench& bench) {
  cancellation(bench, asio::cancellation_type::terminal);
  cancellation(bench, asio::cancellation_type::terminal, {filter::standard, true});
}
inline void partial_cancellation(case_bench& bench) {
  cancellation(bench, asio::cancellation_type::partial);
}
inline void total_cancellation(case_bench& bench) {
  cancellation(bench, asio::cancellation_type::total);
}

/// A cancellation of a type that the caller's state rejects has no effect on the exchange.
inline void filtered_cancellation(case_bench& bench) {
  using type = asio::cancellation_type;
  struct row {
    caller_state caller;
    type emitted;
    const char* what;
  };
  const std::array rows{
      row{{filter::standard, true}, type::total, "a total cancellation when only terminal is accepted"},
      row{{filter::standard, true}, type::partial, "a partial cancellation when only terminal is accepted"},
      row{{filter::none, true}, type::terminal, "a terminal cancellation when no type is accepted"},
      row{{filter::none, false}, type::all, "a cancellation of every type when no type is accepted"},
  };
  for (const auto& row : rows) {
    const auto open = std::make_shared<std::atomic<bool>>(false);
    auto action = responding(200, "done");
    action.when = open;
    bench.set_up(action);
    const std::string what = row.what;
    const auto one = bench.begin(bench.request(), {std::chrono::hours{1}}, row.caller);
    bench.await_received(1, what);
    const auto emitted = row.emitted;
    asio::post(bench.io, [one, emitted] { one->signal.emit(emitted); });
    bench.run_for(std::chrono::milliseconds{20});
    bench.require(!one->has_ended(), what + ": it ended the exchange");
    *open = true;
    bench.expect_body(bench.finish(*one, what), 200, "done", what);
    bench.expect_usable("an exchange with a rejected cancellation");
  }
}

/// An exchange does not change the caller's cancellation state. Sets `fault` to the difference.
inline asio::awaitable<void> watch_state(std::shared_ptr<attempt> noted, http::request sent,
                                         http::limits limits, caller_state caller,
                                         std::shared_ptr<std::string> fault) {
  using type = asio::cancellation_type;
  co_await enter(caller);
  auto got = co_await noted->handle->send(sent, limits);

  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::post(asio::use_awaitable);  // back to the caller's executor, which delivers the signals
  const auto at_end = co_await asio::this_coro::cancellation_state;
  const bool was_cancelled = !got && got.error().code() == errc::cancelled;
  if (throws != caller.throws) {
    *fault = "throw_if_cancelled was changed";
  } else if (was_cancelled != (at_end.cancelled() != type::none)) {
    *fault = was_cancelled ? "the state no longer reports the cancellation"
                           : "the state reports a cancellation that did not happen";
  } else if (!was_cancelled) {
    noted->signal.emit(type::total);
    const bool total_passes = at_end.cancelled() != type::none;
    noted->signal.emit(type::terminal);
    const bool terminal_passes = at_end.cancelled() != type::none;
    if (total_passes != (caller.accepts == filter::all) ||
        terminal_passes != (caller.accepts != filter::none)) {
      *fault = "the accepted cancellation types were changed";
    }
  }
  noted->end(nullptr, std::move(got), true);
}

inline void cancellation_state(case_bench& bench) {
  const auto check = [&](const http::request& request, const http::limits& limits, caller_state caller,
                         bool cancel, const std::string& what) {
    const auto fault = std::make_shared<std::string>();
    const auto sent = bench.subject.received().size();
    const auto one = std::make_shared<attempt>(*bench.transport);
    bench.spawn(one, watch_state(one, request, limits, caller, fault));
    if (cancel) {
      bench.await_received(sent + 1, what);
      asio::post(bench.io, [one] { one->signal.emit(asio::cancellation_type::terminal); });
    }
    auto got = bench.finish(*one, what);
    bench.require(fault->empty(), what + ": " + *fault);
    return got;
  };
  bench.set_up(stalling(0));
  const std::array callers{caller_state{filter::standard, true}, caller_state{filter::standard, false},
                           caller_state{filter::all, true}, caller_state{filter::none, false},
                           caller_state{filter::none, true}};
  http::limits soon;
  soon.timeout = std::chrono::milliseconds{20};
  const auto stall = bench.request(http::method::get, "/stall");
  for (const auto& caller : callers) {
    bench.expect_status(check(bench.request(), {}, caller, false, "an exchange that succeeds"), 200,
                        "an exchange that succeeds");
    const auto late = check(stall, soon, caller, false, "an exchange that times out");
    bench.require(!late && late.error().code() == errc::timeout,
                  "an exchange without response: " + in_words(late));
    if (caller.accepts == filter::none) continue;
    bench.expect_error(check(stall, {std::chrono::hours{1}}, caller, true, "an exchange that is cancelled"),
                       {errc::cancelled}, outcome::maybe_executed, "an exchange that is cancelled");
  }
}

inline void cancellation_beforehand(case_bench& bench) {
  bench.set_up(responding(200));
  const auto one = std::make_shared<attempt>(*bench.transport);
  const auto request = bench.post();
  const auto late = [](std::shared_ptr<attempt> noted, http::request sent) -> asio::awaitable<void> {
    co_await enter({});
    noted->signal.emit(asio::cancellation_type::terminal);
    auto got = co_await noted->handle->send(sent, http::limits{});
    noted->end(nullptr, std::move(got), true);
  };
  bench.spawn(one, late(one, request));
  const std::string what = "a caller that is already cancelled";
  bench.expect_error(bench.finish(*one, what), {errc::cancelled}, outcome::not_sent, what);
  bench.expect_usable(what);
  bench.require(bench.subject.received().size() == 1, what + ": its request was sent");
}

}  // namespace sso::testing::detail::conformance

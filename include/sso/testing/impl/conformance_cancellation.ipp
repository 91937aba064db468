// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/impl/conformance_failures.ipp>

#include <array>

/// Conformance cases on cancellation.
namespace sso::testing::detail::conformance {

inline void cancellation(case_bench& bench, asio::cancellation_type type, caller_state caller = {}) {
  const auto cancel = [&](const http::request& request, const http::origin* awaited, outcome expected,
                          const std::string& what) {
    const auto sent = bench.subject.received().size();
    const auto one = bench.begin(request, {std::chrono::hours{1}}, caller);
    if (awaited == nullptr) bench.await_received(sent + 1, what);
    bench.run_for(std::chrono::milliseconds{20});
    bench.require(!one->has_ended(), what + ": it ended before it was cancelled");
    asio::post(bench.io, [one, type] { one->signal.emit(type); });
    bench.expect_error(bench.finish(*one, what + ", cancelled"), {errc::cancelled}, expected,
                       what + ", cancelled");
    bench.expect_usable("a cancelled one");
  };
  const std::vector<std::size_t> places =
      bench.subject.has_wire() ? std::vector<std::size_t>{0, 12, 44} : std::vector<std::size_t>{0};
  for (const auto bytes : places) {
    bench.set_up(stalling(bytes));
    cancel(bench.request(http::method::get, "/stall"), nullptr, outcome::maybe_executed,
           "an exchange that waits for a response, " + std::to_string(bytes) + " bytes of which came");
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

/// What a caller's state filters out does not reach the exchange.
inline void filtered_cancellation(case_bench& bench) {
  using type = asio::cancellation_type;
  struct row {
    caller_state caller;
    type emitted;
    const char* what;
  };
  const std::array rows{
      row{{filter::standard, true},
          type::total,
          "a total cancellation where only terminal ones are let through"},
      row{{filter::standard, true},
          type::partial,
          "a partial cancellation where only terminal ones are let through"},
      row{{filter::none, true}, type::terminal, "a terminal cancellation where none is let through"},
      row{{filter::none, false}, type::all, "a cancellation of every type where none is let through"},
  };
  for (const auto& row : rows) {
    const auto open = std::make_shared<std::atomic<bool>>(false);
    auto action = answering(200, "done");
    action.when = open;
    bench.set_up(action);
    const std::string what = row.what;
    const auto one = bench.begin(bench.request(), {std::chrono::hours{1}}, row.caller);
    bench.await_received(1, what);
    const auto emitted = row.emitted;
    asio::post(bench.io, [one, emitted] { one->signal.emit(emitted); });
    bench.run_for(std::chrono::milliseconds{20});
    bench.require(!one->has_ended(), what + ": it reached the exchange");
    *open = true;
    bench.expect_body(bench.finish(*one, what), 200, "done", what);
    bench.expect_usable("one with a cancellation that was filtered out");
  }
}

/// The caller's state is after an exchange what it was before; `fault` tells what is not.
inline asio::awaitable<void> watch_state(std::shared_ptr<attempt> noted, http::request sent,
                                         http::limits limits, caller_state caller,
                                         std::shared_ptr<std::string> fault) {
  using type = asio::cancellation_type;
  co_await enter(caller);
  auto got = co_await noted->handle->send(sent, limits);

  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::post(asio::use_awaitable);  // back to the caller's executor, through which signals go
  const auto at_end = co_await asio::this_coro::cancellation_state;
  const bool was_cancelled = !got && got.error().code() == errc::cancelled;
  if (throws != caller.throws) {
    *fault = "throw_if_cancelled was changed";
  } else if (was_cancelled != (at_end.cancelled() != type::none)) {
    *fault = was_cancelled ? "the state no longer says that the caller was cancelled"
                           : "the state says that the caller was cancelled";
  } else if (!was_cancelled) {
    noted->signal.emit(type::total);
    const bool total_passes = at_end.cancelled() != type::none;
    noted->signal.emit(type::terminal);
    const bool terminal_passes = at_end.cancelled() != type::none;
    if (total_passes != (caller.lets_through == filter::all) ||
        terminal_passes != (caller.lets_through != filter::none)) {
      *fault = "the filter of cancellations was changed";
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
    if (caller.lets_through == filter::none) continue;
    bench.expect_error(check(stall, {std::chrono::hours{1}}, caller, true, "an exchange that is cancelled"),
                       {errc::cancelled}, outcome::maybe_executed, "an exchange that is cancelled");
  }
}

inline void cancellation_beforehand(case_bench& bench) {
  bench.set_up(answering(200));
  const auto one = std::make_shared<attempt>(*bench.transport);
  const auto request = bench.post();
  const auto late = [](std::shared_ptr<attempt> noted, http::request sent) -> asio::awaitable<void> {
    co_await enter({});
    noted->signal.emit(asio::cancellation_type::terminal);
    auto got = co_await noted->handle->send(sent, http::limits{});
    noted->end(nullptr, std::move(got), true);
  };
  bench.spawn(one, late(one, request));
  const std::string what = "a caller that was cancelled before";
  bench.expect_error(bench.finish(*one, what), {errc::cancelled}, outcome::not_sent, what);
  bench.expect_usable(what);
  bench.require(bench.subject.received().size() == 1, what + ": its request was sent");
}

}  // namespace sso::testing::detail::conformance

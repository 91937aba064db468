// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/errc.hpp>
#include <sso/testing/conformance.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <initializer_list>
#include <mutex>

namespace sso::testing::detail::conformance {

// Thrown to end a case early.
struct case_failed {
  std::string why;
};
struct case_skipped {
  std::string why;
};

using exchange_result = result<http::response>;
using steady = std::chrono::steady_clock;

[[nodiscard]] inline std::string in_words(const exchange_result& got) {
  if (!got)
    return "the error '" + got.error().message() + "', " + std::string{to_string(got.error().outcome())};
  return "status " + std::to_string(got->status) + " with a body of " + std::to_string(got->body.size()) +
         " bytes";
}

[[nodiscard]] inline std::string in_words(steady::duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
}

/// The cancellation types that a caller's state accepts.
enum class filter {
  standard,  ///< terminal, the default of a coroutine
  all,       ///< terminal, partial and total
  none,      ///< none
};

/// The caller's cancellation state.
struct caller_state {
  filter accepts = filter::all;
  bool throws = false;  ///< `throw_if_cancelled`
};

inline asio::awaitable<void> enter(caller_state state) {
  switch (state.accepts) {
  case filter::standard: break;
  case filter::all:
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    break;
  case filter::none: co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation()); break;
  }
  co_await asio::this_coro::throw_if_cancelled(state.throws);
}

/// An exchange in progress. Locked, since a faulty transport may complete it on another thread.
class attempt {
public:
  explicit attempt(any_transport with) : handle{std::move(with)} {}

  asio::cancellation_signal signal;
  std::optional<any_transport> handle;  ///< the transport that runs the exchange

  void end(std::exception_ptr thrown, std::optional<exchange_result> got, bool here) {
    const std::lock_guard lock{mutex_};
    thrown_ = thrown;
    result_ = std::move(got);
    here_ = here;
    ended_ = true;
  }
  [[nodiscard]] bool has_ended() const {
    const std::lock_guard lock{mutex_};
    return ended_;
  }
  /// Whether it completed on the caller's executor.
  [[nodiscard]] bool ended_here() const {
    const std::lock_guard lock{mutex_};
    return here_;
  }
  /// Precondition: it has ended.
  [[nodiscard]] exchange_result get(const std::string& what) const {
    const std::lock_guard lock{mutex_};
    try {
      if (thrown_) std::rethrow_exception(thrown_);
    } catch (const std::exception& e) {
      throw case_failed{what + ": `send` threw: " + e.what()};
    } catch (...) {
      throw case_failed{what + ": `send` threw an exception that is not a std::exception"};
    }
    return *result_;
  }

private:
  mutable std::mutex mutex_;
  bool ended_ = false;
  bool here_ = true;
  std::exception_ptr thrown_;
  std::optional<exchange_result> result_;
};

/// The environment of a case: a peer, a transport, an event loop and a time limit. A failed expectation throws
/// `case_failed`.
class case_bench {
public:
  case_bench(conformance_subject& tried, const conformance_options& options)
      : subject{tried}, patience{options.patience}, added_headers{options.added_headers} {}

  /// Makes a new peer and a new transport.
  void set_up(peer_script script) {
    transport.reset();
    subject.serve(std::move(script));
    renew_transport();
  }
  /// The same, with a peer that treats all requests alike.
  void set_up(peer_action always) {
    set_up([always = std::move(always)](const http::request&, std::size_t) { return always; });
  }

  void renew_transport() { transport.emplace(subject.make(io.get_executor())); }

  [[nodiscard]] http::request request(http::method method = http::method::get,
                                      std::string target = "/") const {
    http::request out;
    out.method = method;
    out.origin = subject.origin();
    out.target = std::move(target);
    out.operation = "conformance";
    out.replayable = method == http::method::get || method == http::method::head;
    return out;
  }
  [[nodiscard]] http::request post(std::string body = "{}") const {
    auto out = request(http::method::post);
    out.body = std::move(body);
    return out;
  }

  std::shared_ptr<attempt> begin(any_transport with, http::request what, http::limits limits = {},
                                 caller_state caller = {}) {
    auto made = std::make_shared<attempt>(std::move(with));
    spawn(made, exchange(made, std::move(what), limits, caller, io.get_executor()));
    return made;
  }
  /// Starts a coroutine that `noted->signal` cancels. It calls `noted->end` itself unless it throws.
  void spawn(const std::shared_ptr<attempt>& noted, asio::awaitable<void> coroutine) {
    asio::co_spawn(io, std::move(coroutine),
                   asio::bind_cancellation_slot(noted->signal.slot(), [noted](std::exception_ptr thrown) {
                     if (thrown) noted->end(thrown, std::nullopt, true);
                   }));
  }
  std::shared_ptr<attempt> begin(http::request what, http::limits limits = {}, caller_state caller = {}) {
    return begin(*transport, std::move(what), limits, caller);
  }

  /// Runs the loop until `done` is true; fails with `otherwise` after `patience`.
  template <class Condition>
  void run_until(Condition done, const std::string& otherwise) {
    const auto limit = steady::now() + patience;
    while (!done()) {
      if (steady::now() > limit) throw case_failed{otherwise};
      io.restart();
      io.run_one_for(std::chrono::milliseconds{5});
    }
  }
  /// Runs the loop for `time`.
  void run_for(steady::duration time) {
    const auto end = steady::now() + time;
    while (steady::now() < end) {
      io.restart();
      io.run_until(end);
    }
  }

  exchange_result finish(const attempt& one, const std::string& what) {
    run_until([&] { return one.has_ended(); }, what + ": not completed within " + in_words(patience));
    return one.get(what);
  }
  exchange_result send(const http::request& what, const std::string& name, const http::limits& limits = {}) {
    return finish(*begin(what, limits), name);
  }
  void await_received(std::size_t count, const std::string& what) {
    run_until([&] { return subject.received().size() >= count; },
              what + ": the request did not reach the peer within " + in_words(patience));
  }

  static void require(bool holds, const std::string& otherwise) {
    if (!holds) throw case_failed{otherwise};
  }
  static void expect_status(const exchange_result& got, unsigned status, const std::string& what) {
    require(got && got->status == status,
            what + ": " + in_words(got) + " instead of status " + std::to_string(status));
  }
  static void expect_body(const exchange_result& got, unsigned status, const std::string& body,
                          const std::string& what) {
    expect_status(got, status, what);
    if (got->body == body) return;
    std::size_t at = 0;
    while (at < body.size() && at < got->body.size() && body[at] == got->body[at]) ++at;
    throw case_failed{what + ": a body of " + std::to_string(got->body.size()) + " bytes instead of " +
                      std::to_string(body.size()) + ", different from byte " + std::to_string(at)};
  }
  static void expect_error(const exchange_result& got, std::initializer_list<errc> codes, outcome happened,
                           const std::string& what) {
    std::string wanted;
    bool right = false;
    for (const auto code : codes) {
      wanted.append(wanted.empty() ? "" : " or ").append(to_string(code));
      right = right || (!got && got.error().code() == code);
    }
    require(right, what + ": " + in_words(got) + " instead of the error " + wanted);
    require(got.error().outcome() == happened, what + ": the outcome " +
                                                   std::string{to_string(got.error().outcome())} +
                                                   " instead of " + std::string{to_string(happened)});
  }
  void expect_usable(const std::string& after) {
    const auto got = send(request(http::method::get, "/afterwards"), "another request after " + after);
    expect_status(got, 200, "another request after " + after);
  }
  void need_wire() const {
    if (!subject.has_wire()) throw case_skipped{"the subject has no connections"};
  }

  conformance_subject& subject;
  steady::duration patience;
  std::vector<std::string> added_headers;  ///< the header fields that the transport may add to a request
  asio::io_context io;
  std::optional<any_transport> transport;

private:
  static asio::awaitable<void> exchange(std::shared_ptr<attempt> noted, http::request what,
                                        http::limits limits, caller_state caller,
                                        asio::io_context::executor_type here) {
    co_await enter(caller);
    auto got = co_await noted->handle->send(what, limits);
    noted->end(nullptr, std::move(got), here.running_in_this_thread());
  }
};

}  // namespace sso::testing::detail::conformance

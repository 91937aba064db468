// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/deadlines.hpp>
#include <sso/detail/beast/open.hpp>
#include <sso/http/request.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// One request and its response, in steps: `perform` in `transports/impl/beast.ipp` takes them one after the other, on the
/// executor of the awaiting coroutine. Only the deadline may come beside a step, from another thread, and it only stops
/// what it guards. So the sockets need no strand: co_spawn on one would cost 7,000 instructions and 15 allocations a call.
class exchange {
public:
  /// All arguments must outlive the exchange.
  exchange(environment& env, const http::request& request, const http::limits& limits)
      : env_{env},
        request_{request},
        limits_{limits},
        due_{clock::now() + clamp_duration(limits.timeout)},
        deadline_{env.clocks, due_} {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange() {
    if (fit_to_keep_ && !deadline_.passed()) lease_.give_back();
  }

  [[nodiscard]] bool has_ended() const noexcept { return response_.has_value(); }
  [[nodiscard]] bool has_connection() const noexcept { return lease_.connection != nullptr; }

  /// Takes a lease with a kept connection, or the right to open one. False if all are in use.
  [[nodiscard]] bool acquire_lease() { return begin_lease(env_.connections->try_acquire(request_.origin)); }

  asio::awaitable<void> wait_for_lease() {
    pool_waiter waiter{*env_.connections, env_.executor, request_.origin};
    {
      const deadline::guard guard{deadline_, waiter};
      co_await waiter.async_wait(no_frame);
    }
    if (!begin_lease(waiter.take())) response_ = deadline_.passed() ? timeout() : cancelled();
  }

  /// Opens a connection for the lease, or tells why there is none.
  asio::awaitable<void> open() {
    fit_to_keep_ = false;
    const auto limit = clock::now() + env_.connect_timeout;
    deadline_.move_to((std::min)(limit, due_));
    const opening parts{env_, request_.origin, deadline_, now_};
    auto opened = co_await net::open(parts);
    deadline_.move_to(due_);
    if (deadline_.passed()) {  // for good, be it only the limit for connecting
      response_ = limit < due_ ? connect_timeout() : timeout();
    } else if (!opened) {
      response_ = std::move(opened.error().with_outcome(outcome_now()));
    } else {
      env_.connections->count_opened();
      lease_.connection = std::move(*opened);
    }
  }

  /// Until there is a response, or the connection has ended. Without a response the call ends with an error, unless a kept
  /// connection was dead before it said anything: that is given up for a new one.
  asio::awaitable<void> send_and_receive() {
    if (clock::now() >= due_) {  // the event loop may lag behind
      response_ = timeout();
      co_return;
    }
    {
      auto& c = *lease_.connection;
      const deadline::guard guard{deadline_, c};
      begin(c);
      if (c.has_more()) take_in(c, 0, {});  // what came with the end of the handshake, such as a 503
      while (!is_over() && now_ == phase::sending && !unsendable_) {
        send_some(c);
        if (now_ == phase::sending && !unsendable_) co_await receive_while_sending(c);
      }
      while (!is_over()) {
        const auto [failed, n] = co_await c.socket.async_read_some(c.room(), no_frame);
        take_in(c, n, failed);
      }
    }
    if (response_) co_return;
    if (kept_ && request_.replayable && received_ == 0 && !is_interrupted()) {
      give_up_kept_connection();
    } else {
      response_ = deadline_.passed() ? timeout() : broken();
    }
  }

  /// How it ended. A cancellation breaks off the operation under way, which fails with `operation_aborted`, or makes the next
  /// `co_await` throw that: either is `cancelled`.
  [[nodiscard]] result<http::response> take(std::exception_ptr thrown,
                                            const asio::cancellation_state& state) {
    if (response_ && response_->has_value()) return std::move(*response_);
    const bool aborted = ended_ == asio::error::operation_aborted || is_abort(thrown) ||
                         (response_ && response_->error().cause() == asio::error::operation_aborted);
    if (aborted || state.cancelled() != asio::cancellation_type::none) {
      return deadline_.passed() ? timeout() : cancelled();
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*response_);
  }

private:
  bool begin_lease(lease granted) {
    lease_ = std::move(granted);
    kept_ = fit_to_keep_ = lease_.connection != nullptr;  // fit as long as nothing is sent on it
    if (kept_ && !lease_.connection->is_quiet()) give_up_kept_connection();
    return static_cast<bool>(lease_);
  }

  void give_up_kept_connection() {
    env_.connections->count_replaced();
    lease_.connection.reset();
    kept_ = fit_to_keep_ = false;
  }

  void begin(connection& c) {
    c.begin(request_, limits_);
    fit_to_keep_ = false;
    unsent_ = c.request_text;
    now_ = phase::sending;
    writing_ = true;
    received_ = unused_ = 0;
    ended_ = unsendable_ = {};
  }

  [[nodiscard]] bool is_over() const noexcept { return response_ || ended_; }
  [[nodiscard]] bool is_interrupted() const noexcept {
    return deadline_.passed() || ended_ == asio::error::operation_aborted;
  }
  [[nodiscard]] static bool is_abort(const std::exception_ptr& thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const boost::system::system_error& e) {
      return e.code() == asio::error::operation_aborted;
    } catch (...) {
    }
    return false;
  }

  /// Encrypts and sends the request piece by piece. Where sending fails the response may still be there.
  void send_some(connection& c) {
    constexpr std::size_t piece = 64 * 1024;
    auto failed = c.flush();
    while (!failed && !unsent_.empty()) {
      failed = c.write(unsent_.substr(0, piece));
      unsent_.remove_prefix((std::min)(piece, unsent_.size()));
      if (!failed) failed = c.flush();
    }
    if (is_would_block(failed)) return;
    unsendable_ = failed;
    if (failed) return;
    c.forget_request();
    now_ = phase::awaiting_response;
  }

  /// A server may respond before it has read the whole request, and then read no more.
  asio::awaitable<void> receive_while_sending(connection& c) {
    const auto ready = std::make_shared<event>(env_.executor);
    c.socket.async_wait(tcp::socket::wait_read, [ready](error_code) { ready->set(); });
    c.socket.async_wait(tcp::socket::wait_write, [ready](error_code) { ready->set(); });
    co_await ready->async_wait(no_frame);
    c.socket.cancel();
    if (!ready->is_set()) {
      ended_ = asio::error::operation_aborted;
      co_return;
    }
    error_code failed;
    const auto n = c.socket.read_some(c.room(), failed);
    if (!is_would_block(failed)) take_in(c, n, failed);
  }

  /// Makes what it can of the bytes that arrived.
  void take_in(connection& c, std::size_t n, error_code failed) {
    const bool sent = now_ != phase::sending;
    if (n != 0 || c.has_more()) {
      const auto tls_ended = c.arrived(n);
      if (tls_ended) failed = tls_ended;
      if (!send_replies(c, sent)) failed = asio::error::no_buffer_space;
      parse(c);
    }
    if (failed == asio::error::eof && c.tls && !c.tls->closed_by_peer())
      failed = asio::ssl::error::stream_truncated;
    auto& parser = *c.parser;
    if (failed == asio::error::eof && !deadline_.passed()) parser.end_of_stream();
    if (parser.state() == response_parser::status::complete) {
      fit_to_keep_ = sent && !failed && parser.keep_alive() && c.is_drained() && c.outgoing.empty();
      response_ = parser.take();
    } else if (parser.state() == response_parser::status::failed && !deadline_.passed()) {
      response_ = refused(parser.fault());
    } else {
      ended_ = failed;
    }
  }

  void parse(connection& c) {
    const auto bytes = c.received.bytes();
    if (bytes.empty()) return;
    if (now_ == phase::awaiting_response) now_ = phase::receiving;
    received_ += bytes.size() - unused_;
    c.received.consume(c.parser->consume(bytes));
    unused_ = c.received.bytes().size();
  }

  /// Sends what TLS itself has to say in return, such as an alert or new keys. (Where a part of the request is still to
  /// be sent, it goes with that.) False if the peer makes it say more and more, and does not read it.
  [[nodiscard]] static bool send_replies(connection& c, bool sent) {
    constexpr std::size_t most_unsent = 256 * 1024;  // a piece of a request and what TLS adds to it is less
    if (c.outgoing.empty()) return true;
    if (sent) (void)c.flush();  // a failure shows in the next read
    return c.outgoing.data().size() <= most_unsent;
  }

  [[nodiscard]] outcome outcome_now() const noexcept {
    return writing_ ? outcome::maybe_executed : outcome::not_sent;
  }
  [[nodiscard]] std::string doing() const {
    return std::string{in_words(now_)} + " " + http::to_string(request_.origin);
  }
  [[nodiscard]] error cancelled() const {
    return error{errc::cancelled, outcome_now(), "cancelled while " + doing(),
                 asio::error::operation_aborted};
  }
  [[nodiscard]] error timeout() const {
    return error{errc::timeout, outcome_now(),
                 "out of time after " + in_words(limits_.timeout) + ", while " + doing()};
  }
  [[nodiscard]] error connect_timeout() const {
    return error{errc::timeout, outcome_now(),
                 "no connection within " + in_words(env_.connect_timeout) + ", while " + doing()};
  }
  [[nodiscard]] error refused(const message_fault& fault) const {
    return error{fault.code, outcome_now(),
                 "the response of " + http::to_string(request_.origin) + " is refused: " + fault.why,
                 fault.cause};
  }
  [[nodiscard]] error broken() const {
    const auto where = http::to_string(request_.origin);
    if (received_ != 0) {
      return error{errc::incomplete_response, outcome_now(),
                   where + " ended the connection inside a response, after " + std::to_string(received_) +
                       " bytes",
                   ended_};
    }
    if (is_tls_alert(ended_)) {
      return error{errc::tls_failed, outcome_now(), where + " ended TLS: " + ended_.message(), ended_};
    }
    return error{errc::transport_failed, outcome_now(),
                 "the connection to " + where + " broke before a response came",
                 unsendable_ ? unsendable_ : ended_};
  }

  environment& env_;
  const http::request& request_;
  const http::limits& limits_;
  const clock::time_point due_;
  lease lease_;
  deadline deadline_;

  phase now_ = phase::waiting;
  bool writing_ = false;      // the first byte may have left
  bool kept_ = false;         // the connection was kept from another exchange
  bool fit_to_keep_ = false;  // it is fit for the next one
  std::string_view unsent_;
  std::size_t received_ = 0;
  std::size_t unused_ = 0;  // bytes received that the parser wants to see again
  error_code ended_;        // how the connection ended
  error_code unsendable_;   // why the rest of the request could not be sent
  std::optional<result<http::response>> response_;
};

}  // namespace sso::detail::net

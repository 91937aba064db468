// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/deadlines.hpp>
#include <sso/detail/beast/lease.hpp>
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

/// One request and its response. `perform` in `transports/impl/beast.ipp` takes the steps, one after the
/// other, on the executor of the awaiting coroutine. Only the deadline acts at the same time, perhaps on
/// another thread, and it only stops what it guards. The sockets therefore need no strand: `co_spawn` on one
/// would cost 7,000 instructions and 15 allocations per call.
class exchange {
public:
  /// All arguments must outlive the exchange.
  exchange(environment& env, const http::request& request, const http::limits& limits)
      : env_{env},
        request_{request},
        limits_{limits},
        due_{clock::now() + clamp_duration(limits.timeout)},
        lease_{env.connections},
        deadline_{env.deadlines, due_} {}
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange() {
    if (reusable_ && !deadline_.passed()) lease_.give_back();
  }

  [[nodiscard]] bool has_ended() const noexcept { return response_.has_value(); }
  [[nodiscard]] bool has_connection() const noexcept { return lease_.connection != nullptr; }

  /// Leases a kept connection, or the right to open one. False if all are in use.
  [[nodiscard]] bool acquire_lease() { return begin_lease(env_.connections.try_acquire(request_.origin)); }

  asio::awaitable<void> wait_for_lease() {
    lease_waiter waiter{env_.connections, env_.executor, request_.origin};
    {
      const deadline::guard guard{deadline_, waiter};
      co_await waiter.async_wait(no_frame);
    }
    if (!begin_lease(waiter.leave())) response_ = deadline_.passed() ? timeout() : cancelled();
  }

  /// Opens a connection for the lease. If that fails, the exchange has ended with an error.
  asio::awaitable<void> open() {
    reusable_ = false;
    const auto limit = clock::now() + env_.connect_timeout;
    deadline_.move_to((std::min)(limit, due_));
    const opening parts{env_, request_.origin, deadline_, phase_};
    auto opened = co_await net::open(parts);
    deadline_.move_to(due_);
    if (deadline_.passed()) {  // final, even if only the connect timeout passed
      response_ = limit < due_ ? connect_timeout() : timeout();
    } else if (!opened) {
      response_ = std::move(opened.error().with_outcome(outcome_now()));
    } else {
      env_.connections.count(&beast_stats::opened);
      lease_.connection = std::move(*opened);
    }
  }

  /// Runs until there is a response or the connection has ended. The latter is an error, unless the request is
  /// replayable and a kept connection ended before the first byte of a response: then a new connection
  /// replaces it.
  asio::awaitable<void> send_and_receive() {
    if (clock::now() >= due_) {  // the event loop may lag behind
      response_ = timeout();
      co_return;
    }
    {
      auto& c = *lease_.connection;
      const deadline::guard guard{deadline_, c};
      begin(c);
      if (c.has_more()) process(c, 0, {});  // bytes that came with the handshake, such as a 503
      while (!is_over() && phase_ == phase::sending && !unsendable_) {
        send_some(c);
        if (phase_ == phase::sending && !unsendable_) co_await receive_while_sending(c);
      }
      while (!is_over()) {
        const auto [failed, n] = co_await c.socket.async_read_some(c.room(), no_frame);
        process(c, n, failed);
      }
    }
    if (response_) co_return;
    if (kept_ && request_.replayable && received() == 0 && !is_interrupted()) {
      give_up_kept_connection();
    } else {
      response_ = deadline_.passed() ? timeout() : broken();
    }
  }

  /// The result. After a cancellation the pending operation fails with `operation_aborted`, or the next
  /// `co_await` throws it. Both mean `cancelled`.
  [[nodiscard]] result<http::response> finish(std::exception_ptr thrown,
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
  bool begin_lease(pool_place granted) {
    const bool begun = lease_.begin(std::move(granted));
    kept_ = reusable_ = lease_.connection != nullptr;  // until something is sent on it
    if (kept_ && !lease_.connection->is_quiet()) give_up_kept_connection();
    return begun;
  }

  void give_up_kept_connection() {
    env_.connections.count(&beast_stats::replaced);
    lease_.connection.reset();
    kept_ = reusable_ = false;
  }

  void begin(connection& c) {
    c.begin(request_, limits_);
    reusable_ = false;
    unsent_ = c.request_text;
    phase_ = phase::sending;
    writing_ = true;
    used_ = 0;
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

  /// Encrypts and sends the request in pieces. If sending fails, a response may still arrive.
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
    phase_ = phase::awaiting_response;
  }

  /// A server may respond before it has read the whole request, and then stop reading.
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
    if (!is_would_block(failed)) process(c, n, failed);
  }

  /// Decrypts and parses the bytes that arrived.
  void process(connection& c, std::size_t n, error_code failed) {
    const bool sent = phase_ != phase::sending;
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
      reusable_ = sent && !failed && parser.keep_alive() && c.is_drained() && c.outgoing.size() == 0;
      response_ = parser.release();
    } else if (parser.state() == response_parser::status::failed && !deadline_.passed()) {
      response_ = refused(parser.fault());
    } else {
      ended_ = failed;
    }
  }

  void parse(connection& c) {
    if (c.received.size() == 0) return;
    if (phase_ == phase::awaiting_response) phase_ = phase::receiving;
    const auto used = c.parser->consume(text_of(c.received));
    c.received.consume(used);
    used_ += used;
  }

  /// Sends TLS's own messages, such as an alert or a key update. (While the request is being sent, they go
  /// with it.) False if the peer provokes them without reading them.
  [[nodiscard]] static bool send_replies(connection& c, bool sent) {
    constexpr std::size_t most_unsent = 256 * 1024;  // more than a piece of a request with TLS's overhead
    if (c.outgoing.size() == 0) return true;
    if (sent) (void)c.flush();  // a failure shows in the next read
    return c.outgoing.size() <= most_unsent;
  }

  /// Number of bytes of the response that have arrived.
  [[nodiscard]] std::size_t received() const noexcept { return used_ + lease_.connection->received.size(); }

  [[nodiscard]] outcome outcome_now() const noexcept {
    return writing_ ? outcome::maybe_executed : outcome::not_sent;
  }
  [[nodiscard]] error fail(errc code, std::string what, error_code cause = {}) const {
    return error{code, outcome_now(), std::move(what), cause};
  }
  [[nodiscard]] std::string origin() const { return http::to_string(request_.origin); }
  [[nodiscard]] std::string doing() const { return std::string{in_words(phase_)} + " " + origin(); }

  [[nodiscard]] error cancelled() const {
    return fail(errc::cancelled, "cancelled while " + doing(), asio::error::operation_aborted);
  }
  [[nodiscard]] error timeout() const {
    return fail(errc::timeout, "timeout after " + in_words(limits_.timeout) + ", while " + doing());
  }
  [[nodiscard]] error connect_timeout() const {
    return fail(errc::timeout,
                "no connection within " + in_words(env_.connect_timeout) + ", while " + doing());
  }
  [[nodiscard]] error refused(const message_fault& fault) const {
    return fail(fault.code, "the response of " + origin() + " is refused: " + fault.why, fault.cause);
  }
  [[nodiscard]] error broken() const {
    if (const auto bytes = received(); bytes != 0) {
      return fail(errc::incomplete_response,
                  origin() + " ended the connection inside a response, after " + std::to_string(bytes) +
                      " bytes",
                  ended_);
    }
    if (is_tls_alert(ended_)) {
      return fail(errc::tls_failed, origin() + " ended TLS: " + ended_.message(), ended_);
    }
    return fail(errc::transport_failed, "the connection to " + origin() + " broke before a response came",
                unsendable_ ? unsendable_ : ended_);
  }

  environment& env_;
  const http::request& request_;
  const http::limits& limits_;
  const clock::time_point due_;
  lease lease_;
  deadline deadline_;

  phase phase_ = phase::waiting;
  bool writing_ = false;   // the first byte may have been sent
  bool kept_ = false;      // the connection served another exchange before
  bool reusable_ = false;  // the connection may carry another exchange
  std::string_view unsent_;
  std::size_t used_ = 0;   // bytes of the response that the parser has consumed
  error_code ended_;       // how the connection ended
  error_code unsendable_;  // why the rest of the request could not be sent
  std::optional<result<http::response>> response_;
};

}  // namespace sso::detail::net

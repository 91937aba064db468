// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/opener.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/request.hpp>
#include <sso/result.hpp>

#include <algorithm>
#include <atomic>
#include <coroutine>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// One request and its response: wait for a connection, open it if need be, send, receive. Owned by
/// `std::shared_ptr` and by what it waits for.
///
/// `run` does this, as a flow. Beside it can happen: the deadline, a cancellation, a lease, the rest of a long
/// request.
class exchange : public supervisor, public lease_seeker {
public:
  ~exchange() override {
    if (timed_) env_->clocks->remove(*this);
  }

  /// Carries it out and calls `complete` at the end, unless the event loop is destroyed first.
  static flow run(std::shared_ptr<exchange> self) {
    exchange& x = *self;
    std::exception_ptr thrown;
    try {
      x.flow_ = co_await own_handle{};
      x.begin(self);
      while (!x.lease_ && x.why_ == interruption::none) {
        co_await x.woken();
        x.lease_ = x.env_->connections->collect(x.waiter_);
      }
      // Not under the mutex: an interruption touches a connection only when it is in use.
      bool kept = x.lease_.get() != nullptr;
      if (kept && !x.looks_by_reading() && !x.lease_.get()->is_quiet()) {
        x.env_->connections->count_replaced();
        x.touched_ = true;
        kept = false;
      }
      while (x.why_ == interruption::none && !x.over_) {
        if (!kept) {
          const bool opened = co_await x.open();
          if (!opened) break;
        }
        x.send(kept);
        if (!kept) x.take_early();
        while (!x.over_ && !x.ended_) co_await bytes_wait{x};
        if (x.over_) break;
        if (x.why_ == interruption::none && kept && x.request_.replayable &&
            (x.received_ == 0 || x.unasked_)) {
          x.env_->connections->count_replaced();
          kept = false;
          continue;
        }
        x.fail_broken();
      }
    } catch (...) {
      thrown = std::current_exception();
    }
    x.end(thrown);
    try {
      x.complete(std::exchange(thrown, nullptr));
    } catch (...) {  // what Asio's completions throw: for want of memory, or out of the caller's handler
      thrown = std::current_exception();
    }
    x.env_->clocks->settle();
    if (thrown) std::rethrow_exception(thrown);
  }

protected:
  /// `request` must stay valid until `complete`, and `out`, which gets the answer before. So they do as long as
  /// the coroutine that keeps them is suspended in the handler that `complete` calls: it goes with the exchange.
  exchange(std::shared_ptr<environment> env, const http::request& request, const http::limits& limits,
           result<http::response>& out)
      : env_{std::move(env)},
        limits_{limits},
        deadline_{clock::now() + clamp_duration(limits.timeout)},
        request_{request},
        out_{out} {}

  [[nodiscard]] environment& env() const noexcept { return *env_; }
  [[nodiscard]] const asio::any_io_executor& executor() const noexcept override { return env_->executor; }

private:
  /// Hands control back to the caller. Last of all: it may destroy what this exchange does not own.
  virtual void complete(std::exception_ptr thrown) = 0;

  bool on_deadline() override {
    const std::lock_guard lock{mutex_};
    if (clock::now() >= deadline_) return interrupt_locked(interruption::deadline);
    return !opening_ || interrupt_locked(interruption::connect_deadline);
  }

  void on_lease() override { wake(); }

  void begin(const std::shared_ptr<exchange>& self) {
    env_->clocks->add(*this, deadline_);
    timed_ = true;
    lease_ = env_->connections->acquire(request_.origin, waiter_, self);
  }

  /// Opens a connection for the lease, and tells whether there is one; a failure is the exchange's end.
  step<bool> open() {
    const auto self = shared();
    const auto fresh = std::make_shared<connection>(env_->io);
    {
      const std::lock_guard lock{mutex_};
      in_use_ = nullptr;
      touched_ = true;
      if (lease_.get()) lease_.get()->close();
      lease_.replace(fresh);
      opening_ = true;
    }
    const auto limit = clock::now() + env_->connect_timeout;
    if (limit < deadline_) env_->clocks->change(*this, limit);
    opener opening{*env_, self, request_.origin, now_};
    auto failed = co_await opening.open(*fresh);
    {
      const std::lock_guard lock{mutex_};
      opening_ = false;
      if (why_ != interruption::none) co_return false;
      if (failed) {
        answer_with(std::move(failed->with_outcome(outcome_now())));
        co_return false;
      }
    }
    env_->connections->count_opened();
    if (limit < deadline_) env_->clocks->change(*this, deadline_);
    co_return true;
  }

  /// Room to read into that knows when it was last read into: each time, Asio asks for its bounds.
  class watched_room {
  public:
    watched_room(asio::mutable_buffer room, exchange& x) noexcept : room_{room}, x_{&x} {}
    [[nodiscard]] const asio::mutable_buffer* begin() const noexcept {
      x_->read_while_sending_ = x_->sending_.load();
      return &room_;
    }
    [[nodiscard]] const asio::mutable_buffer* end() const noexcept { return &room_ + 1; }

  private:
    asio::mutable_buffer room_;
    exchange* x_;
  };

  /// Waits for bytes and reads them.
  struct bytes_wait {
    explicit bytes_wait(exchange& x) noexcept : x_{x} {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> flow) {
      return x_.suspend(flow, [&x = x_](connection& used, resumption go_on) {
        used.socket.async_read_some(watched_room{used.room(), x}, std::move(go_on));
        if (x.sending_) return;
        x.sending_ = true;
        x.send_more();
      });
    }
    void await_resume() const { x_.take_in(); }

  private:
    exchange& x_;
  };

  /// Whether the read that is to get the response may look at a kept connection, too.
  [[nodiscard]] bool looks_by_reading() const noexcept { return reads_at_once && request_.replayable; }

  /// Begins to write the request. The response is read meanwhile: a server may answer before it has read
  /// everything, and then read no more.
  ///
  /// On a kept connection the read begins first. It looks at the socket at once, and so tells what nobody asked
  /// for, and an end, from the response, without a look of its own. (A request that must not be sent twice
  /// has had that look: an end that shows only after it was sent would leave its outcome open.)
  void send(bool kept) {
    const std::lock_guard lock{mutex_};
    in_use_ = nullptr;
    if (clock::now() >= deadline_) interrupt_locked(interruption::deadline);  // the event loop may lag behind
    if (why_ != interruption::none) return;
    in_use_ = lease_.get().get();
    touched_ = true;
    in_use_->begin(request_, limits_);
    now_ = phase::sending;
    writing_ = true;
    sent_ = false;
    unasked_ = false;
    received_ = unused_ = 0;
    ended_ = {};
    write_failure_ = {};
    unsent_ = in_use_->request_text;
    sending_ = !(kept && looks_by_reading());
    if (sending_) send_more();
  }

  /// Under the lock. Where encryption or memory fails, the connection is closed: whoever reads from it gets to know.
  /// Where sending fails it is not, for the response may be there.
  void send_more() noexcept {
    try {
      send_pieces();
    } catch (const std::bad_alloc&) {
      write_failure_ = make_error_code(boost::system::errc::not_enough_memory);
      in_use_->close();
    }
  }

  /// Long requests are encrypted and sent piece by piece.
  void send_pieces() {
    constexpr std::size_t piece = 64 * 1024;
    auto& current = *in_use_;
    for (;;) {
      write_failure_ = current.flush();
      if (write_failure_) break;
      if (unsent_.empty()) {
        sent_ = true;
        current.forget_request();
        if (now_ == phase::sending) now_ = phase::awaiting_response;
        return;
      }
      write_failure_ = current.write(unsent_.substr(0, piece));
      if (write_failure_) {
        current.close();
        return;
      }
      unsent_.remove_prefix((std::min)(piece, unsent_.size()));
    }
    if (!is_would_block(write_failure_)) return;
    write_failure_ = {};
    current.socket.async_wait(tcp_socket::wait_write,
                              [self = std::static_pointer_cast<exchange>(shared()), current = lease_.get()](
                                  error_code failed) { self->on_writable(*current, failed); });
  }

  void on_writable(const connection& current, error_code failed) {
    const std::lock_guard lock{mutex_};
    if (finished_ || in_use_ != &current) return;  // over, or of a connection that was replaced since
    if (failed) {
      write_failure_ = failed;
    } else if (why_ == interruption::none) {
      send_more();
    }
  }

  /// What came with the end of the handshake, such as the answer of a server that is too busy to read a request.
  void take_early() {
    {
      const std::lock_guard lock{mutex_};
      if (in_use_ == nullptr || !in_use_->has_more()) return;
      arrived_ = 0;
      failed_ = {};
      read_while_sending_ = true;
    }
    take_in();
  }

  /// Sends what TLS itself has to say in return, such as an alert or new keys. (Where a part of the request is still to
  /// be sent, it goes with that.) False if the peer makes it say more and more, and does not read it.
  [[nodiscard]] static bool send_replies(connection& current, bool sent) {
    constexpr std::size_t most_unsent = 256 * 1024;  // a piece of a request and what TLS adds to it is less
    if (current.outgoing.empty()) return true;
    if (sent) (void)current.flush();  // a failure shows in the next read
    return current.outgoing.data().size() <= most_unsent;
  }

  /// Makes what it can of the bytes that were read.
  void take_in() {
    const std::lock_guard lock{mutex_};
    if (in_use_ == nullptr) {  // interrupted before anything was sent
      ended_ = failed_;
      return;
    }
    auto& current = *in_use_;
    error_code tls_ended;
    unasked_ = !read_while_sending_;
    if (arrived_ != 0 || current.has_more()) {
      tls_ended = current.arrived(arrived_);
      if (!send_replies(current, sent_)) {
        ended_ = asio::error::no_buffer_space;
        return;
      }
      if (unasked_ && !current.is_drained()) {
        ended_ = asio::error::connection_aborted;
        return;
      }
      const auto bytes = current.received.bytes();
      if (bytes.empty()) {
        unasked_ = false;  // nothing but TLS's own, such as a session ticket
      } else {
        now_ = phase::receiving;
        received_ += bytes.size() - unused_;
        current.received.consume(current.parser->consume(bytes));
        unused_ = current.received.bytes().size();
      }
    }
    auto& parser = *current.parser;
    auto ended = tls_ended ? tls_ended : failed_;
    if (ended == asio::error::eof && !tls_ended && current.tls && !current.tls->closed_by_peer()) {
      ended = asio::ssl::error::stream_truncated;
    }
    if (ended == asio::error::eof && why_ == interruption::none) parser.end_of_stream();
    if (parser.state() == response_parser::status::complete) {
      reusable_ = sent_ && !ended && why_ == interruption::none && parser.keep_alive() &&
                  current.is_drained() && current.outgoing.empty();
      answer_with(parser.take());
    } else if (parser.state() == response_parser::status::failed && why_ == interruption::none) {
      answer_with(fault_error(parser.fault()));
    } else {
      ended_ = ended;
    }
  }

  void fail_broken() {
    const std::lock_guard lock{mutex_};
    if (why_ == interruption::none) answer_with(broken_error(ended_));
  }

  void answer_with(result<http::response> answer) {
    out_ = std::move(answer);
    over_ = true;
  }

  /// The exchange is over: nothing interrupts it any more, and its connection is free.
  void end(std::exception_ptr& thrown) noexcept {
    {
      const std::lock_guard lock{mutex_};
      finished_ = true;
      in_use_ = nullptr;
    }
    try {
      if (!over_ && !thrown) out_ = interruption_error();
    } catch (const std::bad_alloc&) {
      thrown = std::current_exception();
    }
    if (std::exchange(timed_, false)) env_->clocks->remove(*this);
    // Now and not with the exchange: the caller goes on first, and others wait behind it.
    waiter_.leave();
    const bool untouched = lease_.get() && !touched_;
    if (reusable_ || untouched) {
      lease_.give_back();
    } else {
      lease_ = {};
    }
  }

  [[nodiscard]] outcome outcome_now() const noexcept {
    return writing_ ? outcome::maybe_executed : outcome::not_sent;
  }

  [[nodiscard]] error interruption_error() const {
    const auto doing = std::string{in_words(now_)} + " " + http::to_string(request_.origin);
    switch (why_) {
    case interruption::cancelled: return error{errc::cancelled, outcome_now(), "cancelled while " + doing};
    case interruption::connect_deadline:
      return error{errc::timeout, outcome_now(),
                   "no connection within " + in_words(env_->connect_timeout) + ", while " + doing};
    default:
      return error{errc::timeout, outcome_now(),
                   "out of time after " + in_words(limits_.timeout) + ", while " + doing};
    }
  }

  [[nodiscard]] error fault_error(const message_fault& fault) const {
    return error{fault.code, outcome_now(),
                 "the response of " + http::to_string(request_.origin) + " is refused: " + fault.why,
                 fault.cause};
  }

  [[nodiscard]] error broken_error(error_code ended) const {
    const auto where = http::to_string(request_.origin);
    if (received_ != 0) {
      return error{errc::incomplete_response, outcome_now(),
                   where + " ended the connection inside a response, after " + std::to_string(received_) +
                       " bytes",
                   ended};
    }
    if (is_tls_alert(ended)) {
      return error{errc::tls_failed, outcome_now(), where + " ended TLS: " + ended.message(), ended};
    }
    return error{errc::transport_failed, outcome_now(),
                 "the connection to " + where + " broke before a response came",
                 write_failure_ ? write_failure_ : ended};
  }

  std::shared_ptr<environment> env_;
  const http::limits& limits_;  // stays valid like the request
  clock::time_point deadline_;
  const http::request& request_;
  result<http::response>& out_;

  std::atomic<bool> sending_ = false;
  std::atomic<bool> read_while_sending_ = false;  // what `sending_` was at the last read
  bool timed_ = false;
  bool opening_ = false;
  bool over_ = false;     // the answer is there
  bool writing_ = false;  // the first byte may have left
  bool sent_ = false;     // the last byte has left
  bool unasked_ = false;  // what was read last had come before the request was sent
  bool reusable_ = false;
  bool touched_ = false;  // the connection is not as the pool gave it
  phase now_ = phase::waiting;

  std::string_view unsent_;  // what of the text was not encrypted yet
  error_code write_failure_;
  std::size_t received_ = 0;
  std::size_t unused_ = 0;  // bytes received that the parser wants to see again
  error_code ended_;        // how the connection ended

  pool_waiter waiter_;
  lease lease_;
};

}  // namespace sso::detail::net

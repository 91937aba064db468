// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/opener.hpp>
#include <sso/detail/beast/request_text.hpp>
#include <sso/result.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/prefer.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sso::detail::net {

/// One request and its response: wait for a connection, open it if need be, send, receive. Owned by
/// `std::shared_ptr` and by what it waits for.
class exchange : public supervisor {
public:
  /// Takes from `request` all it needs.
  exchange(std::shared_ptr<environment> env, const http::request& request, const http::limits& limits,
           clock::time_point deadline)
      : supervisor{env->executor, deadline},
        env_{std::move(env)},
        limits_{limits},
        origin_{request.origin},
        head_{request.method == http::method::head},
        replayable_{request.replayable},
        text_{request_text(request)},
        waiter_{env_->connections} {}

  /// Starts it; `handler(exception_ptr, result)` is called on the handler's executor. The handler's
  /// cancellation slot ends it.
  template <class Handler>
  static void launch(std::shared_ptr<exchange> self, Handler handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      // Weak: the signal may outlive the context, the exchange must not.
      slot.assign([weak = std::weak_ptr<exchange>{self}](asio::cancellation_type) {
        if (const auto alive = weak.lock()) alive->post_cancellation();
      });
    }
    auto caller =
        asio::any_io_executor{asio::prefer(asio::get_associated_executor(handler, self->env_->executor),
                                           asio::execution::outstanding_work.tracked)};
    // Not dispatched: what the caller does next must not run inside this exchange's strand.
    auto deliver = [caller = std::move(caller), handler = std::move(handler)](
                       std::exception_ptr thrown, result<http::response> r) mutable {
      const auto where = caller;
      asio::defer(where, [caller = std::move(caller), handler = std::move(handler), thrown,
                          r = std::move(r)]() mutable { std::move(handler)(thrown, std::move(r)); });
    };
    const auto& strand = self->strand();
    asio::co_spawn(strand, run(self), std::move(deliver));
  }

  /// Initiates the exchange as an asynchronous operation.
  struct initiation {
    std::shared_ptr<exchange> one;

    template <class Handler>
    void operator()(Handler handler) const {
      launch(one, std::move(handler));
    }
  };

private:
  [[nodiscard]] std::shared_ptr<exchange> shared() {
    return std::static_pointer_cast<exchange>(shared_from_this());
  }

  static task<result<http::response>> run(std::shared_ptr<exchange> self) {
    self->start();
    auto answer = co_await self->perform();
    if (!self->reuse_when_sent_) self->end(false);
    co_return answer;
  }

  task<result<http::response>> perform() {
    const auto watched = shared_from_this();
    lease_ = env_->connections->acquire(origin_, waiter_, watched);
    while (!lease_) {
      if (interrupted() != interruption::none) co_return interruption_error();
      co_await wait((clock::time_point::max)());
      lease_ = env_->connections->collect(waiter_);
    }
    if (interrupted() != interruption::none) co_return interruption_error();

    bool kept = lease_.get() != nullptr;
    if (kept && !lease_.get()->is_quiet()) {
      env_->connections->count_replaced();
      kept = false;
    }
    for (;;) {
      if (!kept) {
        watch(nullptr);
        if (lease_.get()) lease_.get()->close();
        lease_.replace(std::make_shared<connection>(env_->executor));
        opener opening{*env_, watched, origin_, now_};
        auto failed = co_await opening.open(*lease_.get());
        if (interrupted() != interruption::none) co_return interruption_error();
        if (failed) co_return std::move(failed->with_outcome(outcome_now()));
      }
      const auto current = lease_.get();
      watch(&current->socket);
      send(current);
      response_parser parser{head_, limits_};
      const auto ended = co_await receive(*current, parser);
      if (parser.state() == response_parser::status::complete) {
        const bool reusable = parser.keep_alive() && current->received.empty();
        if (reusable && sent_) {
          end(true);
        } else {
          reuse_when_sent_ = reusable && !write_failure_;
        }
        co_return parser.take();
      }
      if (interrupted() != interruption::none) co_return interruption_error();
      if (parser.state() == response_parser::status::failed) co_return fault_error(parser.fault());
      if (kept && received_ == 0 && replayable_) {
        env_->connections->count_replaced();
        kept = false;
        continue;
      }
      co_return broken_error(ended);
    }
  }

  /// Begins to write the request. The response is read meanwhile: a server may answer before it has read
  /// everything, and then read no more.
  void send(const std::shared_ptr<connection>& current) {
    now_ = phase::sending;
    writing_ = true;
    sent_ = false;
    write_failure_ = {};
    auto on_written =
        asio::bind_executor(strand(), [self = shared(), current](error_code failed, std::size_t) {
          self->on_written(*current, failed);
        });
    if (current->tls) {
      asio::async_write(*current->tls, asio::buffer(text_), std::move(on_written));
    } else {
      asio::async_write(current->socket, asio::buffer(text_), std::move(on_written));
    }
  }

  void on_written(const connection& current, error_code failed) {
    if (lease_.get().get() != &current) return;  // of a connection that was replaced since
    write_failure_ = failed;
    sent_ = !failed;
    if (sent_ && now_ == phase::sending) now_ = phase::awaiting_response;
    if (reuse_when_sent_) end(sent_);
  }

  /// The exchange is over: nothing interrupts it any more, and its connection is free.
  void end(bool reusable) {
    finish();
    if (reusable && interrupted() == interruption::none) {
      lease_.give_back();
    } else {
      lease_ = {};
    }
  }

  /// Reads until the parser has enough or the connection ends, and returns how it ended.
  task<error_code> receive(connection& current, response_parser& parser) {
    while (parser.state() == response_parser::status::more) {
      error_code failed;
      std::size_t n = 0;
      const auto room = current.received.prepare();
      if (current.tls) {
        n = co_await current.tls->async_read_some(room, asio::redirect_error(use_task, failed));
      } else {
        n = co_await current.socket.async_read_some(room, asio::redirect_error(use_task, failed));
      }
      if (n != 0) {
        now_ = phase::receiving;
        received_ += n;
        current.received.commit(n);
        current.received.consume(parser.consume(current.received.bytes()));
      }
      if (failed) {
        if (failed == asio::error::eof && interrupted() == interruption::none) parser.end_of_stream();
        co_return failed;
      }
    }
    co_return error_code{};
  }

  [[nodiscard]] outcome outcome_now() const noexcept {
    return writing_ ? outcome::maybe_executed : outcome::not_sent;
  }

  [[nodiscard]] error interruption_error() const {
    const auto doing = std::string{in_words(now_)} + " " + http::to_string(origin_);
    switch (interrupted()) {
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
                 "the response of " + http::to_string(origin_) + " is refused: " + fault.why, fault.cause};
  }

  [[nodiscard]] error broken_error(error_code ended) const {
    const auto where = http::to_string(origin_);
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
  http::limits limits_;
  http::origin origin_;
  bool head_;
  bool replayable_;
  std::string text_;
  pool_waiter waiter_;
  lease lease_;
  phase now_ = phase::waiting;
  bool writing_ = false;          // the first byte may have left
  bool sent_ = false;             // the last byte has left
  bool reuse_when_sent_ = false;  // the response is complete and the request not yet: the deadline goes on
  error_code write_failure_;
  std::size_t received_ = 0;
};

}  // namespace sso::detail::net

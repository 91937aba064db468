// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/connection.hpp>
#include <sso/detail/beast/deadlines.hpp>
#include <sso/detail/beast/flow.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace sso::detail::net {

/// Why an exchange, or the opening of its connection, was ended from outside.
enum class interruption : unsigned char { none, deadline, connect_deadline, cancelled };

/// What a flow waits for, and what can end it from outside: its deadline, the caller's cancellation. Owned by
/// `std::shared_ptr`, by the flow and by what that waits for.
///
/// A flow goes on on whichever thread completes what it waits for. What can happen beside it takes the mutex,
/// and so does every step of the flow that touches the connection in use.
///
/// An interruption closes that connection instead of cancelling single operations. A cancel can fall between
/// two operations and get lost; a closed socket stays closed.
class supervisor : public deadlines::entry {
public:
  virtual ~supervisor() = default;

  [[nodiscard]] interruption interrupted() const noexcept { return why_; }

  /// Ends it early. From any thread.
  void interrupt(interruption why) {
    const std::lock_guard lock{mutex_};
    interrupt_locked(why);
  }

  /// From any thread: ends the flow's wait until it is `woken`, or its next one.
  void wake() {
    const std::lock_guard lock{mutex_};
    woken_ = true;
    leave_queue();
  }

  /// Waits for `wake` or an interruption. No operation of Asio's, so that it takes no memory: meanwhile the flow
  /// belongs to its deadline.
  [[nodiscard]] auto woken() noexcept { return wake_wait{*this}; }

  /// From here on this connection is in use: an interruption closes it, as one does that has come already. It must
  /// stay valid until another one is, or none.
  void use(connection& opened) noexcept {
    const std::lock_guard lock{mutex_};
    in_use_ = &opened;
    if (why_ != interruption::none) opened.close();
  }

  /// Sends what can be sent of the connection in use without waiting; `would_block` if some is left.
  [[nodiscard]] error_code flush() {
    const std::lock_guard lock{mutex_};
    return in_use_->flush();
  }

  /// Waits until the connection in use can send more. Gives the error, if any.
  [[nodiscard]] auto writable() noexcept {
    return socket_wait{*this, [](connection& used, resumption go_on) {
                         used.socket.async_wait(tcp_socket::wait_write, std::move(go_on));
                       }};
  }

  /// Waits for bytes on the connection in use, reads them into its `room()` and commits them. Gives the error, if any.
  [[nodiscard]] auto read() noexcept {
    return socket_wait{*this, [](connection& used, resumption go_on) {
                         used.socket.async_read_some(used.room(), std::move(go_on));
                       }};
  }

protected:
  supervisor() = default;

  /// Where a flow goes on that was woken.
  [[nodiscard]] virtual const asio::any_io_executor& executor() const noexcept = 0;

  [[nodiscard]] std::shared_ptr<supervisor> shared() {
    return std::static_pointer_cast<supervisor>(shared_from_this());
  }

  /// The first one tells why; another one may find the memory that the first did not. Whether there was memory.
  bool interrupt_locked(interruption why) noexcept {
    if (finished_) return true;
    if (why_ == interruption::none) why_ = why;
    if (in_use_ != nullptr) in_use_->close();
    return leave_queue();
  }

  /// The handler of an operation that the flow waits for: owns the suspended flow.
  class resumption {
  public:
    explicit resumption(supervisor& x) noexcept : x_{&x} {}
    resumption(resumption&& other) noexcept : x_{std::exchange(other.x_, nullptr)} {}
    ~resumption() {
      if (x_ != nullptr) x_->destroy_suspended();
    }

    void operator()(error_code failed = {}, std::size_t n = 0) { resume(failed, n, false); }

    void resume(error_code failed, std::size_t n, bool was_woken) {
      auto& x = *std::exchange(x_, nullptr);
      std::coroutine_handle<> part;
      std::exception_ptr escaped;
      {
        const std::lock_guard lock{x.mutex_};  // whoever suspended it has gone
        x.failed_ = failed;
        x.arrived_ = n;
        x.completes_elsewhere_ = was_woken;
        x.flow_.promise().escaped = &escaped;
        part = x.take_suspended();
      }
      if (part) part.resume();
      if (escaped) std::rethrow_exception(escaped);
    }

  private:
    supervisor* x_;
  };

  /// Suspends the flow, or a step of it, in an operation on the connection in use, which `begin` begins. False if
  /// it was interrupted before.
  template <class Begin>
  [[nodiscard]] bool suspend(std::coroutine_handle<> part, const Begin& begin) {
    const auto keep = shared();  // the flow may be resumed, and end, before this returns
    const std::lock_guard lock{mutex_};
    arrived_ = 0;
    failed_ = asio::error::operation_aborted;
    if (why_ != interruption::none) return false;
    begin(*in_use_, resumption{*this});
    suspended_ = part.address();
    return true;
  }

private:
  void on_abandoned() noexcept override {
    {
      const std::lock_guard lock{mutex_};
      if (!std::exchange(queued_, false)) return;
    }
    destroy_suspended();
  }

  std::coroutine_handle<> take_suspended() noexcept {
    auto* const frame = suspended_.exchange(nullptr);
    return frame != nullptr ? std::coroutine_handle<>::from_address(frame) : std::coroutine_handle<>{};
  }

  void destroy_suspended() noexcept {
    if (take_suspended()) {
      flow_.destroy();
    } else {
      unposted_ = true;
    }
  }

  /// Under the lock: a flow that waits to be woken goes on. False where memory failed: it waits on, and whatever
  /// comes next, the deadline at the latest, tries again.
  bool leave_queue() noexcept {
    if (!queued_) return true;
    auto* const part = suspended_.exchange(nullptr);  // until it is certain whose it is
    unposted_ = false;
    try {
      asio::post(executor(), awakening{*this});
      queued_ = false;
    } catch (const std::bad_alloc&) {
      queued_ = unposted_;  // a strand may have taken it before its memory failed
    }
    suspended_ = part;
    if (unposted_ && !queued_) destroy_suspended();  // the executor's context is being destroyed
    return !queued_;
  }

  class awakening {
  public:
    explicit awakening(supervisor& x) noexcept : go_on_{x} {}
    void operator()() { go_on_.resume({}, 0, true); }

  private:
    resumption go_on_;
  };

  class wake_wait {
  public:
    explicit wake_wait(supervisor& x) noexcept : x_{x} {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> part) {
      const auto keep = x_.shared();  // as above
      const std::lock_guard lock{keep->mutex_};
      if (std::exchange(keep->woken_, false) || keep->why_ != interruption::none) return false;
      keep->suspended_ = part.address();
      keep->queued_ = true;
      return true;
    }
    void await_resume() const noexcept {}

  private:
    supervisor& x_;
  };

  class socket_wait {
  public:
    using operation = void (*)(connection&, resumption);

    socket_wait(supervisor& x, operation begin) noexcept : x_{x}, begin_{begin} {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> part) { return x_.suspend(part, begin_); }
    [[nodiscard]] error_code await_resume() const noexcept {
      x_.in_use_->commit(x_.arrived_);
      return x_.failed_;
    }

  private:
    supervisor& x_;
    operation begin_;
  };

protected:
  std::mutex mutex_;
  flow::handle flow_;  // to be set before it is suspended
  connection* in_use_ = nullptr;
  error_code failed_;        // of the last operation,
  std::size_t arrived_ = 0;  // and the bytes it read

  std::atomic<interruption> why_ = interruption::none;  // written under the mutex
  bool finished_ = false;                               // nothing interrupts it any more
  /// Whether the flow runs where its end must not be told: within the call that began it, or on `executor()`,
  /// which may be a strand.
  bool completes_elsewhere_ = true;

private:
  bool queued_ = false;  // suspended until it is woken
  bool woken_ = false;
  bool unposted_ = false;                   // an awakening was destroyed that did not own the flow yet
  std::atomic<void*> suspended_ = nullptr;  // the flow or its innermost step, while an operation owns it
};

}  // namespace sso::detail::net

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_request.hpp>
#include <sso/detail/duration.hpp>
#include <sso/pipeline/cancellation.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/impl/call_result.ipp>
#include <sso/pipeline/notify.hpp>
#include <sso/pipeline/redact.hpp>
#include <sso/pipeline/token_refresher.hpp>
#include <sso/pipeline/transport_exception.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace sso::pipeline {
namespace detail {

inline auth::cached_token_ptr fixed_token(const credentials& credentials) {
  const auto* fixed = std::get_if<bearer_token>(&credentials);
  if (fixed == nullptr) return nullptr;
  return std::make_shared<const auth::cached_token>(auth::bearer_authorization(fixed->token()),
                                                    auth::token_window{});
}

/// Sets `target->woken` after `wait`.
template <class Target>
asio::awaitable<void> wake_after(any_runtime runtime, std::chrono::steady_clock::duration wait,
                                 std::shared_ptr<Target> target) {
  co_await runtime.sleep(wait);
  target->woken.set();
}

/// The result of a token source.
struct supply {
  explicit supply(const asio::any_io_executor& executor) : woken{executor} {}

  sso::detail::async_event woken;
  std::optional<result<access_token>> token;
};

inline asio::awaitable<void> call_token_source(token_source source, std::shared_ptr<supply> into) {
  std::string thrown = "the token source threw an exception";
  try {
    auto token = co_await source.supply()();
    into->token =
        token ? auth::check_supplied(std::move(*token)) : token.error().with_outcome(outcome::not_sent);
  } catch (const std::exception& e) {
    thrown.append(": ").append(e.what());
  } catch (...) {
  }
  if (!into->token) into->token = error{errc::credentials_rejected, outcome::not_sent, std::move(thrown)};
  into->woken.set();
}

/// Awaits a token source for at most `limit`. Precondition: `throw_if_cancelled(false)`.
inline asio::awaitable<result<access_token>> supplied(token_source source, any_runtime runtime,
                                                      std::chrono::steady_clock::duration limit) {
  const auto executor = co_await asio::this_coro::executor;
  const auto asked = std::make_shared<supply>(executor);
  const sso::detail::background_task supplier{executor, call_token_source(std::move(source), asked)};
  // A source that completes at once needs no timer, which would show as a sleep in the tests of users.
  for (int turn = 0; turn != 4 && !asked->token; ++turn) co_await asio::post(asio::use_awaitable);
  sso::detail::background_task timer;
  if (!asked->token) timer = {executor, wake_after(std::move(runtime), limit, asked)};
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (!is_cancelled(cancellation)) co_await asked->woken.wait();
  supplier.stop();
  timer.stop();
  if (asked->token) co_return std::move(*asked->token);
  if (is_cancelled(cancellation)) {
    co_return error{errc::cancelled, outcome::not_sent, "while waiting for the token source"};
  }
  co_return error{errc::timeout, outcome::not_sent, "while waiting for the token source"};
}

}  // namespace detail

/// Fails the refresh if its coroutine is destroyed early, e.g. with its executor. Calls on other executors
/// may wait for it.
class token_refresher::refresh_guard {
public:
  refresh_guard(std::shared_ptr<token_refresher> owner, std::shared_ptr<auth::token_refresh> refresh) noexcept
      : owner_{std::move(owner)}, refresh_{std::move(refresh)} {}
  refresh_guard(refresh_guard&&) noexcept = default;
  refresh_guard& operator=(refresh_guard&&) = delete;
  ~refresh_guard() {
    if (!refresh_) return;
    owner_->token_.finish(*refresh_, error{errc::transport_failed, outcome::not_sent,
                                           "the token refresh did not start, or its executor was destroyed"});
  }

  [[nodiscard]] auth::token_refresh& operator*() const noexcept { return *refresh_; }

private:
  std::shared_ptr<token_refresher> owner_;
  std::shared_ptr<auth::token_refresh> refresh_;
};

/// Names a refresh in its events. Copies the data of the call, because the refresh may outlive it.
struct token_refresher::reporter {
  reporter(const sso::observer& to, const events::call_info& call)
      : observer{to},
        client_request_id{call.client_request_id},
        path{call.path},
        operation{call.operation},
        method{call.method} {}

  [[nodiscard]] events::call_info info() const noexcept {
    return {operation, client_request_id, method, path};
  }

  const sso::observer& observer;  // of the settings
  std::string client_request_id;
  std::string path;
  std::string_view operation;
  std::string_view method;
};

/// Owns the waiter of one call; ends the wait when destroyed.
class token_refresher::waiting {
public:
  waiting(token_refresher& owner, const asio::any_io_executor& executor, const auth::token_demand& demand)
      : owner_{owner}, waiter_{std::make_shared<auth::token_waiter>(executor, demand)} {}
  waiting(const waiting&) = delete;
  waiting& operator=(const waiting&) = delete;
  ~waiting() {
    owner_.token_.leave(*waiter_);
    timer_.stop();
  }

  [[nodiscard]] auth::token_waiter& operator*() const noexcept { return *waiter_; }
  [[nodiscard]] auth::token_waiter* operator->() const noexcept { return waiter_.get(); }

  /// Wakes the waiter at its deadline.
  void set_timer(std::chrono::steady_clock::time_point now) {
    if (timer_ || !owner_.token_.needs_timer(*waiter_)) return;
    const auto left = waiter_->demand.deadline - now;
    timer_ = sso::detail::background_task{waiter_->executor,
                                          detail::wake_after(owner_.resources_->runtime, left, waiter_)};
  }

private:
  token_refresher& owner_;
  std::shared_ptr<auth::token_waiter> waiter_;
  sso::detail::background_task timer_;
};

SSO_DECL token_refresher::token_refresher(std::shared_ptr<client_resources> resources)
    : resources_{std::move(resources)}, token_{detail::fixed_token(resources_->settings.credentials)} {}

SSO_DECL asio::awaitable<auth::cached_token_ptr> token_refresher::wait(call& call) {
  const auto executor = co_await asio::this_coro::executor;
  auto& runtime = resources_->runtime;
  const auth::token_demand demand{call.deadline, call.attempt_timeout, call.retries_left};
  waiting waiter{*this, executor, demand};
  if (auto begun = token_.join(*waiter, call.now)) start(executor, std::move(begun), call);
  for (;;) {
    if (auto ended = token_.outcome_of(*waiter)) {
      call.retries_left = waiter->demand.retries_left;
      call.now = runtime.now();
      if (*ended) co_return std::move(**ended);
      call.end(ended->error());
      co_return nullptr;
    }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(cancellation)) {
      call.end(error{errc::cancelled, outcome::not_sent, "while waiting for an access token"});
      co_return nullptr;
    }
    const auto now = runtime.now();
    if (now >= call.deadline) {
      call.end(error{errc::timeout, outcome::not_sent, "while waiting for an access token"});
      co_return nullptr;
    }
    waiter.set_timer(now);
    co_await waiter->woken.wait();
  }
}

SSO_DECL asio::awaitable<void> token_refresher::refresh_early(const call& call) {
  const auto executor = co_await asio::this_coro::executor;
  auto begun = token_.begin_early(executor, call.now, call.attempt_timeout);
  if (begun) start(executor, std::move(begun), call);
}

inline void token_refresher::start(const asio::any_io_executor& executor,
                                   std::shared_ptr<auth::token_refresh> refresh, const call& call) {
  const auto& observer = resources_->settings.observer;
  auto report = observer ? std::make_unique<reporter>(observer, call.info()) : nullptr;
  auto work = perform(shared_from_this(), refresh_guard{shared_from_this(), refresh}, std::move(report));
  token_.started(*refresh, sso::detail::background_task{executor, std::move(work)});
}

inline asio::awaitable<void> token_refresher::perform(std::shared_ptr<token_refresher> self,
                                                      refresh_guard refresh,
                                                      std::unique_ptr<reporter> report) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto& client = *self->resources_;
  const auto began = client.runtime.now();
  if (report) notify(report->observer, events::token_refresh_started{report->info()});

  result<access_token> token{error{}};
  auto requested_at = began;
  for (unsigned retries = 0;; ++retries) {
    const auto limit = self->token_.begin_request(*refresh, requested_at);
    token = co_await self->request_token(limit);
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (token || is_cancelled(cancellation)) break;

    const auto failed = report_on(token.error(), true, client.runtime.wall_now());
    const auto now = client.runtime.now();
    const auto random = client.runtime.random();
    const auto wait =
        self->token_.begin_retry(*refresh, now, token.error(), [&](const auth::token_demand& waiter) {
          const retry_allowance allowance{retries, waiter.retries_left, waiter.deadline - now};
          return decide(client.settings.retry, failed, allowance, random);
        });
    if (!wait || !client.budget.withdraw()) break;
    if (report) {
      notify(report->observer,
             events::token_refresh_retried{report->info(), failed.status, failed.failure, *wait});
    }
    const bool cancelled = co_await sleep_unless_cancelled(client.runtime, *wait);
    if (cancelled) break;
    requested_at = client.runtime.now();
  }

  auth::token_pause pause;
  result<auth::cached_token_ptr> ended{auth::cached_token_ptr{}};
  if (token) {
    ended = std::make_shared<const auth::cached_token>(auth::bearer_authorization(token->value),
                                                       auth::window_of(requested_at, token->expires_in));
  } else {
    ended = token.error();
    pause = self->pause_after(*refresh, token.error());
  }
  self->token_.finish(*refresh, ended, pause);
  if (report) {
    events::token_refreshed finished{report->info(), std::nullopt, 0, std::nullopt,
                                     client.runtime.now() - began};
    if (token) {
      finished.expires_in = token->expires_in;
    } else {
      finished.failure = static_cast<errc>(token.error().code().value());
      finished.status = token.error().status();
    }
    notify(report->observer, finished);
  }
}

/// Errors, all with outcome `not_sent`: those of the transport, the token endpoint or the token source.
inline asio::awaitable<result<access_token>>
token_refresher::request_token(std::chrono::steady_clock::duration limit) {
  const auto& settings = resources_->settings;
  if (const auto* source = std::get_if<token_source>(&settings.credentials)) {
    co_return co_await detail::supplied(*source, resources_->runtime, limit);
  }
  const auto& client = std::get<client_credentials>(settings.credentials);
  const auto request = auth::make_token_request(settings.token, client, settings.user_agent);
  auto limits = settings.limits;
  limits.timeout = limit;
  result<http::response> response{error{}};
  try {
    response = co_await resources_->transport.send(request, limits);
  } catch (...) {
    response = error_of_exception(std::current_exception());
  }
  if (!response) co_return auth::token_request_failed(response.error(), request);
  auto token = auth::read_token_response(*response, resources_->runtime.wall_now());
  if (token) co_return token;

  auto secrets = secrets_of(request);
  secrets.emplace_back(client.client_secret().reveal());
  auto failed = token.error();
  auto safe = detail::redacted(*response, secrets);
  const bool has_words = !failed.server_code().empty() || !failed.server_message().empty();
  if (http::is_success(safe.status)) {
    safe.body.clear();  // it may contain a token
  } else if (!has_words && !safe.headers.contains("Location")) {
    if (const auto excerpt = detail::excerpt_of(safe); !excerpt.empty())
      failed.with_what(failed.what() + "; " + excerpt);
  }
  failed.with_response(safe);
  failed.with_what(redact(failed.what(), secrets));  // it may quote a header
  failed.with_server_text(redact(failed.server_code(), secrets), redact(failed.server_message(), secrets));
  co_return auth::token_request_failed(std::move(failed), request);
}

inline auth::token_pause token_refresher::pause_after(const auth::token_refresh& refresh,
                                                      const error& failure) {
  auto& runtime = resources_->runtime;
  const auto& policy = resources_->settings.retry;
  const auto now = runtime.now();
  auth::token_pause pause;
  // Honours `Retry-After` for 429 and 503 only, for at most an hour: a faulty proxy must not block the
  // client.
  constexpr std::chrono::steady_clock::duration longest = std::chrono::hours{1};
  const bool asks = failure.status() == 429 || failure.status() == 503;
  if (const auto wait = failure.retry_after(); wait && asks) {
    pause.not_before = now + std::min(sso::detail::clamp_duration(*wait), longest);
  }
  if (refresh.is_early()) {
    const auto jitter = backoff(policy, token_.early_failures(), runtime.random());
    pause.early_not_before = std::max(pause.not_before, now + policy.initial_backoff + jitter);
  }
  return pause;
}

}  // namespace sso::pipeline

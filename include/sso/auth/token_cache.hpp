// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/auth/token_flight.hpp>
#include <sso/auth/token_request.hpp>
#include <sso/auth/token_window.hpp>
#include <sso/detail/duration.hpp>
#include <sso/http/transport.hpp>
#include <sso/pipeline/call_context.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/pipeline/thrown.hpp>
#include <sso/runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sso::auth {

/// A client's access token, fetched once for all who wait for it.
///
/// A refresh runs in a coroutine of its own, on the executor of the call that first needed it: cancelling a
/// waiter, that first one included, harms no other. While the token ages it stays in use and a refresh goes
/// on beside it; if that fails, the token is kept and the next early refresh waits, each time longer.
///
/// Owned by `std::shared_ptr`; a refresh keeps it alive. Thread-safe.
template <transport Transport, runtime Runtime>
class token_cache : public std::enable_shared_from_this<token_cache<Transport, Runtime>> {
public:
  using duration = std::chrono::steady_clock::duration;
  using clock = std::chrono::steady_clock;

  /// `settings` are those of the client; transport and runtime are handles.
  token_cache(Transport transport, Runtime runtime, std::shared_ptr<const pipeline::settings> settings)
      : transport_{std::move(transport)}, runtime_{std::move(runtime)}, settings_{std::move(settings)} {
    if (const auto* fixed = std::get_if<bearer_token>(&settings_->credentials)) {
      token_ = std::make_shared<const held_token>(bearer_authorization(fixed->token()), token_window{});
    }
  }

  /// A token to use now. At once where there is one; else after the refresh, which takes at most `at_most`.
  ///
  /// Errors: those of the refresh; `timeout` and `cancelled`, with outcome `not_sent`. `call` names the call
  /// in events; it is copied.
  asio::awaitable<result<held_token_ptr>> get(const pipeline::call_context& call,
                                              const http::request& request, duration at_most) {
    const auto executor = co_await asio::this_coro::executor;
    flight_waiter waiter{executor};
    flight_guard departing;  // the refresh that this call begins
    {
      const std::lock_guard lock{mutex_};
      const auto now = runtime_.now();
      if (token_ && assess(token_->window, now) != freshness::stale) co_return token_;
      if (now < not_before_) co_return put_off(now);
      if (is_grounded(now)) departing = new_flight(now);
      waiter.join(flight_);
    }
    if (departing) depart(executor, std::move(departing), trip_of(call, request), false);
    co_return co_await waiter.wait(at_most);
  }

  /// What is there without a wait.
  struct at_hand {
    held_token_ptr token;  ///< null: none that is good
    /// A refresh that is due, to be begun by `renew_early`; else of no flight.
    flight_guard refresh;
  };

  /// The token to use at `now`, if no wait is needed.
  at_hand peek(clock::time_point now) {
    const std::lock_guard lock{mutex_};
    if (!token_) return {};
    const auto state = assess(token_->window, now);
    if (state == freshness::stale) return {};
    const bool due = state == freshness::aging && is_grounded(now) && now >= next_early_refresh_;
    return {token_, due ? new_flight(now) : flight_guard{}};
  }

  /// Begins the refresh of an aging token on `executor`, beside the call.
  void renew_early(const asio::any_io_executor& executor, flight_guard flight,
                   const pipeline::call_context& call, const http::request& request) {
    depart(executor, std::move(flight), trip_of(call, request), true);
  }

  /// Takes `refused` out of use unless a newer token has already taken its place. False if no other token can
  /// be had.
  bool refuse(const held_token_ptr& refused) {
    if (std::holds_alternative<bearer_token>(settings_->credentials)) return false;
    const std::lock_guard lock{mutex_};
    if (token_ == refused) token_.reset();
    return true;
  }

private:
  /// Whom a refresh is reported for.
  struct trip {
    const sso::observer* observer = nullptr;
    std::string client_request_id;
    std::string_view operation;
    http::method method = http::method::get;
    std::string path;
  };

  static trip trip_of(const pipeline::call_context& call, const http::request& request) {
    trip t;
    t.observer = call.observer;
    if (call.observer == nullptr) return t;
    t.client_request_id = call.client_request_id;
    t.operation = request.operation;
    t.method = request.method;
    t.path = pipeline::info_of(call, request).path;
    return t;
  }

  /// No refresh is under way that is worth waiting for: one that was destroyed with its executor has landed
  /// as failed, one whose executor stands still or whose supplier never answers is overdue.
  bool is_grounded(clock::time_point now) const {
    return !flight_ || flight_->has_landed() || flight_->is_overdue(now);
  }

  /// The caller begins it.
  flight_guard new_flight(clock::time_point now) {
    flight_ = std::make_shared<token_flight>(now + settings_->limits.timeout);
    return flight_guard{flight_};
  }

  /// The token endpoint's last refusal, while the wait it asked for lasts.
  error put_off(clock::time_point now) const {
    auto refusal = refusal_;
    return refusal.with_retry_after(std::chrono::ceil<std::chrono::milliseconds>(not_before_ - now));
  }

  void depart(const asio::any_io_executor& executor, flight_guard flight, trip reported, bool early) {
    asio::co_spawn(executor, refresh(this->shared_from_this(), std::move(flight), std::move(reported), early),
                   asio::detached);
  }

  static asio::awaitable<void> refresh(std::shared_ptr<token_cache> self, flight_guard guard, trip reported,
                                       bool early) {
    const auto asked_at = self->runtime_.now();
    auto answer = co_await self->ask();
    self->arrive(guard, answer, asked_at, early);
    if (reported.observer != nullptr) self->announce(reported, answer, asked_at);
  }

  asio::awaitable<result<access_token>> ask() {
    if (const auto* source = std::get_if<token_source>(&settings_->credentials)) {
      co_return co_await supplied(*source);
    }
    const auto& client = std::get<client_credentials>(settings_->credentials);
    const auto request = make_token_request(settings_->token, client, settings_->user_agent, "token");
    result<http::response> response{error{}};
    try {
      response = co_await transport_.send(request, settings_->limits);
    } catch (...) {
      response = pipeline::error_of(std::current_exception());
    }
    if (!response) co_return token_request_failed(response.error(), request);
    auto token = read_token_response(*response, runtime_.wall_now());
    if (!token) co_return token_request_failed(token.error(), request);
    co_return token;
  }

  static asio::awaitable<result<access_token>> supplied(token_source source) {
    std::string thrown = "the token source threw an exception";
    try {
      auto token = co_await source.supply()();
      if (token) co_return check_supplied(std::move(*token));
      co_return token.error().with_outcome(outcome::not_sent);
    } catch (const std::exception& e) {
      thrown.append(": ").append(e.what());
    } catch (...) {
    }
    co_return error{errc::credentials_rejected, outcome::not_sent, std::move(thrown)};
  }

  void arrive(flight_guard& guard, const result<access_token>& answer, clock::time_point asked_at,
              bool early) {
    result<held_token_ptr> landed{held_token_ptr{}};
    if (answer) {
      landed = std::make_shared<const held_token>(bearer_authorization(answer->value),
                                                  window_of(asked_at, answer->expires_in));
    } else {
      landed = answer.error();
    }
    const std::lock_guard lock{mutex_};
    if (flight_ == guard.flight()) take(landed, early);
    guard.land(std::move(landed));
  }

  void take(const result<held_token_ptr>& landed, bool early) {
    flight_.reset();
    if (landed) {
      token_ = *landed;
      early_failures_ = 0;
      next_early_refresh_ = not_before_ = {};
      return;
    }
    refusal_ = landed.error();
    const auto now = runtime_.now();
    // An hour at the most, and from an answer that means it: a proxy's mistake must not shut a client out for good.
    constexpr clock::duration longest = std::chrono::hours{1};
    const bool is_meant = refusal_.status() == 429 || refusal_.status() == 503;
    if (const auto asked = refusal_.retry_after(); asked && is_meant) {
      not_before_ = now + std::min(sso::detail::bounded(*asked), longest);
    }
    if (early) {
      const auto wait = pipeline::backoff(settings_->retry, early_failures_, runtime_.random());
      next_early_refresh_ = std::max(not_before_, now + settings_->retry.initial_backoff + wait);
      early_failures_ = std::min(early_failures_ + 1, pipeline::most_retries);
    }
  }

  void announce(const trip& reported, const result<access_token>& answer, clock::time_point asked_at) {
    events::token_refreshed refreshed{
        {reported.operation, reported.client_request_id, to_string(reported.method), reported.path},
        std::nullopt,
        0,
        std::nullopt,
        runtime_.now() - asked_at};
    if (answer) {
      refreshed.expires_in = answer->expires_in;
    } else {
      const auto failed = answer.error();
      refreshed.failure = static_cast<errc>(failed.code().value());
      refreshed.status = failed.status();
    }
    pipeline::notify(*reported.observer, refreshed);
  }

  Transport transport_;
  Runtime runtime_;
  std::shared_ptr<const pipeline::settings> settings_;

  std::mutex mutex_;
  held_token_ptr token_;
  std::shared_ptr<token_flight> flight_;
  clock::time_point next_early_refresh_{};
  unsigned early_failures_ = 0;
  clock::time_point not_before_{};  // the token endpoint wants to be left alone until then,
  error refusal_;                   // and said so in this answer
};

}  // namespace sso::auth

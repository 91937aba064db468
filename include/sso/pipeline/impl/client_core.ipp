// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/uuid.hpp>
#include <sso/json/decode.hpp>
#include <sso/pipeline/call.hpp>
#include <sso/pipeline/call_result.hpp>
#include <sso/pipeline/cancellation.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/pipeline/client_resources.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/pipeline/notify.hpp>
#include <sso/pipeline/redact.hpp>
#include <sso/pipeline/settings.hpp>
#include <sso/pipeline/token_refresher.hpp>
#include <sso/pipeline/transport_exception.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace sso::pipeline {

struct client_core::state {
  explicit state(std::shared_ptr<client_resources> own)
      : resources{std::move(own)}, token{std::make_shared<token_refresher>(resources)} {}
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() { token->cancel(); }

  std::shared_ptr<client_resources> resources;
  std::shared_ptr<token_refresher> token;
};

namespace detail {

inline void start(client_resources& client, call& call) {
  call.started = call.now = client.runtime.now();
  call.deadline = std::min(call.deadline, call.started + call.timeout);
  if (call.client_request_id.front() == '\0') call.client_request_id = sso::detail::draw_uuid(client.runtime);
  const auto header = client.settings.vendor.request_id_header;
  if (!header.empty()) call.request.headers.add(header, call.id());
}

/// Adds the token to the request and sets the timeout of the attempt.
inline void begin_attempt(const client_resources& client, call& call, const auth::cached_token& token) {
  auto& headers = call.request.headers;
  if (call.attempts != 0) headers.erase("Authorization");
  headers.add("Authorization", token.authorization.reveal());
  call.limits.timeout = std::min(call.attempt_timeout, call.deadline - call.now);
  ++call.attempts;
  if (client.settings.observer) {
    notify(client.settings.observer, events::attempt_started{call.info(), call.attempts});
  }
}

inline void end_attempt(client_resources& client, const call& call) {
  if (is_success(call.response) && call.retries == 0) client.budget.deposit();
  if (!client.settings.observer) return;
  events::attempt_finished finished{
      call.info(), call.attempts, 0, std::nullopt, {}, client.runtime.now() - call.now};
  std::string request_id;
  if (call.response) {
    finished.status = call.response->status;
    request_id = redact(request_id_of(call.response->headers), secrets_of(call.request));
    finished.request_id = request_id;
  } else {
    finished.failure = static_cast<errc>(call.response.error().code().value());
  }
  notify(client.settings.observer, finished);
}

/// After a 401, invalidates the rejected token, at most once per call. Returns whether it did.
inline bool replace_token(token_refresher& tokens, call& call, const auth::cached_token_ptr& token) {
  const bool refused = call.response && call.response->status == 401;
  if (!refused || call.token_replaced || !tokens.invalidate(token)) return false;
  call.token_replaced = true;
  call.worst_outcome = worse_of(call.worst_outcome, outcome::rejected);
  return true;
}

/// The wait before the next attempt; empty if the call ends.
inline std::optional<std::chrono::steady_clock::duration> begin_retry(client_resources& client, call& call) {
  const auto failed = report_on(call.response, call.request.replayable, client.runtime.wall_now());
  if (call.retries == 0 && call.response && !is_transient(failed)) client.budget.deposit();
  const retry_allowance allowance{call.retries, call.retries_left, call.deadline - client.runtime.now()};
  const auto wait = decide(client.settings.retry, failed, allowance, client.runtime.random());
  if (!wait || !client.budget.withdraw()) return std::nullopt;
  call.worst_outcome = worse_of(call.worst_outcome, failed.outcome);
  call.failure_before = summary_of(call.response);
  ++call.retries;
  --call.retries_left;
  if (client.settings.observer) {
    events::retry_scheduled scheduled{call.info(), call.attempts, failed.status, std::nullopt, *wait};
    if (failed.failure != errc{}) scheduled.failure = failed.failure;
    notify(client.settings.observer, scheduled);
  }
  return wait;
}

template <class T>
void report_call_finished(const client_resources& client, const call& call,
                          const result<response<T>>& ended) {
  events::call_finished finished{
      call.info(), call.attempts, 0, std::nullopt, {}, client.runtime.now() - call.started};
  if (ended) {
    finished.status = ended->http.status;
    const auto request_id = redact(ended->http.request_id, secrets_of(call.request));
    finished.request_id = request_id;
    notify(client.settings.observer, finished);
  } else {
    const auto failed = ended.error();
    finished.status = failed.status();
    finished.failure = static_cast<errc>(failed.code().value());
    finished.request_id = failed.request_id();
    notify(client.settings.observer, finished);
  }
}

inline error not_a_success(std::string_view what) {
  return error{errc::decode_failed, outcome::maybe_executed, "the response is " + std::string{what}};
}

/// Sets `out` to the decoded response or to the error of the call.
template <class T>
void decode(const client_resources& client, call& call, result<response<T>>& out) {
  if (!is_success(call.response)) {
    out = make_error(client.settings, call, client.runtime.wall_now());
    return;
  }
  if constexpr (std::is_void_v<T>) {
    if (const auto unexpected = unexpected_content(client.settings, call); !unexpected.empty()) {
      out = make_decode_error(client.settings, not_a_success(unexpected), call);
      return;
    }
  } else {
    T& value = *out;
    const auto decoded = json::decode_into(call.response->body, value);
    if (!decoded) {
      const bool markup = is_markup({}, call.response->body);
      out =
          make_decode_error(client.settings, markup ? not_a_success("an HTML page") : decoded.error(), call);
      return;
    }
    if constexpr (requires { complete(value); }) complete(value);
  }
  move_exchange(call, out->http);
}

/// The result of a finished call. `co_return` converts it in place: moving a model out of a function would
/// cost 10 % more instructions per call.
template <class T>
struct call_result {
  const client_resources& client;
  pipeline::call& call;

  operator result<response<T>>() const {
    result<response<T>> out;
    decode(client, call, out);
    if (client.settings.observer) report_call_finished(client, call, out);
    return out;
  }
};

}  // namespace detail

/// Makes attempts until the call ends. Precondition: `throw_if_cancelled(false)`.
inline asio::awaitable<void> client_core::send(client_resources& client, token_refresher& tokens,
                                               call& call) {
  for (;; call.now = client.runtime.now()) {
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(cancellation)) co_return call.end(end_between_attempts(errc::cancelled, call));
    if (call.now >= call.deadline) co_return call.end(end_between_attempts(errc::timeout, call));

    auto [token, refresh_due] = tokens.find(call.now);
    if (refresh_due) co_await tokens.refresh_early(call);
    if (!token) token = co_await tokens.wait(call);
    if (!token) co_return;
    if (call.now >= call.deadline) co_return call.end(end_between_attempts(errc::timeout, call));

    detail::begin_attempt(client, call, *token);
    try {
      call.response = co_await client.transport.send(call.request, call.limits);
    } catch (...) {
      call.end(error_of_exception(std::current_exception()));
    }
    detail::end_attempt(client, call);
    if (is_success(call.response)) co_return;
    if (detail::replace_token(tokens, call, token)) continue;

    const auto wait = detail::begin_retry(client, call);
    if (!wait) co_return;
    (void)co_await sleep_unless_cancelled(client.runtime, *wait);
  }
}

template <class T>
asio::awaitable<result<response<T>>> client_core::run(std::shared_ptr<state> self,
                                                      std::unique_ptr<call> call) {
  auto& client = *self->resources;
  detail::start(client, *call);
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  std::exception_ptr thrown;
  try {
    co_await send(client, *self->token, *call);
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (thrown) std::rethrow_exception(thrown);
  const detail::call_result<T> ended{client, *call};
  co_return ended;
}

template <class T>
asio::awaitable<result<response<T>>> client_core::refuse(error refused) {
  co_return refused;
}

SSO_DECL client_core::client_core(const vendor& vendor, any_transport transport, any_runtime runtime,
                                  credentials credentials, client_options options)
    : state_{std::make_shared<state>(std::make_shared<client_resources>(
          make_settings(vendor, std::move(credentials), std::move(options)), std::move(transport),
          std::move(runtime)))} {}

SSO_DECL const pipeline::settings& client_core::settings() const noexcept {
  return state_->resources->settings;
}

SSO_DECL any_runtime& client_core::runtime() const noexcept {
  return state_->resources->runtime;
}

template <class T>
asio::awaitable<result<response<T>>> client_core::perform(result<std::unique_ptr<call>> prepared,
                                                          const call_options& options) const {
  if (!prepared) return refuse<T>(refusal(prepared.error(), options));
  return run<T>(state_, std::move(*prepared));
}

}  // namespace sso::pipeline

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/fake_transport.hpp>
#include <sso/testing/impl/fake_transport_state.ipp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

namespace sso::testing {

SSO_DECL fake_transport::fake_transport() : state_{std::make_shared<state>(std::nullopt)} {}

SSO_DECL fake_transport::fake_transport(manual_runtime time)
    : state_{std::make_shared<state>(std::move(time))} {}

SSO_DECL fake_transport& fake_transport::reply(unsigned status, std::string body, http::headers headers) {
  http::response response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  const std::lock_guard lock{state_->mutex};
  state_->push(std::move(response));
  return *this;
}

SSO_DECL fake_transport& fake_transport::fail(errc code, outcome outcome, std::string what) {
  return fail(error{code, outcome, std::move(what)});
}

SSO_DECL fake_transport& fake_transport::fail(error failure) {
  const std::lock_guard lock{state_->mutex};
  state_->push(std::move(failure));
  return *this;
}

SSO_DECL fake_transport& fake_transport::stall() {
  const std::lock_guard lock{state_->mutex};
  state_->push(state::stalled{});
  return *this;
}

SSO_DECL fake_transport& fake_transport::lose_response(errc code, std::string what) {
  const std::lock_guard lock{state_->mutex};
  state_->push(state::lost{error{code, outcome::maybe_executed, std::move(what)}});
  return *this;
}

SSO_DECL fake_transport& fake_transport::queue(answer next) {
  const std::lock_guard lock{state_->mutex};
  state_->push(std::make_shared<const answer>(std::move(next)));
  return *this;
}

SSO_DECL fake_transport& fake_transport::otherwise(answer last) {
  const std::lock_guard lock{state_->mutex};
  state_->otherwise = std::make_shared<const answer>(std::move(last));
  return *this;
}

SSO_DECL fake_transport& fake_transport::latency(duration d) {
  const std::lock_guard lock{state_->mutex};
  state_->latency = d;
  state_->pace.reset();
  return *this;
}

SSO_DECL fake_transport& fake_transport::pace(std::function<duration(const http::request&)> time_of) {
  auto shared = std::make_shared<const std::function<duration(const http::request&)>>(std::move(time_of));
  const std::lock_guard lock{state_->mutex};
  state_->pace = std::move(shared);
  return *this;
}

SSO_DECL fake_transport& fake_transport::expect(http::method method, std::string target) {
  const std::lock_guard lock{state_->mutex};
  state_->wanted = std::string{to_string(method)} + ' ' + std::move(target);
  return *this;
}

SSO_DECL fake_transport& fake_transport::expect_token() {
  const std::lock_guard lock{state_->mutex};
  state_->wanted = state::the_token;
  return *this;
}

SSO_DECL fake_transport& fake_transport::after(duration d) {
  const std::lock_guard lock{state_->mutex};
  state_->script.back().latency = d;
  return *this;
}

SSO_DECL fake_transport& fake_transport::outage(duration begins_in, duration lasts, error failure) {
  const std::lock_guard lock{state_->mutex};
  const auto from = state_->now() + begins_in;
  state_->outages.push_back({from, from + lasts, std::move(failure)});
  return *this;
}

SSO_DECL recorded_requests fake_transport::requests() const {
  const std::lock_guard lock{state_->mutex};
  return recorded_requests{state_->requests};
}

SSO_DECL std::vector<http::limits> fake_transport::limits() const {
  const std::lock_guard lock{state_->mutex};
  return state_->limits;
}

SSO_DECL std::size_t fake_transport::request_count() const {
  const std::lock_guard lock{state_->mutex};
  return state_->requests.size();
}

SSO_DECL std::size_t fake_transport::steps_left() const {
  const std::lock_guard lock{state_->mutex};
  return state_->script.size();
}

SSO_DECL std::string fake_transport::faults() const {
  const std::lock_guard lock{state_->mutex};
  std::string out;
  for (const auto& fault : state_->faults) out.append(fault).append("\n");
  for (const auto& left : state_->script) {
    out.append("no request for step ").append(std::to_string(left.number)).append(" of the script");
    if (!left.wanted.empty()) out.append(", ").append(left.wanted);
    out.append("\n");
  }
  return out;
}

SSO_DECL asio::awaitable<result<http::response>>
fake_transport::exchange(std::shared_ptr<state> shared, const http::request& request, http::limits limits) {
  const auto on_entry = co_await asio::this_coro::cancellation_state;
  if (on_entry.cancelled() != asio::cancellation_type::none) {
    co_return error{errc::cancelled, outcome::not_sent, "before the request was sent"};
  }
  if (limits.timeout <= duration::zero()) {
    co_return error{errc::timeout, outcome::not_sent, "no time left to send the request"};
  }
  limits.timeout = std::min<duration>(limits.timeout, std::chrono::hours{24 * 365});

  const auto ticket = shared->take(request, limits);
  const auto sent = shared->now();
  const bool late = std::holds_alternative<state::stalled>(ticket.next) || ticket.latency >= limits.timeout;
  const auto pause = late ? limits.timeout : ticket.latency;

  const auto end = pause > duration::zero() ? std::optional{sent + pause} : std::nullopt;
  const bool cancelled = co_await detail::without_throwing(shared->pass(end));
  if (cancelled) co_return state::cancelled();
  if (late) co_return state::timed_out(limits.timeout);

  if (const auto* response = std::get_if<http::response>(&ticket.next))
    co_return state::within(*response, limits);
  if (const auto* failure = std::get_if<error>(&ticket.next)) co_return *failure;
  const auto& handler = *std::get<state::handler>(ticket.next);
  if (handler.now) co_return state::result_of(ticket, handler.now(request), limits);
  auto response = co_await detail::without_throwing(shared->ask(handler, request, sent + limits.timeout));
  if (!response) co_return state::timed_out(limits.timeout);
  co_return state::result_of(ticket, std::move(*response), limits);
}

}  // namespace sso::testing

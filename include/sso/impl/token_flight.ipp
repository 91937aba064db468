// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_flight.hpp>
#include <sso/detail/ascii.hpp>

#include <algorithm>
#include <string>

namespace sso::auth {

SSO_DECL void token_flight::land(result<held_token_ptr> landed) {
  // All under the lock, the last release of an event included: a waiter whose executor is about to be
  // destroyed stops at this lock on its way out, and its event with it.
  const std::lock_guard lock{mutex_};
  if (landed_) return;
  landed_ = std::move(landed);
  for (const auto& waiter : waiters_) waiter->set();
  waiters_.clear();
}

SSO_DECL bool token_flight::has_landed() const {
  const std::lock_guard lock{mutex_};
  return landed_.has_value();
}

SSO_DECL flight_guard::~flight_guard() {
  if (flight_) {
    flight_->land(error{errc::transport_failed, outcome::not_sent,
                        "the token refresh did not begin, or was abandoned with its executor"});
  }
}

SSO_DECL void flight_guard::land(result<held_token_ptr> landed) {
  flight_->land(std::move(landed));
  flight_.reset();
}

SSO_DECL flight_waiter::flight_waiter(const asio::any_io_executor& executor)
    : event_{std::make_shared<sso::detail::one_shot>(executor)} {}

SSO_DECL flight_waiter::~flight_waiter() {
  if (!flight_) return;
  const std::lock_guard lock{flight_->mutex_};
  std::erase(flight_->waiters_, event_);
}

SSO_DECL void flight_waiter::join(std::shared_ptr<token_flight> flight) {
  flight_ = std::move(flight);
  const std::lock_guard lock{flight_->mutex_};
  if (flight_->landed_) {
    event_->set();
  } else {
    flight_->waiters_.push_back(event_);
  }
}

SSO_DECL asio::awaitable<result<held_token_ptr>>
flight_waiter::wait(std::chrono::steady_clock::duration at_most) {
  const auto status = co_await event_->wait(at_most);
  switch (status) {
  case sso::detail::wait_status::timeout:
    co_return error{errc::timeout, outcome::not_sent, "while waiting for an access token"};
  case sso::detail::wait_status::cancelled:
    co_return error{errc::cancelled, outcome::not_sent, "while waiting for an access token"};
  case sso::detail::wait_status::set: break;
  }
  const std::lock_guard lock{flight_->mutex_};
  co_return *flight_->landed_;
}

SSO_DECL error token_request_failed(error failed, const http::request& request) {
  failed.with_what("token request to " + to_string(request.origin) + request.target + ": " + failed.what());
  return failed.with_outcome(outcome::not_sent);
}

SSO_DECL result<access_token> check_supplied(access_token token) {
  const auto text = token.value.reveal();
  if (!text.empty() && sso::detail::is_visible_ascii(text)) return token;
  return error{errc::credentials_rejected, outcome::not_sent,
               "the token source gave a token that is empty or not visible ASCII"};
}

}  // namespace sso::auth

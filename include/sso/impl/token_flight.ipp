// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/token_flight.hpp>

#include <algorithm>
#include <string>

namespace sso::auth {

SSO_DECL void token_flight::land(result<held_token_ptr> landed) {
  std::vector<std::shared_ptr<sso::detail::one_shot>> waiters;
  {
    const std::lock_guard lock{mutex_};
    if (landed_) return;
    landed_ = std::move(landed);
    waiters.swap(waiters_);
  }
  for (const auto& waiter : waiters) waiter->set();
}

SSO_DECL bool token_flight::has_landed() const {
  const std::lock_guard lock{mutex_};
  return landed_.has_value();
}

SSO_DECL flight_guard::~flight_guard() {
  if (flight_) {
    flight_->land(error{errc::transport_failed, outcome::not_sent,
                        "the token refresh was abandoned with its executor"});
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

SSO_DECL error token_unreachable(error failed, const http::request& request) {
  failed.with_what("token request to " + to_string(request.origin) + request.target + ": " + failed.what());
  return failed.with_outcome(outcome::not_sent);
}

SSO_DECL error token_refused(error failed, const http::request& request) {
  failed.with_what("token request to " + to_string(request.origin) + request.target + ": " + failed.what());
  return failed;
}

SSO_DECL result<access_token> check_supplied(access_token token) {
  const auto text = token.value.reveal();
  if (!text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    return token;
  }
  return error{errc::credentials_rejected, outcome::not_sent,
               "the token source gave a token that is empty or not visible ASCII"};
}

}  // namespace sso::auth

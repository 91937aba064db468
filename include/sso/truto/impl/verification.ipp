// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/truto/verification.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sso::truto {

SSO_DECL void complete(domain& received) {
  if (!received.verification_record && received.verification_token) {
    received.verification_record = verification_record(*received.verification_token);
  }
}

SSO_DECL void complete(page<domain>& received) {
  for (auto& item : received.items) complete(item);
  if (received.next_cursor && received.next_cursor->empty()) received.next_cursor.reset();
}

SSO_DECL poll::duration check_interval(const poll& how, unsigned checks_done, std::uint64_t random) noexcept {
  auto interval = how.interval();
  for (unsigned i = 1; i < checks_done && interval < how.max_interval(); ++i) {
    interval = interval > how.max_interval() / 2 ? how.max_interval() : interval * 2;
  }
  const auto half = interval / 2;
  if (half.count() == 0) return interval;
  return half +
         poll::duration{static_cast<poll::duration::rep>(random % static_cast<std::uint64_t>(half.count()))};
}

SSO_DECL bool is_final(const result<response<domain_verification>>& checked) {
  if (checked) return checked->verified;
  const auto failed = checked.error();
  return failed.code() != condition::retryable && !pipeline::is_transient_status(failed.status());
}

SSO_DECL std::optional<poll::duration> wait_after(const result<response<domain_verification>>& checked,
                                                  poll::duration planned, poll::duration time_left) {
  constexpr poll::duration last_check = std::chrono::seconds{5};
  const auto asked = checked ? std::nullopt : checked.error().retry_after();
  const auto least = asked ? sso::detail::clamp_duration(*asked) : poll::duration::zero();
  const auto wait = std::max(planned, least);
  if (wait < time_left) return wait;
  if (time_left <= last_check || time_left - last_check < least) return std::nullopt;
  return time_left - last_check;
}

SSO_DECL outcome outcome_of(const result<response<domain_verification>>& checked) {
  return checked ? outcome::rejected : checked.error().outcome();
}

SSO_DECL error not_verified(const std::string& domain, const result<response<domain_verification>>& last,
                            std::string detail) {
  error ended{errc::timeout, outcome_of(last), "the domain " + domain + " was not verified in time"};
  if (last) {
    ended.with_attempts(last->http.attempts);
  } else {
    const auto failed = last.error();
    ended.with_cause(failed.code()).with_attempts(failed.attempts());
    ended.with_what(ended.what() + "; the last check: " + describe(failed));
  }
  return ended.with_server_text({}, std::move(detail));
}

}  // namespace sso::truto

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/duration.hpp>
#include <sso/pipeline/decide.hpp>
#include <sso/truto/verification.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sso::truto {

SSO_DECL void complete(domain& answered) {
  if (!answered.verification_record && answered.verification_token) {
    answered.verification_record = verification_record(*answered.verification_token);
  }
}

SSO_DECL void complete(page<domain>& answered) {
  for (auto& item : answered.items) complete(item);
  if (answered.next_cursor && answered.next_cursor->empty()) answered.next_cursor.reset();
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
  const auto least = asked ? sso::detail::bounded(*asked) : poll::duration::zero();
  const auto wait = std::max(planned, least);
  if (wait < time_left) return wait;
  if (time_left <= last_check || time_left - last_check < least) return std::nullopt;
  return time_left - last_check;
}

SSO_DECL error not_verified(const std::string& domain, const result<response<domain_verification>>& last,
                            std::string detail) {
  error ended{errc::timeout, outcome::rejected, "the domain " + domain + " was not verified in time"};
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

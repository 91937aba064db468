// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/truto/verification.hpp>

#include <algorithm>

namespace sso::truto {

SSO_DECL void complete(domain& answered) {
  if (!answered.verification_record && answered.verification_token) {
    answered.verification_record = verification_record(*answered.verification_token);
  }
}

SSO_DECL void complete(page<domain>& answered) {
  for (auto& item : answered.items) complete(item);
}

SSO_DECL bool is_final(const result<response<domain_verification>>& checked) {
  return checked ? checked->verified : checked.error().code() != condition::retryable;
}

SSO_DECL poll::duration wait_after(const result<response<domain_verification>>& checked,
                                   poll::duration planned) {
  if (checked) return planned;
  const auto asked = checked.error().retry_after();
  return asked ? std::max<poll::duration>(*asked, planned) : planned;
}

SSO_DECL error not_verified(const std::string& domain, const result<response<domain_verification>>& last) {
  error ended{errc::timeout, outcome::rejected, "the domain " + domain + " was not verified in time"};
  if (!last) {
    const auto failed = last.error();
    ended.with_cause(failed.code()).with_what(ended.what() + "; the last check: " + failed.message());
    return ended.with_client_request_id(failed.client_request_id());
  }
  return ended.with_server_text({}, last->detail.value_or(std::string{}));
}

}  // namespace sso::truto

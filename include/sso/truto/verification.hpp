// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/page.hpp>
#include <sso/response.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/poll.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace sso::truto {

/// Sets `verification_record` if it is missing: only the response to `add_domain` contains it, but every
/// response contains the token to compute it from.
SSO_DECL void complete(domain& received);
/// Completes each domain of a page. An empty `next_cursor` counts as none.
SSO_DECL void complete(page<domain>& received);

/// The planned wait after check number `checks_done`: half the current interval plus a random part of the
/// other half. `random`: 64 uniformly distributed bits.
[[nodiscard]] SSO_DECL poll::duration check_interval(const poll& how, unsigned checks_done,
                                                     std::uint64_t random) noexcept;

/// Whether a check ends the wait: it passed, or it failed and the failure is not transient.
[[nodiscard]] SSO_DECL bool is_final(const result<response<domain_verification>>& checked);

/// The wait after a check: as planned, longer if the server asked for it, shorter to leave the last check a
/// few seconds of `time_left`. Empty if no further check fits.
[[nodiscard]] SSO_DECL std::optional<poll::duration>
wait_after(const result<response<domain_verification>>& checked, poll::duration planned,
           poll::duration time_left);

/// The outcome of a wait whose last check this was. Precondition: `is_final(checked)` is false.
[[nodiscard]] SSO_DECL outcome outcome_of(const result<response<domain_verification>>& checked);

/// The error of a wait after its timeout. `detail`: the server's reason why the domain is not verified.
[[nodiscard]] SSO_DECL error not_verified(const std::string& domain,
                                          const result<response<domain_verification>>& last,
                                          std::string detail);

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/verification.ipp>
#endif

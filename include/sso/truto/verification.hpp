// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/page.hpp>
#include <sso/response.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/poll.hpp>

#include <optional>
#include <string>

namespace sso::truto {

/// Fills in `verification_record` where the API leaves it out: it gives the record in the answer to
/// `add_domain` only, but the token it is made of in every answer.
SSO_DECL void complete(domain& answered);
/// The same for each domain of a page. An empty `next_cursor` asks for nothing and counts as none.
SSO_DECL void complete(page<domain>& answered);

/// Whether a check ends the wait for a domain: it passed, or it failed in a way that another one will not
/// mend.
[[nodiscard]] SSO_DECL bool is_final(const result<response<domain_verification>>& checked);

/// How long to wait after a check: as planned, longer if the server asked for it, less if one more check
/// would not fit into `time_left` otherwise: a few seconds are kept for the last one. Nothing if there can be
/// no other check.
[[nodiscard]] SSO_DECL std::optional<poll::duration>
wait_after(const result<response<domain_verification>>& checked, poll::duration planned,
           poll::duration time_left);

/// What a wait ends with whose time is over; `detail` is the server's last word on the domain.
[[nodiscard]] SSO_DECL error not_verified(const std::string& domain,
                                          const result<response<domain_verification>>& last,
                                          std::string detail);

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/truto_verification.ipp>
#endif

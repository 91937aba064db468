// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/report.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/sso_connection.hpp>

#include <chrono>
#include <string_view>
#include <vector>

namespace sso::doctor {
namespace detail {

[[nodiscard]] SSO_DECL report check_keycard_settings(const keycard::sso_connection& connection);
/// @param domains null: unknown
[[nodiscard]] SSO_DECL report check_truto_settings(const truto::sso_connection& connection,
                                                   const std::vector<truto::domain>* domains,
                                                   std::chrono::sys_seconds now);
/// The checks that need only the issuer.
[[nodiscard]] SSO_DECL report check_issuer_settings(std::string_view issuer);

}  // namespace detail

/// Checks the stored settings of a connection (`settings.*`, `url.*`, `issuer.*`) without network access. See
/// `check_certificate` for the certificate of a SAML connection.
///
/// `now`: the time for checking pending domains.
///
/// Thread safety: pure functions.
template <class Duration>
[[nodiscard]] report check_settings(const keycard::sso_connection& connection,
                                    std::chrono::sys_time<Duration>) {
  return detail::check_keycard_settings(connection);
}

/// @overload
/// The domain checks are undecided.
template <class Duration>
[[nodiscard]] report check_settings(const truto::sso_connection& connection,
                                    std::chrono::sys_time<Duration> now) {
  return detail::check_truto_settings(connection, nullptr, std::chrono::floor<std::chrono::seconds>(now));
}

/// @overload
/// `domains`: all domains of the connection, e.g. from `list_all_domains`.
template <class Duration>
[[nodiscard]] report check_settings(const truto::sso_connection& connection,
                                    const std::vector<truto::domain>& domains,
                                    std::chrono::sys_time<Duration> now) {
  return detail::check_truto_settings(connection, &domains, std::chrono::floor<std::chrono::seconds>(now));
}

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/settings.ipp>
#endif

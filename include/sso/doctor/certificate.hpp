// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/report.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace sso::doctor {
namespace detail {

/// @param subject the name of the text in the report
[[nodiscard]] SSO_DECL report check_certificate_text(std::string_view text, std::chrono::sys_seconds now,
                                                     std::string_view subject);
/// Reports the certificate checks as undecided.
[[nodiscard]] SSO_DECL report without_certificate(const std::string& reason);

}  // namespace detail

/// Checks the signing certificate of a SAML identity provider (`certificate.*`). Accepts PEM, PEM on one
/// line, and bare base64; several certificates may follow each other.
///
/// `pem`: any text; a text of more than 256 KiB is not read. `now`: the time for checking the validity.
///
/// The report never contains the text, since it may be a private key.
///
/// Thread safety: a pure function.
template <class Duration>
[[nodiscard]] report check_certificate(std::string_view pem, std::chrono::sys_time<Duration> now) {
  return detail::check_certificate_text(pem, std::chrono::floor<std::chrono::seconds>(now), "certificate");
}

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/certificate.ipp>
#endif

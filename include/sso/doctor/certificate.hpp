// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/report.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace sso::doctor {
namespace detail {

/// @param subject what the text is, in the report's words
[[nodiscard]] SSO_DECL report check_certificate_text(std::string_view text, std::chrono::sys_seconds now,
                                                     std::string_view subject);
/// Reports that the checks of a certificate cannot run.
[[nodiscard]] SSO_DECL report without_certificate(const std::string& reason);

}  // namespace detail

/// Checks the certificate that a SAML identity provider signs with (`certificate.*`), in whatever form somebody pasted
/// it: PEM, PEM in one line, or bare base64. Several certificates may follow each other.
///
/// `pem`: any text; of more than 256 KiB nothing is read. `now`: the time the validity is judged by.
/// The report never shows the text: that may be a private key.
/// Thread safety: a pure function.
template <class Duration>
[[nodiscard]] report check_certificate(std::string_view pem, std::chrono::sys_time<Duration> now) {
  return detail::check_certificate_text(pem, std::chrono::floor<std::chrono::seconds>(now), "certificate");
}

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/certificate.ipp>
#endif

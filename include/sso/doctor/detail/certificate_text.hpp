// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/openssl.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor::detail {

/// The parsed text of a certificate. The strings never quote the text: it may be a private key.
struct certificate_text {
  std::vector<x509_ptr> certificates;  ///< in the order of the text
  std::string problem;          ///< why it is unreadable, e.g. `block 2 is not base64`; empty: readable
  std::string problem_advice;   ///< the advice on `problem`
  std::string other;            ///< the kind of text if it is no certificate, e.g. `a private key`
  bool is_private_key = false;  ///< whether `other` is a private key
  std::string untidy;           ///< what some readers reject, e.g. `text around the block`
};

[[nodiscard]] SSO_DECL certificate_text read_certificate_text(std::string_view text);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/certificate_text.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/openssl.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sso::doctor::detail {

/// Text that was pasted as a certificate, taken apart. Nothing of the text itself is in the words.
struct certificate_text {
  std::vector<x509_ptr> certificates;  ///< in the order of the text
  std::string problem;                 ///< what cannot be read, e.g. `block 2 is not base64`; empty: all can
  std::string problem_advice;          ///< what to do about that
  std::string other;                   ///< what it is if it is something else, e.g. `a private key`
  bool is_private_key = false;         ///< that is a private key
  std::string untidy;                  ///< what some readers do not accept, e.g. `text around the block`
};

[[nodiscard]] SSO_DECL certificate_text read_certificate_text(std::string_view text);

}  // namespace sso::doctor::detail

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/certificate_text.ipp>
#endif

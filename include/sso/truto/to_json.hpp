// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/page.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/sso_connection.hpp>

#include <string>

namespace sso {

/// `sso_connection` as JSON with the names of the API, for output read by programs. Members without a value
/// are omitted.
[[nodiscard]] SSO_DECL std::string to_json(const truto::sso_connection& model);
/// `domain` as JSON with the names of the API, for output read by programs. Members without a value are
/// omitted.
[[nodiscard]] SSO_DECL std::string to_json(const truto::domain& model);
/// `domain_verification` as JSON with the names of the API, for output read by programs. Members without a
/// value are omitted.
[[nodiscard]] SSO_DECL std::string to_json(const truto::domain_verification& model);
/// @overload
[[nodiscard]] SSO_DECL std::string to_json(const page<truto::domain>& model);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/truto/impl/to_json.ipp>
#endif

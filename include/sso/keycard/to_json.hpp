// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/keycard/sso_connection.hpp>

#include <string>

namespace sso {

/// `sso_connection` as JSON with the names of the API, for output read by programs. Members without a value
/// are omitted.
[[nodiscard]] SSO_DECL std::string to_json(const keycard::sso_connection& model);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/to_json.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/keycard/sso_connection.hpp>

#include <string>

namespace sso {

/// `sso_connection` as JSON with the names of the API, e.g. for an output that programs read. Members without a value are left
/// out.
[[nodiscard]] SSO_DECL std::string to_json(const keycard::sso_connection& model);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/keycard/impl/to_json.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <string>

namespace ssoctl {

/// The first line of stdin. On a terminal it asks for it, as `what`, without an echo. Throws `usage_error` where there
/// is none.
[[nodiscard]] sso::secret secret_from_stdin(const std::string& what);

/// The value of an environment variable. Throws `usage_error` where there is none, which says what option named it: not
/// the name, as it may be the secret itself, given in the wrong place.
[[nodiscard]] sso::secret secret_from_environment(const std::string& name, const std::string& option);

/// The whole of a file; `-` is stdin. Throws `usage_error` where it cannot be read.
[[nodiscard]] std::string text_of_file(const std::string& name);

}  // namespace ssoctl

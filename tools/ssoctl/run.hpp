// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"
#include "redaction.hpp"

namespace ssoctl {

/// Runs a command, prints its output and returns the exit code. Throws `sso::exception` for invalid options or
/// credentials.
[[nodiscard]] int run(const command& given, const redaction& secrets);

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"
#include "redaction.hpp"

namespace ssoctl {

/// Does what a command says, prints what comes of it, and returns the exit code. Throws `sso::exception` where options or
/// credentials cannot be used.
[[nodiscard]] int run(const command& given, const redaction& secrets);

}  // namespace ssoctl

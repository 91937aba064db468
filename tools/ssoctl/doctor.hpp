// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <sso/keycard/sso_connection.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/sso_connection.hpp>

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

/// Runs the doctor over a transport without credentials. `allow_private`: also connect to non-public addresses.
namespace ssoctl {

/// `ssoctl doctor`.
[[nodiscard]] action issuer_doctor(std::string issuer, bool allow_private);

[[nodiscard]] boost::asio::awaitable<sso::result<output>> examine(sso::keycard::sso_connection connection,
                                                                  bool allow_private, surroundings around);
[[nodiscard]] boost::asio::awaitable<sso::result<output>> examine(sso::truto::sso_connection connection,
                                                                  std::vector<sso::truto::domain> domains,
                                                                  bool allow_private, surroundings around);

}  // namespace ssoctl

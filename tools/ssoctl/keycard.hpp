// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <sso/keycard/ensure.hpp>
#include <sso/keycard/params.hpp>

#include <string>

/// The commands of `ssoctl keycard`.
namespace ssoctl {

[[nodiscard]] action keycard_get(std::string organization, sso::keycard::retrieve_params params);
[[nodiscard]] action keycard_enable(std::string organization, sso::keycard::enable_params params);
[[nodiscard]] action keycard_update(std::string organization, sso::keycard::update_params params);
[[nodiscard]] action keycard_disable(std::string organization);
[[nodiscard]] action keycard_ensure(std::string organization, sso::keycard::connection_spec spec,
                                    bool plan_only);
[[nodiscard]] action keycard_doctor(std::string organization, bool allow_private);

}  // namespace ssoctl

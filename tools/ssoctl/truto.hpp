// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <sso/truto/ensure.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/poll.hpp>

#include <optional>
#include <string>

/// The commands of `ssoctl truto`.
namespace ssoctl {

[[nodiscard]] action truto_get(std::string id);
[[nodiscard]] action truto_update(std::string id, sso::truto::update_params params);
[[nodiscard]] action truto_domains(std::string id, sso::truto::list_params params);
[[nodiscard]] action truto_add_domain(std::string id, std::string domain);
/// `wait`: empty for a single check.
[[nodiscard]] action truto_verify_domain(std::string id, std::string domain,
                                         std::optional<sso::truto::poll> wait);
[[nodiscard]] action truto_ensure(std::string id, sso::truto::connection_spec spec, bool plan_only);
[[nodiscard]] action truto_doctor(std::string id, bool allow_private);

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/json/decode.hpp>
#include <sso/json/difference.hpp>
#include <sso/json/validate.hpp>
#include <sso/truto/ensure.hpp>
#include <sso/truto/impl/domain_name.ipp>
#include <sso/truto/json.hpp>

#include <algorithm>
#include <string_view>

namespace sso::truto {
namespace detail {

[[nodiscard]] inline bool contains(const std::vector<truto::domain>& domains, std::string_view name) {
  return std::any_of(domains.begin(), domains.end(),
                     [&](const truto::domain& one) { return sso::detail::iequals(one.domain, name); });
}

}  // namespace detail

SSO_DECL result<ensure_plan> make_plan(const sso_connection& current,
                                       const std::vector<truto::domain>& domains,
                                       const connection_spec& wanted) {
  auto checked = wanted.members();
  if (wanted.client_secret()) checked.client_secret(*wanted.client_secret());
  if (const auto fault = json::validate(checked)) return invalid_argument(fault->path, fault->rule);
  for (const auto& name : wanted.domains()) {
    if (const auto known = detail::check_domain(name); !known) return known.error();
  }
  ensure_plan out;
  auto differs = json::differ(wanted.members(), current);
  out.changes = std::move(differs.changes);
  for (const auto& change : out.changes) {
    if (change.member != "config.idp_metadata_xml") continue;
    return invalid_argument(change.member,
                            "cannot be compared; set idp_entity_id, idp_sso_url and idp_x509_cert");
  }
  const bool send_secret = wanted.client_secret() && wanted.rotates_secret();
  if (send_secret) out.changes.push_back({"client_secret", "", "(set)"});
  if (!out.changes.empty()) {
    auto changed = json::decode<update_params>(differs.patch);
    if (!changed) return changed.error();
    out.update = std::move(*changed);
    if (send_secret) out.update->client_secret(*wanted.client_secret());
  }
  for (const auto& name : wanted.domains()) {
    const auto same = [&](const std::string& other) { return sso::detail::iequals(other, name); };
    const bool named_before = std::any_of(out.domains.begin(), out.domains.end(), same);
    if (detail::contains(domains, name) || named_before) continue;
    out.domains.push_back(name);
    out.changes.push_back({"domains." + name, "", '"' + name + '"'});
  }
  if (!out.changes.empty()) out.action = action::updated;
  return out;
}

}  // namespace sso::truto

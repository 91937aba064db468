// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/decode.hpp>
#include <sso/json/difference.hpp>
#include <sso/json/validate.hpp>
#include <sso/keycard/ensure.hpp>
#include <sso/keycard/json.hpp>

namespace sso::keycard {

SSO_DECL result<ensure_plan> make_plan(const std::optional<sso_connection>& current,
                                       const connection_spec& wanted) {
  const auto spec = update_params{}
                        .client_id(wanted.client_id())
                        .identifier(wanted.identifier())
                        .protocols(wanted.protocols());
  const auto& secret = wanted.client_secret();
  auto checked = spec;
  if (secret) checked.client_secret(*secret);
  if (const auto fault = json::validate(checked)) return invalid_argument(fault->path, fault->rule);
  const bool send_secret = secret && (!current || !current->client_secret_set || wanted.rotates_secret());

  ensure_plan out;
  auto differs = json::differ(spec, current.value_or(sso_connection{}));
  out.changes = std::move(differs.changes);
  if (send_secret) out.changes.push_back({"client_secret", "", "(set)"});
  if (!current) {
    out.action = action::created;
    for (auto& change : out.changes) change.from.clear();
    out.enable.emplace(wanted.client_id(), wanted.identifier()).protocols(wanted.protocols());
    if (send_secret) out.enable->client_secret(*secret);
  } else if (!out.changes.empty()) {
    out.action = action::updated;
    auto changed = json::decode<update_params>(differs.patch);
    if (!changed) return changed.error();
    out.update = std::move(*changed);
    if (send_secret) out.update->client_secret(*secret);
  }
  return out;
}

}  // namespace sso::keycard

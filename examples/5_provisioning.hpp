// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard.hpp>

#include <string>

/// The part of a service that enables and disables SSO of organizations. Example 5 tests it. It works with any client:
/// over HTTPS in the service, over a fake in its tests.
namespace provisioning {

namespace asio = boost::asio;

/// Sets an organization's identity provider to `issuer`, with or without SSO so far. Returns the connection's id.
template <class Client>
asio::awaitable<sso::result<std::string>> provide(Client keycard, std::string organization,
                                                  std::string issuer) {
  const auto enabled = co_await keycard.enable(organization, sso::keycard::enable_params{"portal", issuer});
  if (enabled) co_return enabled->id;
  const sso::error failed = enabled.error();

  if (failed.code() == sso::errc::conflict) {
    const auto updated =
        co_await keycard.update(organization, sso::keycard::update_params{}.identifier(issuer));
    if (!updated) co_return updated.error();
    co_return updated->id;
  }
  if (failed.unsettled() && failed.code() != sso::errc::cancelled) {
    // The response is lost, and SSO may be enabled. A second `enable` would be a conflict, so read the connection.
    const auto there = co_await keycard.retrieve(organization);
    if (there && there->identifier == issuer) co_return there->id;
  }
  co_return failed;
}

/// Disables SSO of an organization. Succeeds also if it has none.
template <class Client>
asio::awaitable<sso::result<void>> withdraw(Client keycard, std::string organization) {
  const auto disabled = co_await keycard.disable(organization);
  if (disabled || disabled.error().code() == sso::errc::not_found) co_return sso::result<void>{};
  co_return disabled.error();
}

}  // namespace provisioning

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard.hpp>

#include <string>

/// The part of a service that gives organizations their SSO and takes it away: what example 5 tests. It works with
/// any client: over HTTPS in the service, over a fake in its tests.
namespace provisioning {

namespace asio = boost::asio;

/// Makes `issuer` an organization's identity provider, whatever it had before. Returns the connection's id.
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
  if (failed.outcome() == sso::outcome::maybe_executed && failed.code() != sso::errc::cancelled) {
    // The answer is lost, the work perhaps not. To ask again could only give a conflict; to look is better.
    const auto there = co_await keycard.retrieve(organization);
    if (there && there->identifier == issuer) co_return there->id;
  }
  co_return failed;
}

/// Takes SSO away from an organization. That it has none is as good.
template <class Client>
asio::awaitable<sso::result<void>> withdraw(Client keycard, std::string organization) {
  const auto disabled = co_await keycard.disable(organization);
  if (disabled || disabled.error().code() == sso::errc::not_found) co_return sso::result<void>{};
  co_return disabled.error();
}

}  // namespace provisioning

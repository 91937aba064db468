// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"
#include "command.hpp"
#include "progress.hpp"

#include <sso/credentials.hpp>
#include <sso/keycard/to_json.hpp>
#include <sso/response.hpp>
#include <sso/truto/to_json.hpp>

#include <utility>

/// Shared parts of both vendors' commands.
namespace ssoctl {

/// Makes a client with the access token from stdin or the credentials from the environment. The functions are the
/// vendor's `from_environment` and `options_from_environment`.
template <class Client, class Environment>
Client make_client(const surroundings& around, Environment (*from_environment)(sso::client_options),
                   sso::client_options (*options_from_environment)(sso::client_options)) {
  const auto& common = around.common;
  if (common.token || common.dry_run) {
    auto options = options_from_environment(around.options);
    around.line.watch(options);
    if (!common.token && !options.token_url.empty()) {
      // A dry run requests no token, but checks the address.
      (void)Client{around.transport, sso::client_credentials{"none", sso::secret{"none"}}, options};
      options.token_url.clear();
    }
    return Client{around.transport, sso::bearer_token{common.token.value_or(sso::secret{"none"})},
                  std::move(options)};
  }
  auto found = from_environment(around.options);
  around.line.watch(found.options);
  return Client{around.transport, std::move(found.credentials), std::move(found.options)};
}

/// The response of a call as the server sent it, including members that the library does not know.
template <class T>
boost::asio::awaitable<sso::result<output>>
output_of(boost::asio::awaitable<sso::result<sso::response<T>>> call, bool changes) {
  const auto got = co_await std::move(call);
  if (!got) co_return got.error();
  co_return output{json_text::parse(got->http.body), changes};
}

/// The changes of `ensure`. `is_plan`: planned, not made.
template <class T>
boost::asio::awaitable<sso::result<output>>
output_of(boost::asio::awaitable<sso::result<sso::ensured<T>>> call, bool is_plan) {
  const auto got = co_await std::move(call);
  if (!got) co_return got.error();
  ensure_outcome out{got->action, is_plan, got->changes, {}};
  const bool exists = !is_plan || got->action != sso::action::created;
  if (exists) out.connection = json_text::parse(sso::to_json(got->connection));
  co_return output{std::move(out), !is_plan && got->action != sso::action::unchanged};
}

}  // namespace ssoctl

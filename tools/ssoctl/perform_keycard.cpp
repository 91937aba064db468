// SPDX-License-Identifier: BSL-1.0
#include "perform.hpp"

#include <sso/keycard.hpp>

#include <utility>

namespace ssoctl {
namespace {

namespace asio = boost::asio;
using client = sso::keycard::basic_client<sso::any_transport>;

// The answer as it came, for what the library has no name for as well.
sso::result<answer> from(const sso::result<sso::response<sso::keycard::sso_connection>>& got) {
  if (!got) return got.error();
  return answer{json_text::parse(got->http.body)};
}

asio::awaitable<sso::result<answer>> call(client keycard, keycard_get action) {
  const auto got = co_await keycard.retrieve(action.organization, action.params);
  co_return from(got);
}
asio::awaitable<sso::result<answer>> call(client keycard, keycard_enable action) {
  const auto got = co_await keycard.enable(action.organization, action.params);
  co_return from(got);
}
asio::awaitable<sso::result<answer>> call(client keycard, keycard_update action) {
  const auto got = co_await keycard.update(action.organization, action.params);
  co_return from(got);
}
asio::awaitable<sso::result<answer>> call(client keycard, keycard_disable action) {
  const auto got = co_await keycard.disable(action.organization);
  if (!got) co_return got.error();
  const boost::json::object done{{"organization", action.organization}, {"disabled", true}};
  co_return answer{json_text::from(done)};
}

client make_client(sso::any_transport transport, const common_options& common, sso::client_options options) {
  options.token_url = common.token_url;
  if (common.token || common.dry_run) {
    const auto token = common.token.value_or(sso::secret{"none"});
    return client{std::move(transport), sso::bearer_token{token},
                  sso::keycard::options_from_environment(std::move(options))};
  }
  auto found = sso::keycard::from_environment(std::move(options));
  return client{std::move(transport), std::move(found.credentials), std::move(found.options)};
}

}  // namespace

bool changes(const keycard_action& action) {
  return !std::holds_alternative<keycard_get>(action);
}

asio::awaitable<sso::result<answer>> perform(const keycard_action& action, sso::any_transport transport,
                                             const common_options& common, sso::client_options options) {
  const auto keycard = make_client(std::move(transport), common, std::move(options));
  return std::visit([&](const auto& one) { return call(keycard, one); }, action);
}

}  // namespace ssoctl

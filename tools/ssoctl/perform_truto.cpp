// SPDX-License-Identifier: BSL-1.0
#include "perform.hpp"

#include "exit_code.hpp"

#include <sso/truto.hpp>

#include <optional>
#include <string>
#include <utility>

namespace ssoctl {
namespace {

namespace asio = boost::asio;
using client = sso::truto::basic_client<sso::any_transport>;

template <class T>
sso::result<answer> from(const sso::result<sso::response<T>>& got) {
  if (!got) return got.error();
  return answer{json_text::parse(got->http.body)};
}

void set(json_text& object, const std::string& name, const std::string& value) {
  if (auto* const held = object.find(name)) {
    held->value = value;
  } else {
    std::get<json_text::object>(object.value).push_back({name, json_text{value}});
  }
}

asio::awaitable<sso::result<answer>> call(client truto, truto_get action) {
  const auto got = co_await truto.retrieve(action.id);
  co_return from(got);
}

asio::awaitable<sso::result<answer>> call(client truto, truto_update action) {
  const auto got = co_await truto.update(action.id, action.params);
  co_return from(got);
}

// All pages as one list, each domain with the record that the API leaves to be put together.
asio::awaitable<sso::result<answer>> call(client truto, truto_domains action) {
  sso::truto::list_params which;
  if (action.page_size) which.limit(*action.page_size);
  json_text::array all;
  for (;;) {
    const auto page = co_await truto.list_domains(action.id, which);
    if (!page) co_return page.error();
    auto json = json_text::parse(page->http.body);
    auto& items = std::get<json_text::array>(json.find("result")->value);
    for (std::size_t i = 0; i != items.size(); ++i) {
      const auto& record = page->items.at(i).verification_record;
      if (record) set(items[i], "verification_record", *record);
      all.push_back(std::move(items[i]));
    }
    if (!page->next_cursor || page->next_cursor == which.next_cursor()) {
      co_return answer{json_text{std::move(all)}, true};
    }
    which.next_cursor(*page->next_cursor);
  }
}

asio::awaitable<sso::result<answer>> call(client truto, truto_add_domain action) {
  const auto got = co_await truto.add_domain(action.id, action.domain);
  co_return from(got);
}

asio::awaitable<sso::result<answer>> call(client truto, truto_verify_domain action) {
  sso::truto::poll how;
  if (action.timeout) how.timeout(*action.timeout);
  if (action.interval) {
    how.interval(*action.interval).max_interval(std::max(how.max_interval(), how.interval()));
  }
  auto checked = action.wait ? truto.wait_until_verified(action.id, action.domain, how)
                             : truto.verify_domain(action.id, action.domain);
  const auto got = co_await std::move(checked);
  auto out = from(got);
  if (out && !got->verified) out->status = exit_not_verified;
  co_return out;
}

client make_client(sso::any_transport transport, const common_options& common, sso::client_options options) {
  if (!common.token_url.empty()) throw usage_error{"--token-url: Truto has no token endpoint"};
  if (common.token || common.dry_run) {
    const auto token = common.token.value_or(sso::secret{"none"});
    return client{std::move(transport), sso::bearer_token{token},
                  sso::truto::options_from_environment(std::move(options))};
  }
  auto found = sso::truto::from_environment(std::move(options));
  return client{std::move(transport), std::move(found.credentials), std::move(found.options)};
}

}  // namespace

// A check changes nothing that another check would not.
bool changes(const truto_action& action) {
  return std::holds_alternative<truto_update>(action) || std::holds_alternative<truto_add_domain>(action);
}

asio::awaitable<sso::result<answer>> perform(const truto_action& action, sso::any_transport transport,
                                             const common_options& common, sso::client_options options) {
  const auto truto = make_client(std::move(transport), common, std::move(options));
  return std::visit([&](const auto& one) { return call(truto, one); }, action);
}

}  // namespace ssoctl

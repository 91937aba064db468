// SPDX-License-Identifier: BSL-1.0
#include "truto.hpp"

#include "doctor.hpp"
#include "vendor.hpp"

#include <sso/truto.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ssoctl {
namespace {

namespace asio = boost::asio;
using namespace sso::truto;
using client = basic_client<sso::any_transport>;

client client_of(const surroundings& around) {
  if (!around.common.token_url.empty()) throw usage_error{"--token-url: Truto has no token endpoint"};
  return make_client<client>(around, from_environment, options_from_environment);
}

/// A layer that keeps the bodies of successful responses. A model would lose unknown members and the digits of large
/// numbers.
class body_keeper {
public:
  explicit body_keeper(const surroundings& around) : next_{around.transport} {}

  asio::awaitable<sso::result<sso::http::response>> send(const sso::http::request& request,
                                                         sso::http::limits limits) const {
    auto response = co_await next_.send(request, limits);
    if (response && sso::http::is_success(response->status)) bodies_->push_back(response->body);
    co_return response;
  }

  [[nodiscard]] const std::vector<std::string>& bodies() const { return *bodies_; }

private:
  sso::any_transport next_;
  std::shared_ptr<std::vector<std::string>> bodies_ = std::make_shared<std::vector<std::string>>();
};

asio::awaitable<sso::result<output>> list(client truto, body_keeper pages, std::string id,
                                          list_params params) {
  const auto all = co_await truto.list_all_domains(id, params);
  if (!all) co_return all.error();
  json_text::array domains;
  for (const auto& body : pages.bodies()) {
    auto page = json_text::parse(body);
    auto& items = std::get<json_text::array>(page.find("result")->value);  // required by the model
    std::move(items.begin(), items.end(), std::back_inserter(domains));
  }
  if (domains.size() != all->size()) throw std::runtime_error{"the pages do not match the list of domains"};
  // The library completes a record that the server gives only as a token.
  for (std::size_t i = 0; i != domains.size(); ++i) {
    const auto& record = (*all)[i].verification_record;
    auto* const sent = domains[i].find("verification_record");
    if (!record || (sent != nullptr && !std::holds_alternative<std::nullptr_t>(sent->value))) continue;
    if (sent != nullptr) {
      *sent = json_text{*record};
    } else {
      std::get<json_text::object>(domains[i].value).push_back({"verification_record", json_text{*record}});
    }
  }
  co_return output{domain_list{json_text{std::move(domains)}}};
}

asio::awaitable<sso::result<output>> verify(client truto, std::string id, std::string domain,
                                            std::optional<sso::truto::poll> wait, progress& line) {
  if (wait) {
    line.wait_for(domain, wait->timeout());
    wait->on_check([&line](const domain_verification& last, sso::truto::poll::duration next) {
      line.checked(last.detail.value_or(""), next);
    });
  } else {
    line.name(domain);
  }
  auto checked = wait ? truto.wait_until_verified(id, domain, *wait) : truto.verify_domain(id, domain);
  const auto got = co_await std::move(checked);
  if (!got) co_return got.error();
  co_return output{json_text::parse(got->http.body), false, got->verified ? exit_ok : exit_not_verified};
}

asio::awaitable<sso::result<output>> examine_stored(client truto, std::string id, bool allow_private,
                                                    surroundings around) {
  sso::call_options options;
  if (around.common.timeout) options.deadline(around.begun + *around.common.timeout);
  const auto got = co_await truto.retrieve(id, options);
  if (!got) co_return got.error();
  auto domains = co_await truto.list_all_domains(id, {}, options);
  if (!domains) co_return domains.error();
  auto examination = examine(*got, std::move(*domains), allow_private, around);
  co_return co_await std::move(examination);
}

}  // namespace

action truto_get(std::string id) {
  return [=](const surroundings& around) { return output_of(client_of(around).retrieve(id), false); };
}

action truto_update(std::string id, update_params params) {
  return [=](const surroundings& around) { return output_of(client_of(around).update(id, params), true); };
}

action truto_domains(std::string id, list_params params) {
  return [=](const surroundings& around) {
    const body_keeper pages{around};
    auto kept = around;
    kept.transport = pages;
    return list(client_of(kept), pages, id, params);
  };
}

action truto_add_domain(std::string id, std::string domain) {
  return
      [=](const surroundings& around) { return output_of(client_of(around).add_domain(id, domain), true); };
}

action truto_verify_domain(std::string id, std::string domain, std::optional<sso::truto::poll> wait) {
  return [=](const surroundings& around) {
    auto bounded = around;
    // A check without a response must not take the whole wait.
    if (wait) bounded.options.attempt_timeout = sso::client_options{}.attempt_timeout;
    return verify(client_of(bounded), id, domain, wait, around.line);
  };
}

action truto_ensure(std::string id, connection_spec spec, bool plan_only) {
  return [=](const surroundings& around) {
    return output_of(client_of(around).ensure(id, spec, sso::ensure_options{}.plan_only(plan_only)),
                     plan_only);
  };
}

action truto_doctor(std::string id, bool allow_private) {
  return [=](const surroundings& around) {
    return examine_stored(client_of(around), id, allow_private, around);
  };
}

}  // namespace ssoctl

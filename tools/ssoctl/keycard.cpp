// SPDX-License-Identifier: BSL-1.0
#include "keycard.hpp"

#include "doctor.hpp"
#include "vendor.hpp"

#include <sso/keycard.hpp>

#include <utility>

namespace ssoctl {
namespace {

namespace asio = boost::asio;
using namespace sso::keycard;
using client = basic_client<sso::any_transport>;

client client_of(const surroundings& around) {
  return make_client<client>(around, from_environment, options_from_environment);
}

asio::awaitable<sso::result<output>> disable(client keycard, std::string organization) {
  const auto got = co_await keycard.disable(organization);
  if (!got) co_return got.error();
  const boost::json::object done{{"organization", organization}, {"disabled", true}};
  co_return output{json_text::from(done), true};
}

asio::awaitable<sso::result<output>> examine_stored(client keycard, std::string organization,
                                                    bool allow_private, surroundings around) {
  const auto got = co_await keycard.retrieve(organization);
  if (!got) co_return got.error();
  auto examination = examine(*got, allow_private, around);
  co_return co_await std::move(examination);
}

}  // namespace

action keycard_get(std::string organization, retrieve_params params) {
  return [=](const surroundings& around) {
    return output_of(client_of(around).retrieve(organization, params), false);
  };
}

action keycard_enable(std::string organization, enable_params params) {
  return [=](const surroundings& around) {
    return output_of(client_of(around).enable(organization, params), true);
  };
}

action keycard_update(std::string organization, update_params params) {
  return [=](const surroundings& around) {
    return output_of(client_of(around).update(organization, params), true);
  };
}

action keycard_disable(std::string organization) {
  return [=](const surroundings& around) { return disable(client_of(around), organization); };
}

action keycard_ensure(std::string organization, connection_spec spec, bool plan_only) {
  return [=](const surroundings& around) {
    return output_of(client_of(around).ensure(organization, spec, sso::ensure_options{}.plan_only(plan_only)),
                     plan_only);
  };
}

action keycard_doctor(std::string organization, bool allow_private) {
  return [=](const surroundings& around) {
    return examine_stored(client_of(around), organization, allow_private, around);
  };
}

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/impl/client_core.ipp>
#include <sso/keycard/calls.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/requests.hpp>

#include <utility>

namespace sso::keycard::calls {

SSO_DECL pipeline::client_core make_core(any_transport transport, pipeline::any_runtime runtime,
                                         credentials&& credentials, client_options&& options) {
  return {api(), std::move(transport), std::move(runtime), std::move(credentials), std::move(options)};
}

SSO_DECL connection retrieve(const pipeline::client_core& core, std::string_view organization_id,
                             const retrieve_params& params, const call_options& options) {
  return core.run<sso_connection>(
      options, [&] { return make_retrieve(core.settings(), organization_id, params, options); });
}

SSO_DECL connection enable(const pipeline::client_core& core, std::string_view organization_id,
                           const enable_params& params, const call_options& options) {
  return core.run<sso_connection>(
      options, [&] { return make_enable(core.settings(), organization_id, params, options); });
}

SSO_DECL connection update(const pipeline::client_core& core, std::string_view organization_id,
                           const update_params& params, const call_options& options) {
  return core.run<sso_connection>(
      options, [&] { return make_update(core.settings(), organization_id, params, options); });
}

SSO_DECL nothing disable(const pipeline::client_core& core, std::string_view organization_id,
                         const call_options& options) {
  return core.run<void>(options, [&] { return make_disable(core.settings(), organization_id, options); });
}

SSO_DECL nothing request(const pipeline::client_core& core, http::method method, std::string_view path,
                         std::optional<std::string> body, const call_options& options) {
  return core.run<void>(
      options, [&] { return make_request(core.settings(), method, path, std::move(body), options); });
}

SSO_DECL asio::awaitable<result<ensured<sso_connection>>> ensure(const pipeline::client_core& core,
                                                                 std::string_view organization_id,
                                                                 connection_spec wanted, ensure_options how,
                                                                 call_options options) {
  const std::string id{organization_id};
  keycard::detail::ensure_calls of_client;
  of_client.retrieve = [core, id](const call_options& o) { return retrieve(core, id, {}, o); };
  of_client.enable = [core, id](const enable_params& p, const call_options& o) {
    return enable(core, id, p, o);
  };
  of_client.update = [core, id](const update_params& p, const call_options& o) {
    return update(core, id, p, o);
  };
  of_client.now = [core] { return core.runtime().now(); };
  of_client.timeout = core.settings().timeout;
  return keycard::detail::ensure(std::move(of_client), std::move(wanted), how, std::move(options));
}

}  // namespace sso::keycard::calls

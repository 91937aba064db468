// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/method.hpp>
#include <sso/keycard/ensure.hpp>
#include <sso/keycard/params.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/pipeline/any_runtime.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

/// @file
/// The operations of `keycard::basic_client` without their transport's type, so that they are compiled once.
/// They take all they need of their arguments before they return.
namespace sso::keycard::calls {

/// The answer of most operations.
using connection = asio::awaitable<result<response<sso_connection>>>;
/// The answer of operations without a model.
using nothing = asio::awaitable<result<response<void>>>;

/// What a client of Keycard is made of. Throws `exception` with `errc::invalid_argument` naming the option or
/// credential that breaks a rule.
[[nodiscard]] SSO_DECL pipeline::client_core make_core(any_transport transport, pipeline::any_runtime runtime,
                                                       credentials&& credentials, client_options&& options);

/// See `basic_client::retrieve`.
[[nodiscard]] SSO_DECL connection retrieve(const pipeline::client_core& core,
                                           std::string_view organization_id, const retrieve_params& params,
                                           const call_options& options);
/// See `basic_client::enable`.
[[nodiscard]] SSO_DECL connection enable(const pipeline::client_core& core, std::string_view organization_id,
                                         const enable_params& params, const call_options& options);
/// See `basic_client::update`.
[[nodiscard]] SSO_DECL connection update(const pipeline::client_core& core, std::string_view organization_id,
                                         const update_params& params, const call_options& options);
/// See `basic_client::disable`.
[[nodiscard]] SSO_DECL nothing disable(const pipeline::client_core& core, std::string_view organization_id,
                                       const call_options& options);
/// See `basic_client::ensure`.
[[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
ensure(const pipeline::client_core& core, std::string_view organization_id, connection_spec wanted,
       ensure_options how, call_options options);
/// See `basic_client::request`.
[[nodiscard]] SSO_DECL nothing request(const pipeline::client_core& core, http::method method,
                                       std::string_view path, std::optional<std::string> body,
                                       const call_options& options);

}  // namespace sso::keycard::calls

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/keycard_calls.ipp>
#endif

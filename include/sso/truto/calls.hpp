// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/method.hpp>
#include <sso/page.hpp>
#include <sso/pipeline/any_runtime.hpp>
#include <sso/pipeline/client_core.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/ensure.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/poll.hpp>
#include <sso/truto/sso_connection.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

/// @file
/// The operations of `truto::basic_client` without their transport's type, so that they are compiled once.
/// They take all they need of their arguments before they return.
namespace sso::truto::calls {

/// The answer of an operation.
template <class T>
using answer = asio::awaitable<result<response<T>>>;

/// What a client of Truto is made of. Throws `exception` with `errc::invalid_argument` naming the option or
/// credential that breaks a rule.
[[nodiscard]] SSO_DECL pipeline::client_core make_core(any_transport transport, pipeline::any_runtime runtime,
                                                       credentials&& credentials, client_options&& options);

/// See `basic_client::retrieve`.
[[nodiscard]] SSO_DECL answer<sso_connection> retrieve(const pipeline::client_core& core, std::string_view id,
                                                       const call_options& options);
/// See `basic_client::update`.
[[nodiscard]] SSO_DECL answer<sso_connection> update(const pipeline::client_core& core, std::string_view id,
                                                     const update_params& params,
                                                     const call_options& options);
/// See `basic_client::list_domains`.
[[nodiscard]] SSO_DECL answer<page<truto::domain>> list_domains(const pipeline::client_core& core,
                                                                std::string_view id,
                                                                const list_params& params,
                                                                const call_options& options);
/// See `basic_client::add_domain`.
[[nodiscard]] SSO_DECL answer<truto::domain> add_domain(const pipeline::client_core& core,
                                                        std::string_view id, std::string_view domain,
                                                        const call_options& options);
/// See `basic_client::verify_domain`.
[[nodiscard]] SSO_DECL answer<domain_verification> verify_domain(const pipeline::client_core& core,
                                                                 std::string_view id, std::string_view domain,
                                                                 const call_options& options);
/// See `basic_client::wait_until_verified`.
[[nodiscard]] SSO_DECL answer<domain_verification> wait_until_verified(pipeline::client_core core,
                                                                       std::string id, std::string domain,
                                                                       poll how, call_options options);
/// See `basic_client::ensure`.
[[nodiscard]] SSO_DECL asio::awaitable<result<ensured<sso_connection>>>
ensure(const pipeline::client_core& core, std::string_view id, connection_spec wanted, ensure_options how,
       call_options options);
/// See `basic_client::request`.
[[nodiscard]] SSO_DECL answer<void> request(const pipeline::client_core& core, http::method method,
                                            std::string_view path, std::optional<std::string> body,
                                            const call_options& options);

}  // namespace sso::truto::calls

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/truto_calls.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/vendor.hpp>
#include <sso/truto/params.hpp>
#include <sso/truto/poll.hpp>

#include <optional>
#include <string>
#include <string_view>

/// @file
/// How Truto's calls look on the wire: plain functions from parameters to requests.
/// Errors of all of them: `invalid_argument` naming the parameter and the rule.
namespace sso::truto {

/// The constants of the API.
[[nodiscard]] SSO_DECL const pipeline::vendor& api() noexcept;

/// The path of a connection, whose id is a UUID.
[[nodiscard]] SSO_DECL result<std::string> connection_path(std::string_view id);

/// Checks a domain name: labels of letters, digits and hyphens, 253 characters at the most (RFC 1123 §2.1).
/// Other scripts have to come as A-labels (RFC 5890 §2.3.2.1), e.g. `xn--bcher-kva.example`.
[[nodiscard]] SSO_DECL result<void> check_domain(std::string_view domain);

/// Checks the bounds that `poll` names.
[[nodiscard]] SSO_DECL result<void> check_poll(const poll& how);

/// The call behind `basic_client::retrieve`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call>
make_retrieve(const pipeline::settings& settings, std::string_view id, const call_options& options);
/// The call behind `basic_client::update`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_update(const pipeline::settings& settings,
                                                                   std::string_view id,
                                                                   const update_params& params,
                                                                   const call_options& options);
/// The call behind `basic_client::list_domains`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_list_domains(const pipeline::settings& settings,
                                                                         std::string_view id,
                                                                         const list_params& params,
                                                                         const call_options& options);
/// The call behind `basic_client::add_domain`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_add_domain(const pipeline::settings& settings,
                                                                       std::string_view id,
                                                                       std::string_view domain,
                                                                       const call_options& options);
/// The call behind `basic_client::verify_domain`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_verify_domain(const pipeline::settings& settings,
                                                                          std::string_view id,
                                                                          std::string_view domain,
                                                                          const call_options& options);
/// The call behind `basic_client::request`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call>
make_request(const pipeline::settings& settings, http::method method, std::string_view path,
             std::optional<std::string> body, const call_options& options);

}  // namespace sso::truto

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/truto_requests.ipp>
#endif

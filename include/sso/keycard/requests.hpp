// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>
#include <sso/keycard/params.hpp>
#include <sso/pipeline/prepare.hpp>
#include <sso/pipeline/vendor.hpp>

#include <optional>
#include <string>
#include <string_view>

/// @file
/// How Keycard's calls look on the wire: plain functions from parameters to requests.
/// Errors of all of them: `invalid_argument` naming the parameter and the rule.
namespace sso::keycard {

/// The constants of the API.
[[nodiscard]] SSO_DECL const pipeline::vendor& api() noexcept;

/// The path of an organization's SSO connection. An id or label has 1 to 255 characters and is not `.` or
/// `..`; it becomes one path segment.
[[nodiscard]] SSO_DECL result<std::string> connection_path(std::string_view organization_id);

/// The call behind `basic_client::retrieve`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_retrieve(const pipeline::settings& settings,
                                                                     std::string_view organization_id,
                                                                     const retrieve_params& params,
                                                                     const call_options& options);
/// The call behind `basic_client::enable`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_enable(const pipeline::settings& settings,
                                                                   std::string_view organization_id,
                                                                   const enable_params& params,
                                                                   const call_options& options);
/// The call behind `basic_client::update`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_update(const pipeline::settings& settings,
                                                                   std::string_view organization_id,
                                                                   const update_params& params,
                                                                   const call_options& options);
/// The call behind `basic_client::disable`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call> make_disable(const pipeline::settings& settings,
                                                                    std::string_view organization_id,
                                                                    const call_options& options);
/// The call behind `basic_client::request`.
[[nodiscard]] SSO_DECL result<pipeline::prepared_call>
make_request(const pipeline::settings& settings, http::method method, std::string_view path,
             std::optional<std::string> body, const call_options& options);

}  // namespace sso::keycard

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/keycard_requests.ipp>
#endif

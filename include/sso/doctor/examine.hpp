// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/doctor/detail/fetch.hpp>
#include <sso/doctor/expectation.hpp>
#include <sso/doctor/options.hpp>
#include <sso/doctor/report.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/http/transport.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/runtime.hpp>
#include <sso/truto/sso_connection.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sso::doctor {
namespace detail {

/// The input of an examination.
struct patient {
  report stored;                 // results of the checks that need no network
  doctor::expectation expected;  // for an OpenID provider
  bool has_provider = true;      // false: nothing is fetched
  bool private_allowed = false;
  std::chrono::steady_clock::duration timeout{};
};

[[nodiscard]] SSO_DECL patient make_patient(const keycard::sso_connection& connection, const options& how,
                                            std::chrono::sys_seconds now);
[[nodiscard]] SSO_DECL patient make_patient(const truto::sso_connection& connection, const options& how,
                                            std::chrono::sys_seconds now);
[[nodiscard]] SSO_DECL patient make_patient(std::string_view issuer, const options& how,
                                            std::chrono::sys_seconds now);

[[nodiscard]] SSO_DECL asio::awaitable<report> examine(patient who, any_transport web, clocks time);

template <class Subject, class Transport, class Runtime>
[[nodiscard]] asio::awaitable<report> start(const Subject& subject, Transport web, const options& how,
                                            Runtime runtime) {
  const auto shared = std::make_shared<Runtime>(std::move(runtime));
  clocks time{[shared] { return shared->now(); }, [shared] { return shared->wall_now(); }};
  const auto now = std::chrono::floor<std::chrono::seconds>(shared->wall_now());
  return examine(make_patient(subject, how, now), any_transport{std::move(web)}, std::move(time));
}

}  // namespace detail

/// Examines a connection of Keycard: its stored settings, the provider's discovery document and its keys.
///
/// - **Effect**: runs every applicable check. Fetches the documents through `web` with GET, concurrently if
///   they do not depend on each other. Signs nobody in, follows no redirect, sends no credentials and reads
///   at most 1 MiB of each document. Use a separate transport without credentials and proxy:
///   `sso::doctor_transport` connects only to public addresses.
/// - **Lifetimes**: the arguments are copied before this returns.
/// - **Completion**: on the executor of the awaiting coroutine, within `options::timeout` if the transport
///   observes its limits.
/// - **Cancellation**: ends the exchanges for the types that the awaiting coroutine's cancellation state lets
///   through. The report then contains the completed checks; the other checks are undecided (`cancelled`).
/// - **Errors**: reported as findings or undecided checks. An exception of the transport counts as a failed
///   exchange.
/// - **Thread safety**: concurrent calls are safe if `web` and `runtime` are.
///
///     auto report = co_await sso::doctor::examine(connection, sso::doctor_transport(executor));
///     if (!report.ok()) std::cout << report;
template <transport Transport, runtime Runtime = system_runtime>
[[nodiscard]] asio::awaitable<report> examine(const keycard::sso_connection& connection, Transport web,
                                              options how = {}, Runtime runtime = {}) {
  return detail::start(connection, std::move(web), how, std::move(runtime));
}

/// @overload
/// Examines a connection of Truto. For SAML it fetches nothing and checks the certificate. Pass the
/// connection's domains in `options::domains`.
template <transport Transport, runtime Runtime = system_runtime>
[[nodiscard]] asio::awaitable<report> examine(const truto::sso_connection& connection, Transport web,
                                              options how = {}, Runtime runtime = {}) {
  return detail::start(connection, std::move(web), how, std::move(runtime));
}

/// Examines an OpenID provider before a connection to it exists; otherwise like `examine`. `issuer`: the
/// issuer to be stored.
template <transport Transport, runtime Runtime = system_runtime>
[[nodiscard]] asio::awaitable<report> examine_issuer(std::string_view issuer, Transport web, options how = {},
                                                     Runtime runtime = {}) {
  return detail::start(issuer, std::move(web), how, std::move(runtime));
}

}  // namespace sso::doctor

#if defined(SSO_HEADER_ONLY)
#include <sso/doctor/impl/examine.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/auth/credentials.hpp>
#include <sso/call_options.hpp>
#include <sso/client_options.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/pipeline/any_runtime.hpp>
#include <sso/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace sso::pipeline {

struct prepared_call;
struct settings;
struct vendor;

/// What every vendor's client is made of: the settings, the transport, the token and the retry budget, and
/// the one way in which a call is carried out. No template, so that a program of many clients has one.
///
/// A handle: copies share all of it, and a call in flight keeps it alive. Thread-safe.
class client_core {
public:
  /// Throws `exception` with `errc::invalid_argument` naming the option that breaks a rule.
  SSO_DECL client_core(const vendor& vendor, any_transport transport, any_runtime runtime,
                       credentials credentials, client_options options);

  [[nodiscard]] SSO_DECL const pipeline::settings& settings() const noexcept;
  [[nodiscard]] SSO_DECL any_runtime& runtime() const noexcept;

  /// Carries out the call that `prepare()`, a `result<prepared_call>`, says, or answers its error, with the
  /// `client_request_id` of `options` if there is a good one. `prepare` is called before the return, and makes
  /// the call where it stays. Defined in `impl/client_core.ipp`, for the vendors' functions.
  template <class T, class Prepare>
  [[nodiscard]] asio::awaitable<result<response<T>>> run(const call_options& options, Prepare prepare) const;

private:
  struct state;

  std::shared_ptr<state> state_;
};

}  // namespace sso::pipeline

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/client_core.ipp>
#endif

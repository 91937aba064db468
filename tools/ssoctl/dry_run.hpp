// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <optional>

namespace ssoctl {

/// A transport that sends nothing: it keeps the first request of a call, and ends the call with it. Requests for a token
/// it answers itself, with a made-up one.
class dry_run_transport {
public:
  boost::asio::awaitable<sso::result<sso::http::response>> send(const sso::http::request& request,
                                                                sso::http::limits) const;

  /// What would have been sent.
  [[nodiscard]] const std::optional<sso::http::request>& kept() const { return *kept_; }

private:
  std::shared_ptr<std::optional<sso::http::request>> kept_ =
      std::make_shared<std::optional<sso::http::request>>();
};

/// A request as it may be shown: `method`, `url`, `headers` and, if it has one, `body`; all secrets redacted.
[[nodiscard]] boost::json::object describe(const sso::http::request& request);

/// The same as text of several lines, fit for a terminal.
[[nodiscard]] std::string to_text(const boost::json::object& described);

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_text.hpp"

#include <sso/http/limits.hpp>
#include <sso/http/request.hpp>
#include <sso/http/response.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ssoctl {

/// A transport that sends nothing: it keeps the first request of a call, and ends the call with it.
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

/// A request as it may be shown: `method`, `url`, `headers`, of which only the harmless have their values, and, if it
/// has one, `body`.
[[nodiscard]] json_text describe(const sso::http::request& request);

/// The same as text of several lines, fit for a terminal.
[[nodiscard]] std::string to_text(json_text described);

}  // namespace ssoctl

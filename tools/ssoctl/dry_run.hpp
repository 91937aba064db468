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

/// A transport that keeps the first request of a call, sends nothing and ends the call.
class dry_run_transport {
public:
  boost::asio::awaitable<sso::result<sso::http::response>> send(const sso::http::request& request,
                                                                sso::http::limits) const;

  /// The request that was not sent.
  [[nodiscard]] const std::optional<sso::http::request>& kept() const { return *kept_; }

private:
  std::shared_ptr<std::optional<sso::http::request>> kept_ =
      std::make_shared<std::optional<sso::http::request>>();
};

/// A request for display: `method`, `url`, `headers` with the values of known headers only, and `body` if it has one.
[[nodiscard]] json_text describe(const sso::http::request& request);

/// The same as lines of text, escaped for a terminal.
[[nodiscard]] std::string to_text(json_text described);

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "exit_code.hpp"
#include "json_text.hpp"

#include <sso/client_options.hpp>
#include <sso/doctor/report.hpp>
#include <sso/ensure.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <variant>
#include <vector>

namespace ssoctl {

struct common_options;
class progress;

/// What `ensure` did, or would do.
struct ensure_outcome {
  sso::action action = sso::action::unchanged;
  bool is_plan = false;  ///< nothing was written
  std::vector<sso::member_change> changes;
  json_text connection;  ///< null: there is none yet
};

/// Domains, as JSON.
struct domain_list {
  json_text domains;
};

/// What a command gave.
struct answer {
  /// JSON: what the server sent.
  std::variant<json_text, domain_list, ensure_outcome, sso::doctor::report> content;
  bool changed = false;  ///< whether it changed something
  int status = exit_ok;
};

/// What an action needs of the program. References live until the action has ended.
struct surroundings {
  sso::any_transport transport;  ///< to the API
  sso::client_options options;
  const common_options& common;
  progress& line;
  std::chrono::steady_clock::time_point begun;
};

/// The calls of a command. Clients are built, and options and credentials checked, before it returns; then it throws
/// `sso::exception` or `usage_error`.
using action = std::function<boost::asio::awaitable<sso::result<answer>>(const surroundings&)>;

}  // namespace ssoctl

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

/// The changes of `ensure`, made or planned.
struct ensure_outcome {
  sso::action action = sso::action::unchanged;
  bool is_plan = false;  ///< planned; nothing was written
  std::vector<sso::member_change> changes;
  json_text connection;  ///< null: it does not exist yet
};

/// Domains, as JSON.
struct domain_list {
  json_text domains;
};

/// The output of a command.
struct output {
  /// `json_text`: the server's response.
  std::variant<json_text, domain_list, ensure_outcome, sso::doctor::report> content;
  bool changed = false;  ///< whether the command changed anything
  int status = exit_ok;
};

/// The arguments of an action. The references are valid until the action ends.
struct surroundings {
  sso::any_transport transport;  ///< to the API
  sso::client_options options;
  const common_options& common;
  progress& line;
  std::chrono::steady_clock::time_point begun;
};

/// Starts the calls of a command. Throws `sso::exception` or `usage_error` for invalid options or credentials, before it
/// returns the awaitable.
using action = std::function<boost::asio::awaitable<sso::result<output>>(const surroundings&)>;

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"
#include "json_text.hpp"

#include <sso/client_options.hpp>
#include <sso/http/any_transport.hpp>
#include <sso/result.hpp>

#include <boost/asio/awaitable.hpp>

namespace ssoctl {

/// What a command gave.
struct answer {
  json_text json;        ///< what the server sent, completed where it says less than the command promises
  bool is_list = false;  ///< of domains
  int status = 0;        ///< the exit code
};

/// Whether a command changes something by itself, so that one does not repeat it without a look.
[[nodiscard]] bool changes(const keycard_action& action);
[[nodiscard]] bool changes(const truto_action& action);

/// The calls. Clients are built, and options and credentials checked, before they return; they throw `sso::exception`.
[[nodiscard]] boost::asio::awaitable<sso::result<answer>> perform(const keycard_action& action,
                                                                  sso::any_transport transport,
                                                                  const common_options& common,
                                                                  sso::client_options options);
[[nodiscard]] boost::asio::awaitable<sso::result<answer>> perform(const truto_action& action,
                                                                  sso::any_transport transport,
                                                                  const common_options& common,
                                                                  sso::client_options options);

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <sso/secret.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// What a command line says, once it has been read.
namespace ssoctl {

/// What all commands have in common.
struct common_options {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;  ///< print the request in place of sending it
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<unsigned> max_retries;
  std::string base_url;
  std::string token_url;  ///< Keycard only
  std::string ca_file;
  std::optional<sso::secret> token;  ///< from stdin; otherwise the environment has the credentials
};

struct command {
  common_options common;
  ssoctl::action action;
  /// Every secret that was read, so that none of them is printed, whoever sends it back.
  std::vector<sso::secret> secrets;
};

/// A command line that asks for what cannot be.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"

#include <sso/secret.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// A parsed command line.
namespace ssoctl {

/// The options of all commands.
struct common_options {
  bool json = false;
  bool quiet = false;
  bool prints_result = true;  ///< unless `quiet`; the result of a dry run is printed anyway
  bool verbose = false;
  bool dry_run = false;  ///< print the request instead of sending it
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<unsigned> max_retries;
  std::string base_url;
  std::string token_url;  ///< Keycard only
  std::string ca_file;
  std::optional<sso::secret> token;  ///< from stdin; empty: credentials from the environment
};

struct command {
  common_options common;
  ssoctl::action action;
  /// All secrets that were read. They are redacted in all output, also if a server sends one back.
  std::vector<sso::secret> secrets;
};

/// An invalid command line.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

}  // namespace ssoctl

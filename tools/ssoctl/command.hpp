// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/keycard/params.hpp>
#include <sso/secret.hpp>
#include <sso/truto/params.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

/// What a command line says, once it has been read.
namespace ssoctl {

/// What all commands have in common.
struct common_options {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool dry_run = false;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<unsigned> max_retries;
  std::string base_url;
  std::string token_url;  ///< Keycard only
  std::string ca_file;
  std::optional<sso::secret> token;  ///< from stdin; otherwise the environment has the credentials
};

struct keycard_get {
  std::string organization;
  sso::keycard::retrieve_params params;
};
struct keycard_enable {
  std::string organization;
  sso::keycard::enable_params params;
};
struct keycard_update {
  std::string organization;
  sso::keycard::update_params params;
};
struct keycard_disable {
  std::string organization;
};

struct truto_get {
  std::string id;
};
struct truto_update {
  std::string id;
  sso::truto::update_params params;
};
struct truto_domains {
  std::string id;
  std::optional<std::int64_t> page_size;
};
struct truto_add_domain {
  std::string id;
  std::string domain;
};
struct truto_verify_domain {
  std::string id;
  std::string domain;
  bool wait = false;
  std::optional<std::chrono::milliseconds> interval;
  std::optional<std::chrono::milliseconds> timeout;  ///< of the wait
};

using keycard_action = std::variant<keycard_get, keycard_enable, keycard_update, keycard_disable>;
using truto_action =
    std::variant<truto_get, truto_update, truto_domains, truto_add_domain, truto_verify_domain>;

struct command {
  common_options common;
  std::variant<keycard_action, truto_action> action;
  /// Every secret that was read, so that none of them is printed, whoever sends it back.
  std::vector<sso::secret> secrets;
};

/// A command line that asks for what cannot be.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

}  // namespace ssoctl

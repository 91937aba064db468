// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"
#include "json_text.hpp"

#include <sso/doctor/report.hpp>
#include <sso/error.hpp>
#include <sso/secret.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssoctl {

/// Replaces a secret, as in the library's errors.
inline constexpr std::string_view redacted = "[redacted]";
/// Replaces a secret in a change.
inline constexpr std::string_view secret_mark = "(set)";

/// Removes known secrets from printed values. Leaves names and the program's own words alone: a secret may be an
/// ordinary word.
class redaction {
public:
  /// Knows the given secrets and those in the environment.
  explicit redaction(std::vector<sso::secret> given);

  [[nodiscard]] std::string clean(std::string_view value) const;
  /// Cleans string values, not member names.
  [[nodiscard]] json_text clean(json_text json) const;
  /// Cleans the server's text in an error.
  [[nodiscard]] sso::error clean(sso::error failed) const;
  [[nodiscard]] domain_list clean(domain_list list) const { return {clean(std::move(list.domains))}; }
  [[nodiscard]] ensure_outcome clean(ensure_outcome outcome) const;
  [[nodiscard]] sso::doctor::report clean(sso::doctor::report report) const;

private:
  /// Cleans only the URLs in a text of the library.
  [[nodiscard]] std::string clean_urls(std::string_view words) const;
  /// Cleans a response's body: the strings of JSON, or all other text.
  [[nodiscard]] std::string clean_body(const std::string& body) const;

  /// Cleans the part of an error's text that comes from the server.
  [[nodiscard]] std::string clean_what(const sso::error& failed) const;

  std::vector<sso::secret> secrets_;
};

}  // namespace ssoctl

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

inline constexpr std::string_view redacted = "(redacted)";
/// In place of a secret in a change.
inline constexpr std::string_view secret_mark = "(set)";

/// The secrets that the program knows, to be taken out of the values that it prints. Not out of names and words of its
/// own: a secret may be an ordinary word.
class redaction {
public:
  /// Those given, and those of the environment.
  explicit redaction(std::vector<sso::secret> given);

  [[nodiscard]] std::string clean(std::string_view value) const;
  /// The strings within, not the names.
  [[nodiscard]] json_text clean(json_text json) const;
  /// The same error without secrets in what the server said.
  [[nodiscard]] sso::error clean(sso::error failed) const;
  [[nodiscard]] domain_list clean(domain_list list) const { return {clean(std::move(list.domains))}; }
  [[nodiscard]] ensure_outcome clean(ensure_outcome outcome) const;
  [[nodiscard]] sso::doctor::report clean(sso::doctor::report report) const;

private:
  /// Of a text of the library's the URLs alone.
  [[nodiscard]] std::string clean_urls(std::string_view words) const;
  /// A response's body: of JSON the strings, otherwise all of it.
  [[nodiscard]] std::string clean_body(const std::string& body) const;

  /// The words of an error: of those that the server has a part in, that part.
  [[nodiscard]] std::string clean_what(const sso::error& failed) const;

  std::vector<sso::secret> secrets_;
};

}  // namespace ssoctl

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>
#include <sso/secret.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ssoctl {

inline constexpr std::string_view redacted = "(redacted)";

/// The secrets that the program knows, to be taken out of the values that it prints. Not out of names and words of its
/// own: a secret may be an ordinary word.
class redaction {
public:
  void add(const sso::secret& secret);
  [[nodiscard]] std::string clean(std::string_view value) const;
  /// The same error without secrets in what the server said.
  [[nodiscard]] sso::error clean(sso::error failed) const;

private:
  std::vector<sso::secret> secrets_;
};

}  // namespace ssoctl

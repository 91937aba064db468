// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Text for people and terminals.
namespace ssoctl {

/// Foreign text that no terminal obeys: control characters (C0, DEL, C1), bytes that are no UTF-8, line ends of
/// Unicode and characters that change the direction of writing become `\xNN` or `\u{N}`.
[[nodiscard]] std::string terminal_safe(std::string_view text);

/// JSON in one line, in which the same characters are escaped as JSON does it.
[[nodiscard]] std::string json_line(const boost::json::value& value);

/// Names and values of all that is in an object, members of members named `a.b`; fit for a terminal. Texts of
/// several lines, such as certificates, are summed up.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> flatten(const boost::json::object& object);

/// Lines up columns; the cells have to be fit for a terminal.
[[nodiscard]] std::string align(const std::vector<std::vector<std::string>>& rows);

/// What takes secrets out of text, in whatever form they were printed.
class censor {
public:
  void add(const sso::secret& secret);
  [[nodiscard]] std::string clean(std::string text) const;

private:
  std::vector<std::string> forms_;
};

/// Replaces the values of members that are secrets.
void redact(boost::json::value& body);

inline constexpr std::string_view redacted = "(redacted)";

}  // namespace ssoctl

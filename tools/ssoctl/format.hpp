// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// JSON as it is printed: escaped.
namespace ssoctl {

/// In one line, as JSON.
[[nodiscard]] std::string json_line(const json_text& json);

/// A value as JSON, fit for a terminal; a text of several lines is summed up.
[[nodiscard]] std::string shown(const json_text& json);

/// Names and values of all that is in an object, members of members named `a.b`. Texts of several lines, such as
/// certificates, are summed up.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(const json_text& object);

/// A row for each domain of a list, and a heading.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of_domains(const json_text& list);

/// Breaks text between words into lines of at most 80 columns, all but the first indented; it begins at that column.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent);

/// Lines up columns.
[[nodiscard]] std::string align(const std::vector<std::vector<std::string>>& rows);

}  // namespace ssoctl

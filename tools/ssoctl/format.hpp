// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Formats JSON for output, escaped.
namespace ssoctl {

/// As one line of JSON.
[[nodiscard]] std::string json_line(const json_text& json);

/// A value as JSON, escaped for a terminal. Text of several lines is replaced by its length.
[[nodiscard]] std::string shown(const json_text& json);

/// The names and values of an object's members; nested members are named `a.b`. Text of several lines, such as a
/// certificate, is replaced by its length.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(const json_text& object);

/// A heading, and one row per domain.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of_domains(const json_text& list);

/// Wraps text between words at 80 columns. The text starts at column `indent`; further lines are indented by it.
[[nodiscard]] std::string wrap(std::string_view text, std::size_t indent);

/// Aligns columns.
[[nodiscard]] std::string align(const std::vector<std::vector<std::string>>& rows);

}  // namespace ssoctl

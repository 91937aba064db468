// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "json_text.hpp"
#include "redaction.hpp"

#include <string>
#include <utility>
#include <vector>

/// JSON as it is printed: without secrets, and escaped.
namespace ssoctl {

/// In one line, as JSON.
[[nodiscard]] std::string json_line(const json_text& json, const redaction& secrets);

/// Names and values of all that is in an object, members of members named `a.b`. Texts of several lines, such as
/// certificates, are summed up.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of(const json_text& object,
                                                            const redaction& secrets);

/// A row for each domain of a list, and a heading.
[[nodiscard]] std::vector<std::vector<std::string>> rows_of_domains(const json_text& list,
                                                                    const redaction& secrets);

/// Lines up columns.
[[nodiscard]] std::string align(const std::vector<std::vector<std::string>>& rows);

}  // namespace ssoctl

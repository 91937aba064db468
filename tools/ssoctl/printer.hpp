// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "action.hpp"
#include "command.hpp"
#include "redaction.hpp"

#include <sso/error.hpp>
#include <sso/http/request.hpp>
#include <sso/observer.hpp>

#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ssoctl {

/// A failed write to stdout, e.g. on a full disk.
class output_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Prints output to stdout and errors to stderr, as text or JSON, without secrets. Its arguments must outlive it.
class printer {
public:
  printer(const common_options& common, const redaction& secrets) : common_{common}, secrets_{secrets} {}

  /// Throws `output_error`.
  void print(const output& got) const;
  /// Throws `output_error`.
  void print(const sso::http::request& request) const;
  void print(const sso::error& failed, int status) const;
  /// `changed`: whether the command changed anything.
  void print(const output_error& failed, bool changed, int status) const;
  /// An observer that logs to stderr. The printer must outlive it.
  [[nodiscard]] sso::observer logger() const;

private:
  void print_json(std::string_view code, const sso::error& failed, const std::string& message,
                  int status) const;

  const common_options& common_;
  const redaction& secrets_;
};

/// Writes to a stream and flushes it. Throws `output_error` on failure.
void write(std::ostream& out, const std::string& text);

}  // namespace ssoctl

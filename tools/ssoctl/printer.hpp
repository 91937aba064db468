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

namespace ssoctl {

/// stdout does not take what is to be printed, e.g. as the disk is full.
class output_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Prints answers and errors, on the right stream, in the form that was asked for, and without secrets. Its arguments must
/// outlive it.
class printer {
public:
  printer(const common_options& common, const redaction& secrets) : common_{common}, secrets_{secrets} {}

  /// Throws `output_error`.
  void print(const answer& got) const;
  /// Throws `output_error`.
  void print(const sso::http::request& request) const;
  void print(const sso::error& failed, int status) const;
  /// The library's log on stderr, line by line. The printer must outlive it.
  [[nodiscard]] sso::observer logger() const;

private:
  const common_options& common_;
  const redaction& secrets_;
};

/// Writes to a stream to which nothing of another form goes. Throws `output_error` where that fails.
void write(std::ostream& out, const std::string& text);

}  // namespace ssoctl

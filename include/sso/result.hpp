// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>

#include <boost/system/result.hpp>

#include <ostream>

namespace sso {

/// A `T` or the `error` that prevented it. `operator bool` and `has_value` tell which. `.value()` throws
/// `sso::exception` where there is none; `*r` and `r->` have a value as precondition, `.error()` an error.
template <class T>
using result = boost::system::result<T, error>;

/// Prints the error, or the word `value`: an answer may be confidential, and need not be printable.
template <class T>
std::ostream& operator<<(std::ostream& out, const boost::system::result<T, error>& r) {
  return r.has_value() ? out << "value" : out << r.error();
}

}  // namespace sso

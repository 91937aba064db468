// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>

#include <boost/system/result.hpp>

#include <ostream>

namespace sso {

/// A `T`, or the `error` that prevented it. `operator bool` and `has_value` tell which. `.value()` throws
/// `sso::exception` if there is no value. Precondition of `*r` and `r->`: there is a value; of `.error()`:
/// there is an error.
template <class T>
using result = boost::system::result<T, error>;

/// Writes the error, or the word `value`: a value may be confidential or not printable.
template <class T>
std::ostream& operator<<(std::ostream& out, const boost::system::result<T, error>& r) {
  return r.has_value() ? out << "value" : out << r.error();
}

}  // namespace sso

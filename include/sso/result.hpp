// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/error.hpp>

#include <boost/system/result.hpp>

namespace sso {

/// A `T` or the `error` that prevented it. `operator bool` and `has_value` tell which; `.error()` is the
/// error;
/// `.value()` throws `sso::exception` where there is none; `*r` and `r->` have a value as precondition.
template <class T>
using result = boost::system::result<T, error>;

}  // namespace sso

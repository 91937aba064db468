// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/build_settings.hpp>

/// Linkage of the non-template functions.
///
/// By default every function is `inline` and the library is header-only. A program that defines
/// `SSO_SEPARATE_COMPILATION` for all of its files and includes `<sso/src.hpp>` in exactly one of them
/// compiles those functions once. The macro changes no type's layout.
#if defined(SSO_SEPARATE_COMPILATION)
#define SSO_DECL
#else
#define SSO_DECL inline
#define SSO_HEADER_ONLY 1
#endif

namespace boost::asio {}

namespace sso {
namespace asio = boost::asio;
}

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/observer.hpp>

#include <iosfwd>

namespace sso {

/// `info`: how calls end, retries, and token refreshes that failed. `debug`: every event.
enum class log_level { info, debug };

/// An observer that writes one line per event, e.g. `sso keycard.retrieve 9f3c...: finished 200 after 1
/// attempt in 31 ms`.
///
/// Lines hold operation, ids, method, path, status, durations: no header, query or body. Lifetime: `out` must
/// outlive the observer and its copies. Thread safety: lines of all copies exclude each other; other writers
/// to `out` do not.
[[nodiscard]] SSO_DECL observer make_logger(std::ostream& out, log_level level = log_level::info);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/logger.ipp>
#endif

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>
#include <sso/observer.hpp>

#include <chrono>
#include <functional>
#include <iosfwd>

namespace sso {

/// Levels of the log. `info`: ends of calls, retries and failed token refreshes. `debug`: every event.
/// `warn`: as `info`, without successful calls. `error`: failed calls only.
enum class log_level { info, debug, warn, error };

/// Creates an observer that writes one line per event, e.g. `sso keycard.retrieve 9f3c...: finished 200 after
/// 1 attempt in 31 ms`.
///
/// With a `clock`, each line begins with the time in UTC, e.g. `2019-12-27T18:11:19.117Z sso ...`:
///
///     sso::make_logger(std::clog, sso::log_level::info, [] { return std::chrono::system_clock::now(); })
///
/// Lines contain operation, ids, method, path, status and durations; no header, query or body.
///
/// Lifetime: `out` must outlive the observer and its copies.
///
/// Thread safety: the observer and its copies write lines and call `clock` under one lock. Other writers to
/// `out` are not synchronized.
[[nodiscard]] SSO_DECL observer
make_logger(std::ostream& out, log_level level = log_level::info,
            std::function<std::chrono::system_clock::time_point()> clock = nullptr);

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/logger.ipp>
#endif

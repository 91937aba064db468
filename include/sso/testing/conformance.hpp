// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/testing/conformance_subject.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sso::testing {

/// How a case ended.
enum class verdict {
  passed,   ///< the transport does what it should
  failed,   ///< it does not
  skipped,  ///< the subject says that it cannot
};

/// The enumerator's name, e.g. `passed`.
[[nodiscard]] SSO_DECL std::string_view to_string(verdict v) noexcept;

/// What came of one case of `check_transport`.
struct conformance_case {
  std::string name;                  ///< the same in every run, e.g. `body limit`
  verdict result = verdict::passed;  ///< how it ended
  std::string explanation;           ///< what was wrong, or why it was skipped; empty where it passed
};

/// What came of all of them, in the order they ran.
struct conformance_report {
  std::vector<conformance_case> cases;  ///< those that were asked for

  /// Whether cases passed and none failed.
  [[nodiscard]] SSO_DECL explicit operator bool() const noexcept;
  /// How many cases ended so.
  [[nodiscard]] SSO_DECL std::size_t count(verdict v) const noexcept;
  /// The case called `name`; null if it did not run.
  [[nodiscard]] SSO_DECL const conformance_case* find(std::string_view name) const noexcept;
  /// How many did what, then a line for each case that failed or was skipped.
  SSO_DECL friend std::ostream& operator<<(std::ostream& out, const conformance_report& report);
};

/// What `check_transport` tries, and for how long.
struct conformance_options {
  /// How long the transport may take for what should be done at once, before that counts as hanging; above
  /// zero.
  std::chrono::steady_clock::duration patience = std::chrono::seconds{10};
  /// The names of the cases to run; empty: all.
  std::vector<std::string> only;
  /// The names of cases that the transport cannot meet, with the reason, which the report repeats.
  std::map<std::string, std::string> cannot;
  /// The names of header fields that the transport adds to every request on purpose, e.g. `traceparent`.
  std::vector<std::string> added_headers;
  /// Called with the name of each case before it runs, so that it is known where the program ends if a case ends it.
  std::function<void(std::string_view)> on_case;
};

/// The names of all cases, in the order they run.
[[nodiscard]] SSO_DECL std::vector<std::string> conformance_cases();

/// Tries whether a transport is what `sso::transport` says, case by case, each with a transport and a peer of
/// its own:
///
///     const auto report = sso::testing::check_transport(
///         sso::testing::network_subject{[](asio::any_io_executor executor, std::string ca_pem) {
///           return my_transport{executor, ca_pem};
///         }});
///     std::cout << report;
///
/// - what is sent reaches the peer unchanged: methods, targets, headers in their order, bodies up to 1 MiB;
///   nothing is added but `Host`, `Content-Length`, `Accept-Encoding` and what concerns the connection;
/// - a response of any status is a value, with its headers and body as they were sent, in every framing,
///   behind interim responses, and also where the connection ends right behind it;
/// - a response that is cut anywhere, or never comes, is an error that says `maybe_executed`;
/// - `limits` are kept; what ends by them or by no connection says `not_sent` only where nothing was sent;
/// - a cancellation that the caller's state lets through ends an exchange as `cancelled`, one that it filters out
///   changes nothing, the state stays as it was, and the transport works afterwards;
/// - a request that is not `replayable` arrives once, whatever becomes of its connection;
/// - answers belong to their requests, however many are under way, on one thread or several, and arrive on
///   the caller's executor;
/// - handles may go while exchanges are in flight, and so may the event loop;
/// - redirects are not followed, and no credentials or cookies are added.
///
/// A case that does not end within `patience` has failed, and the next begins. A failure or an exception of the
/// transport's never gets out of here. Takes a second or two; only what hangs takes longer.
///
/// Preconditions: `subject` makes transports that work on any executor.
/// Errors: `std::invalid_argument` where `options` name a case that does not exist; what `on_case` throws.
[[nodiscard]] SSO_DECL conformance_report check_transport(conformance_subject& subject,
                                                          const conformance_options& options = {});
/// The same for a subject made in the call.
[[nodiscard]] inline conformance_report check_transport(conformance_subject&& subject,
                                                        const conformance_options& options = {}) {
  return check_transport(subject, options);
}

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/conformance.ipp>
#endif

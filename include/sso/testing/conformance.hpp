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

/// The result of a case.
enum class verdict {
  passed,   ///< the transport meets the requirement
  failed,   ///< the transport violates the requirement
  skipped,  ///< the subject does not support the case
};

/// The enumerator's name, e.g. `passed`.
[[nodiscard]] SSO_DECL std::string_view to_string(verdict v) noexcept;

/// The result of one case of `check_transport`.
struct conformance_case {
  std::string name;                  ///< the same in every run, e.g. `body limit`
  verdict result = verdict::passed;  ///< the result
  std::string explanation;           ///< why it failed or was skipped; empty if it passed
};

/// The results of all cases, in order.
struct conformance_report {
  std::vector<conformance_case> cases;  ///< the requested cases

  /// Whether at least one case passed and none failed.
  [[nodiscard]] SSO_DECL explicit operator bool() const noexcept;
  /// Number of cases with this result.
  [[nodiscard]] SSO_DECL std::size_t count(verdict v) const noexcept;
  /// The case called `name`; null if it did not run.
  [[nodiscard]] SSO_DECL const conformance_case* find(std::string_view name) const noexcept;
  /// Writes the totals, and a line for each failed or skipped case.
  SSO_DECL friend std::ostream& operator<<(std::ostream& out, const conformance_report& report);
};

/// Options of `check_transport`.
struct conformance_options {
  /// Time limit for operations that should complete at once; exceeding it counts as hanging. Greater than
  /// zero.
  std::chrono::steady_clock::duration patience = std::chrono::seconds{10};
  /// The names of the cases to run; empty: all.
  std::vector<std::string> only;
  /// Names of cases that the transport cannot pass, each with the reason for the report.
  std::map<std::string, std::string> cannot;
  /// Names of header fields that the transport adds to every request on purpose, e.g. `traceparent`.
  std::vector<std::string> added_headers;
  /// Called with the name of each case before it runs, to identify a case that terminates the program.
  std::function<void(std::string_view)> on_case;
};

/// Names of all cases, in order.
[[nodiscard]] SSO_DECL std::vector<std::string> conformance_cases();

/// Tests a transport for conformance with `sso::transport`. Each case uses a new transport and a new peer:
///
///     const auto report = sso::testing::check_transport(
///         sso::testing::network_subject{[](asio::any_io_executor executor, std::string ca_pem) {
///           return my_transport{executor, ca_pem};
///         }});
///     std::cout << report;
///
/// - the peer receives requests unchanged: methods, targets, headers in order, bodies up to 1 MiB. Nothing is
///   added except `Host`, `Content-Length`, `Accept-Encoding` and fields that concern the connection;
/// - a response of any status is a value, with unchanged headers and body: in every framing, after interim
///   responses, and if the connection closes after it;
/// - a response that is truncated at any place, or never arrives, is an error with outcome `maybe_executed`;
/// - `limits` are observed; an exchange ended by a limit or by a failed connection is `not_sent` only if
///   nothing was sent;
/// - a cancellation that the caller's state lets through ends an exchange as `cancelled`; one that it filters
///   out has no effect; the state is unchanged, and the transport works afterwards;
/// - a request that is not `replayable` arrives once, even if its connection breaks;
/// - responses belong to their requests with any number of concurrent exchanges, on one or several threads,
///   and complete on the caller's executor;
/// - handles and the event loop may be destroyed while exchanges are in progress;
/// - redirects are not followed, and no credentials or cookies are added.
///
/// A case that does not end within `patience` fails, and the next one starts. Failures and exceptions of the
/// transport are reported, not thrown. Takes one or two seconds, longer only if a case hangs.
///
/// Preconditions: the transports made by `subject` work on any executor.
///
/// Errors: `std::invalid_argument` if `options` contain the name of an unknown case; exceptions of `on_case`.
[[nodiscard]] SSO_DECL conformance_report check_transport(conformance_subject& subject,
                                                          const conformance_options& options = {});
/// As above, for a temporary subject.
[[nodiscard]] inline conformance_report check_transport(conformance_subject&& subject,
                                                        const conformance_options& options = {}) {
  return check_transport(subject, options);
}

}  // namespace sso::testing

#if defined(SSO_HEADER_ONLY)
#include <sso/testing/impl/conformance.ipp>
#endif

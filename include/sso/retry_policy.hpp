// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace sso {

/// Number and timing of retries. Which failures are retried is fixed; see `pipeline::decide`.
struct retry_policy {
  /// Maximum number of retries of a call, 0 to 20. 0: no retry.
  unsigned max_retries = 2;
  /// Upper bound of the first backoff, which is random; doubles with each retry. Greater than zero.
  std::chrono::milliseconds initial_backoff{500};
  /// Upper bound of every backoff. At least `initial_backoff`.
  std::chrono::milliseconds max_backoff{8000};
  /// Longest `Retry-After` that a call waits for. If the server asks for more, the call fails at once and
  /// reports `retry_after`. Not negative.
  std::chrono::milliseconds max_server_wait{60'000};
  /// Size of the client-wide retry budget, in retries. 0: no budget, every call may retry.
  unsigned budget = 100;
  /// Budget returned, in retries, by each call whose first attempt does not fail transiently. 0 to 1.
  double budget_refill = 0.1;

  friend bool operator==(const retry_policy&, const retry_policy&) = default;
};

}  // namespace sso

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace sso {

/// When and how often a client tries again. Which failures are tried again is not a matter of policy: see
/// `pipeline::decide`.
struct retry_policy {
  /// How often a call is repeated at the most; 0: never. At most 20.
  unsigned max_retries = 2;
  /// The upper bound of the first random wait; it doubles with each retry. More than zero.
  std::chrono::milliseconds initial_backoff{500};
  /// The upper bound of every random wait. At least `initial_backoff`.
  std::chrono::milliseconds max_backoff{8000};
  /// The longest wait a server may ask for; beyond it the call ends at once and reports `retry_after`. Not
  /// negative.
  std::chrono::milliseconds max_server_wait{60'000};
  /// The client-wide budget: this many retries may be spent at once. 0: no budget, every call may retry.
  unsigned budget = 100;
  /// What each call gives back to the budget, in retries, whose first attempt is answered by anything but a
  /// failure that may pass. 0 to 1.
  double budget_refill = 0.1;

  friend bool operator==(const retry_policy&, const retry_policy&) = default;
};

}  // namespace sso

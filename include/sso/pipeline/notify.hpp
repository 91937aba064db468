// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/observer.hpp>

namespace sso::pipeline {

/// Calls the observer with an event. Ignores its exceptions, so that an observer cannot change a call.
template <class Event>
void notify(const sso::observer& observer, const Event& happened) noexcept {
  try {
    observer(event{happened});
  } catch (...) {
  }
}

}  // namespace sso::pipeline

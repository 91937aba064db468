// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/observer.hpp>

namespace sso::pipeline {

/// Tells the observer of an event. What it throws is dropped: watching a call must not change it.
template <class Event>
void notify(const sso::observer& observer, const Event& happened) noexcept {
  try {
    observer(event{happened});
  } catch (...) {
  }
}

}  // namespace sso::pipeline

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/page.hpp>

/// Truto's lists: `{"result": [...], "next_cursor": ...}`. A cursor that is null or left out ends the list.
template <class T>
struct sso::json::description<sso::page<T>> {
  static constexpr auto members = json::members(json::member<&page<T>::items>("result"),
                                                json::member<&page<T>::next_cursor>("next_cursor"));
};

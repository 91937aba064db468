// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/describe.hpp>
#include <sso/page.hpp>
#include <sso/truto/domain.hpp>

/// @file
/// Truto's lists: `{"result": [...], "next_cursor": ...}`. A cursor that is null or left out ends the list.

template <>
struct sso::json::description<sso::page<sso::truto::domain>> {
  using self = page<truto::domain>;
  static constexpr auto members =
      json::members(member<&self::items>("result"), member<&self::next_cursor>("next_cursor"));
};

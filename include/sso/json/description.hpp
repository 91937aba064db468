// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace sso::json {

/// How a class is JSON, to be specialised: one list of its members drives decoding, encoding and validation.
///
///     template <>
///     struct sso::json::description<point> {
///       static constexpr auto members =
///           json::members(json::member<&point::name>("name", json::length(1, 80)),
///                         json::member<&point::x>("x"),
///                         json::member<&point::note>("note"));
///     };
///
/// A class with private members befriends its description: `friend json::description<point>;`, for which this
/// header is enough. `sso/json/describe.hpp` has `members` and `member`.
///
/// Members may be `std::string`, `bool`, `std::int64_t`, `double`, `timestamp`, `open_enum<E>`, `secret`, a
/// described class that does not contain itself, and `std::optional`, `field`, `std::vector` and
/// `std::map<std::string, …>` of these. A member of type `std::optional` or `field` may be absent or null,
/// every other has to be there.
template <class T>
struct description;

}  // namespace sso::json

// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace sso::json {

/// The JSON form of a class, to be specialised. Its list of members is used to decode, encode and validate.
///
///     template <>
///     struct sso::json::description<point> {
///       static constexpr auto members =
///           json::members(json::member<&point::name>("name", json::length(1, 80)),
///                         json::member<&point::x>("x"),
///                         json::member<&point::note>("note"));
///     };
///
/// A class with private members declares `friend json::description<point>;` and needs only this header.
/// `members` and `member` are defined in `sso/json/describe.hpp`.
///
/// Members may be `std::string`, `bool`, `std::int64_t`, `double`, `timestamp`, `open_enum<E>`, `secret`, a
/// described class that does not contain itself, and `std::optional`, `field`, `std::vector` and
/// `std::map<std::string, …>` of these. Members of type `std::optional` or `field` may be absent or null; all
/// others are required.
template <class T>
struct description;

}  // namespace sso::json

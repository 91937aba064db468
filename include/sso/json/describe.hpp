// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/description.hpp>
#include <sso/json/type.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace sso::json {

/// Rule for a `std::optional` member: it may be null, but not absent. It is written as `null` when empty.
struct required_t {};
/// A rule for `member`.
inline constexpr required_t required{};

/// Rule for a string: bounds of its length in Unicode code points.
struct length {
  /// `least` to `most` code points, both included.
  constexpr explicit length(std::uint32_t least,
                            std::uint32_t most = (std::numeric_limits<std::uint32_t>::max)()) noexcept
      : min{least}, max{most} {}

  std::uint32_t min;  ///< code points
  std::uint32_t max;  ///< code points
};

/// Rule for an integer: bounds of its value.
struct range {
  /// `least` to `greatest`, both included.
  constexpr explicit range(std::int64_t least,
                           std::int64_t greatest = (std::numeric_limits<std::int64_t>::max)()) noexcept
      : min{least}, max{greatest} {}

  std::int64_t min;  ///< included
  std::int64_t max;  ///< included
};

/// A member of the class `Owner`.
template <class Owner>
struct described_member {
  detail::member item;  ///< name, type, accessor and rules
};

/// The described members of the class `Owner`.
template <class Owner, std::size_t N>
struct member_list {
  /// The described class.
  using owner = Owner;

  std::array<detail::member, N> items;  ///< in the order in which they are written
};

namespace detail {

template <class Owner, class T>
struct member_pointer {
  using owner = Owner;
  using type = T;
};
template <class Owner, class T>
member_pointer<Owner, T> split(T Owner::*);

template <class T>
consteval void apply(detail::member& to, required_t) {
  static_assert(may_be_absent<T>, "a member that is not a std::optional is always required");
  to.required = true;
}
template <class T>
consteval void apply(detail::member& to, length rule) {
  static_assert(is_textual<typename leaf<T>::type>, "length is a rule for strings");
  to.rules.min_length = rule.min;
  to.rules.max_length = rule.max;
}
template <class T>
consteval void apply(detail::member& to, json::format rule) {
  static_assert(is_textual<typename leaf<T>::type>, "format is a rule for strings");
  to.rules.format = rule;
}
template <class T>
consteval void apply(detail::member& to, range rule) {
  static_assert(std::same_as<typename leaf<T>::type, std::int64_t>, "range is a rule for integers");
  to.rules.min = rule.min;
  to.rules.max = rule.max;
}

}  // namespace detail

/// Describes the member at `Pointer`: its name in JSON and its rules (`required`, `length`, `format`,
/// `range`). In arrays and maps the rules apply to each element. `length`, `format` and `range` are checked
/// in requests, not in responses.
template <auto Pointer, class... Rules>
consteval auto member(std::string_view name, Rules... rules) {
  using parts = decltype(detail::split(Pointer));
  using owner = typename parts::owner;
  using value = typename parts::type;
  described_member<owner> out{
      {.name = name,
       .type = &detail::type_of<value>,
       .get = [](void* object) -> void* { return &(detail::as<owner>(object).*Pointer); },
       .required = !detail::may_be_absent<value>,
       .rules = {}}};
  (detail::apply<value>(out.item, rules), ...);
  return out;
}

/// Lists the members of a description: 1 to 64, all of the same class.
template <class Owner, class... Rest>
consteval auto members(described_member<Owner> first, Rest... rest) {
  static_assert(sizeof...(Rest) < 64, "at most 64 members");
  member_list<Owner, 1 + sizeof...(Rest)> list{{first.item, rest.item...}};
  std::uint64_t bit = 1;
  for (auto& item : list.items) {
    item.bit = bit;
    bit <<= 1;
  }
  return list;
}

}  // namespace sso::json

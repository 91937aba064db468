// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/json/description.hpp>
#include <sso/json/type.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace sso::json {

/// For a `std::optional` member that may be null but not absent. It is written as `null` when empty.
struct required_t {};
/// A rule for `member`.
inline constexpr required_t required{};

/// The least and the most number of Unicode code points of a string.
struct length {
  /// `least` to `most` code points, both included.
  constexpr explicit length(std::uint32_t least,
                            std::uint32_t most = (std::numeric_limits<std::uint32_t>::max)()) noexcept
      : min{least}, max{most} {}

  std::uint32_t min;  ///< code points
  std::uint32_t max;  ///< code points
};

/// The least and the greatest value of an integer.
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
  detail::member item;  ///< name, type, place and rules
};

/// All members of the class `Owner` that JSON has, in the order in which they are written.
template <class Owner, std::size_t N>
struct member_list {
  /// The class described.
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
  static_assert(may_be_absent<T>, "a member that is no std::optional is required anyway");
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

/// The member `Pointer` points to, its name in JSON, and rules for it: `required`, `length`, `format`,
/// `range`. In arrays and maps the rules hold for each element. Rules bind what is sent; what a server sends
/// is decoded even if it breaks them.
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

/// The list of a description: 1 to 64 members, all of the same class.
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

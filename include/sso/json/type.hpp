// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/json/description.hpp>
#include <sso/open_enum.hpp>
#include <sso/secret.hpp>
#include <sso/time.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sso::json {

/// Rule for a string: its format.
enum class format : std::uint8_t {
  any,
  uri,   ///< an absolute URI (RFC 3986 §3), i.e. one with a scheme
  uuid,  ///< 8-4-4-4-12 hexadecimal digits (RFC 9562 §4)
};

}  // namespace sso::json

/// Type descriptors. The constant `type_of<T>` states the JSON form of a `T` and gives access to its parts
/// through untyped pointers. So one decoder, one encoder and one validator serve all types, without
/// templates.
namespace sso::json::detail {

enum class shape : std::uint8_t {
  boolean,    // bool
  integer,    // std::int64_t
  number,     // double
  string,     // std::string
  timestamp,  // sso::timestamp
  text,       // open_enum, secret: converted from and to a string
  null,       // null_t
  wrapper,    // optional, field
  array,      // vector
  map,        // map with string keys
  object,     // a described class
};

enum class presence : std::uint8_t { absent, null, value };

struct type;

struct rules {
  std::uint32_t min_length = 0;  // in code points
  std::uint32_t max_length = (std::numeric_limits<std::uint32_t>::max)();
  std::int64_t min = (std::numeric_limits<std::int64_t>::min)();
  std::int64_t max = (std::numeric_limits<std::int64_t>::max)();
  json::format format = json::format::any;
};

struct member {
  std::string_view name;
  const detail::type* type;
  void* (*get)(void* object);
  bool required;
  detail::rules rules;
  std::uint64_t bit = 0;  // 1 << its index in the list

  [[nodiscard]] const void* get_const(const void* object) const { return get(const_cast<void*>(object)); }
};

/// A value inserted into a map, and its key in the map.
struct map_entry {
  void* value;
  const std::string* key;
};

/// Called for each element; `key` is empty in arrays. Returns whether to continue.
using visitor = bool (*)(void* context, std::string_view key, const void* element);

/// Describes a type. Function pointers that its shape does not use are null.
struct type {
  shape what;
  const type* element = nullptr;              // of wrapper, array and map
  void (*reset)(void* self) = nullptr;        // all: restores the default state
  void* (*grow)(void* self) = nullptr;        // wrapper: emplaces a value; array: appends one
  void (*set_null)(void* self) = nullptr;     // wrapper
  presence (*state)(const void*) = nullptr;   // wrapper
  const void* (*get)(const void*) = nullptr;  // wrapper, when its state is `value`
  map_entry (*insert)(void* self, std::string_view key) = nullptr;       // map
  bool (*for_each)(const void* self, void* context, visitor) = nullptr;  // array, map
  // string, text, timestamp, wrapper of string or text: assigns the text; false: the text is invalid
  bool (*read)(void* self, std::string_view) = nullptr;
  void (*append)(void* self, std::string_view) = nullptr;  // array of strings or texts: appends one
  std::string_view (*write)(const void* self) = nullptr;   // text
  std::span<const member> members = {};                    // object
  std::uint64_t required = 0;                              // object: bit i is set if members[i] is required
};

template <class T>
[[nodiscard]] T& as(void* self) noexcept {
  return *static_cast<T*>(self);
}
template <class T>
[[nodiscard]] const T& as(const void* self) noexcept {
  return *static_cast<const T*>(self);
}

template <class T>
void reset(void* self) {
  as<T>(self) = T{};
}

/// Whether a `T` is a string in JSON and constructed from a string.
template <class T>
inline constexpr bool is_textual = false;
template <>
inline constexpr bool is_textual<std::string> = true;
template <>
inline constexpr bool is_textual<secret> = true;
template <class E>
inline constexpr bool is_textual<open_enum<E>> = true;

template <class T>
bool read(void* self, std::string_view text) {
  as<T>(self) = T{text};
  return true;
}

template <>
inline bool read<timestamp>(void* self, std::string_view text) {
  const auto moment = parse_timestamp(text);
  if (moment) as<timestamp>(self) = *moment;
  return moment.has_value();
}

// Constructs in place: constructing an empty string and assigning to it would cost twice as much.
template <class T>
consteval decltype(type::read) read_wrapped() {
  if constexpr (is_textual<T>) {
    return [](void* self, std::string_view text) {
      as<std::optional<T>>(self).emplace(text);
      return true;
    };
  }
  return nullptr;
}

template <class T>
consteval decltype(type::append) append_text() {
  if constexpr (is_textual<T>) {
    return [](void* self, std::string_view text) { as<std::vector<T>>(self).emplace_back(text); };
  }
  return nullptr;
}

template <class T>
concept described = requires {
  description<T>::members.items;
};

template <class T>
consteval type make_object() {
  static_assert(described<T>, "this type has no sso::json::description");
  constexpr auto& members = description<T>::members;
  static_assert(std::same_as<typename std::remove_cvref_t<decltype(members)>::owner, T>,
                "the description lists members of another class");
  type out{.what = shape::object, .members = members.items};
  if constexpr (std::default_initializable<T>) {
    out.reset = &reset<T>;
  } else {
    out.reset = [](void*) {};  // it has no default state
  }
  for (const auto& member : members.items) {
    if (member.required) out.required |= member.bit;
  }
  return out;
}

template <class T>
inline constexpr type type_of = make_object<T>();

template <>
inline constexpr type type_of<bool>{.what = shape::boolean, .reset = &reset<bool>};
template <>
inline constexpr type type_of<std::int64_t>{.what = shape::integer, .reset = &reset<std::int64_t>};
template <>
inline constexpr type type_of<double>{.what = shape::number, .reset = &reset<double>};
template <>
inline constexpr type type_of<std::string>{
    .what = shape::string, .reset = &reset<std::string>, .read = &read<std::string>};
template <>
inline constexpr type type_of<timestamp>{
    .what = shape::timestamp, .reset = &reset<timestamp>, .read = &read<timestamp>};
template <>
inline constexpr type type_of<null_t>{.what = shape::null, .reset = &reset<null_t>};

template <>
inline constexpr type type_of<secret>{
    .what = shape::text,
    .reset = &reset<secret>,
    .read = &read<secret>,
    .write = [](const void* self) { return as<secret>(self).reveal(); },
};

template <class E>
inline constexpr type type_of<open_enum<E>>{
    .what = shape::text,
    .reset = &reset<open_enum<E>>,
    .read = &read<open_enum<E>>,
    .write = [](const void* self) { return as<open_enum<E>>(self).str(); },
};

template <class T>
inline constexpr type type_of<std::optional<T>>{
    .what = shape::wrapper,
    .element = &type_of<T>,
    .reset = &reset<std::optional<T>>,
    .grow = [](void* self) -> void* { return &as<std::optional<T>>(self).emplace(); },
    .set_null = &reset<std::optional<T>>,
    .state = [](const void* self) { return as<std::optional<T>>(self) ? presence::value : presence::absent; },
    .get = [](const void* self) -> const void* { return &*as<std::optional<T>>(self); },
    .read = read_wrapped<T>(),
};

template <class T>
inline constexpr type type_of<field<T>>{
    .what = shape::wrapper,
    .element = &type_of<T>,
    .reset = &reset<field<T>>,
    .grow = [](void* self) -> void* { return &as<field<T>>(self).emplace(); },
    .set_null = [](void* self) { as<field<T>>(self) = null; },
    .state =
        [](const void* self) {
          const auto& f = as<field<T>>(self);
          return f.is_keep() ? presence::absent : f.is_null() ? presence::null : presence::value;
        },
    .get = [](const void* self) -> const void* { return &as<field<T>>(self).value(); },
};

template <class T>
inline constexpr type type_of<std::vector<T>>{
    .what = shape::array,
    .element = &type_of<T>,
    .reset = &reset<std::vector<T>>,
    .grow = [](void* self) -> void* { return &as<std::vector<T>>(self).emplace_back(); },
    .for_each =
        [](const void* self, void* context, visitor visit) {
          for (const auto& element : as<std::vector<T>>(self)) {
            if (!visit(context, {}, &element)) return false;
          }
          return true;
        },
    .append = append_text<T>(),
};

template <class T>
inline constexpr type type_of<std::map<std::string, T>>{
    .what = shape::map,
    .element = &type_of<T>,
    .reset = &reset<std::map<std::string, T>>,
    .insert =
        [](void* self, std::string_view key) {
          auto& all = as<std::map<std::string, T>>(self);
          const auto before = all.size();
          auto& [name, value] = *all.emplace_hint(all.end(), key, T{});  // most servers sort the keys
          if (all.size() == before) value = T{};
          return map_entry{&value, &name};
        },
    .for_each =
        [](const void* self, void* context, visitor visit) {
          for (const auto& [key, value] : as<std::map<std::string, T>>(self)) {
            if (!visit(context, key, &value)) return false;
          }
          return true;
        },
};

/// The type to which the rules of a member apply: `T` without wrappers and containers.
template <class T>
struct leaf {
  using type = T;
};
template <class T>
struct leaf<std::optional<T>> : leaf<T> {};
template <class T>
struct leaf<field<T>> : leaf<T> {};
template <class T>
struct leaf<std::vector<T>> : leaf<T> {};
template <class T>
struct leaf<std::map<std::string, T>> : leaf<T> {};

template <class T>
inline constexpr bool may_be_absent = false;
template <class T>
inline constexpr bool may_be_absent<std::optional<T>> = true;
template <class T>
inline constexpr bool may_be_absent<field<T>> = true;

}  // namespace sso::json::detail

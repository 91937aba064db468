// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace sso {

/// The wire names of an enumeration; specialise it for each enumeration. `names` is an array of `std::pair<E,
/// std::string_view>`.
template <class E>
struct enum_names;

/// A value of an extensible vocabulary: a known enumerator, or any other string, which is kept and sent back
/// unchanged.
template <class E>
class open_enum {
public:
  open_enum() = default;
  /// A known value.
  open_enum(E value) noexcept : known_{value} {}
  /// A value in its wire form. A known name becomes the enumerator.
  open_enum(std::string text) : known_{find(text)} {
    if (!known_) text_ = std::move(text);
  }
  /// @overload
  open_enum(std::string_view text) : open_enum{std::string{text}} {}
  /// @overload
  open_enum(const char* text) : open_enum{std::string{text}} {}

  /// The enumerator; empty if the value is not known.
  [[nodiscard]] std::optional<E> known() const noexcept { return known_; }
  /// The value in its wire form.
  [[nodiscard]] std::string_view str() const noexcept {
    if (!known_) return text_;
    for (const auto& [value, name] : enum_names<E>::names) {
      if (value == *known_) return name;
    }
    return {};
  }

  friend bool operator==(const open_enum&, const open_enum&) = default;
  /// Whether `a` is the enumerator `b`: `connection.protocol == protocol::saml`.
  friend bool operator==(const open_enum& a, E b) noexcept { return a.known_ == b; }
  /// Writes `str()`.
  friend std::ostream& operator<<(std::ostream& out, const open_enum& e) { return out << e.str(); }

private:
  static std::optional<E> find(std::string_view text) noexcept {
    for (const auto& [value, name] : enum_names<E>::names) {
      if (name == text) return value;
    }
    return std::nullopt;
  }

  std::optional<E> known_;
  std::string text_;
};

}  // namespace sso

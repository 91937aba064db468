// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace sso {

/// The type of `null`.
struct null_t {
  friend bool operator==(null_t, null_t) = default;
};

/// Clears a member: `update_params{}.client_id(sso::null)` sends `"client_id": null`.
inline constexpr null_t null{};

/// What a parameter that takes no `null` refuses by this name: `sso::null`, and the null pointer, which would
/// otherwise pass for a string.
template <class T>
concept null_like = std::same_as<T, null_t> || std::same_as<T, std::nullptr_t>;

/// A member of a PATCH body in one of its three states (RFC 7396): keep (not sent), null (sent as `null`), or
/// a value.
template <class T>
class field {
public:
  /// What a value is.
  using value_type = T;

  /// Keep: the member is left out. Explicit, lest `{}` be taken for an empty value and nothing be sent.
  explicit field() = default;
  /// Null: the member is sent as `null`, which removes it.
  field(null_t) noexcept : null_{true} {}
  /// Value: the member is sent and replaces what is there.
  field(T value) : value_{std::move(value)} {}
  /// From what converts to a `T`: a literal where `T` is `std::string`.
  template <class U>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, T> &&
             !std::same_as<std::remove_cvref_t<U>, field> && !std::same_as<std::remove_cvref_t<U>, null_t> &&
             !std::same_as<std::remove_cvref_t<U>, std::nullptr_t>)
  field(U&& value) : value_{std::forward<U>(value)} {}

  /// Whether the member is left out.
  [[nodiscard]] bool is_keep() const noexcept { return !null_ && !value_; }
  /// Whether the member is sent as `null`.
  [[nodiscard]] bool is_null() const noexcept { return null_; }
  /// Whether the member is sent with a value.
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  /// Precondition: `has_value()`.
  [[nodiscard]] const T& value() const& { return *value_; }
  /// @overload
  [[nodiscard]] T& value() & { return *value_; }

  /// Turns the field into a value, default-constructed, and returns it.
  T& emplace() {
    null_ = false;
    return value_.emplace();
  }

  friend bool operator==(const field&, const field&) = default;

private:
  std::optional<T> value_;
  bool null_ = false;
};

}  // namespace sso

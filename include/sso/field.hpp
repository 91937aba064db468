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

/// Matches `sso::null` and the null pointer. Parameters that do not accept `null` delete this overload,
/// because the null pointer would otherwise convert to a string.
template <class T>
concept null_like = std::same_as<T, null_t> || std::same_as<T, std::nullptr_t>;

/// A member of a PATCH body in one of three states (RFC 7396): keep (not sent), null (sent as `null`) or
/// value.
template <class T>
class field {
public:
  /// The type of the value.
  using value_type = T;

  /// Keep: the member is not sent. Explicit, so that `{}` is not accepted as a keep by mistake.
  explicit field() = default;
  /// Null: the member is sent as `null`, which removes it.
  field(null_t) noexcept : null_{true} {}
  /// Value: the member is sent and replaces the stored value.
  field(T value) : value_{std::move(value)} {}
  /// Converts from types convertible to `T`, e.g. a literal where `T` is `std::string`.
  template <class U>
    requires(std::convertible_to<U, T> && !std::same_as<std::remove_cvref_t<U>, T> &&
             !std::same_as<std::remove_cvref_t<U>, field> && !std::same_as<std::remove_cvref_t<U>, null_t> &&
             !std::same_as<std::remove_cvref_t<U>, std::nullptr_t>)
  field(U&& value) : value_{std::forward<U>(value)} {}

  /// Whether the member is not sent.
  [[nodiscard]] bool is_keep() const noexcept { return !null_ && !value_; }
  /// Whether the member is sent as `null`.
  [[nodiscard]] bool is_null() const noexcept { return null_; }
  /// Whether the member is sent with a value.
  [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
  /// The value. Precondition: `has_value()`.
  [[nodiscard]] const T& value() const& { return *value_; }
  /// @overload
  [[nodiscard]] T& value() & { return *value_; }

  /// Sets a default-constructed value and returns it.
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

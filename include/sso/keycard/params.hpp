// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/field.hpp>
#include <sso/json/description.hpp>
#include <sso/keycard/protocols_params.hpp>
#include <sso/open_enum.hpp>
#include <sso/secret.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::keycard {

/// Optional members of the response to `retrieve`.
enum class expansion : std::uint8_t { permissions, total_count };

}  // namespace sso::keycard

template <>
struct sso::enum_names<sso::keycard::expansion> {
  static constexpr std::array<std::pair<keycard::expansion, std::string_view>, 2> names{
      {{keycard::expansion::permissions, "permissions"}, {keycard::expansion::total_count, "total_count"}}};
};

namespace sso::keycard {

/// Parameters of `retrieve`.
class retrieve_params {
public:
  /// Requests optional members. Each call adds values. A value without an enumerator may be given as a
  /// string.
  template <class... Values>
    requires(sizeof...(Values) != 0 && (std::convertible_to<Values, open_enum<expansion>> && ...))
  retrieve_params& expand(Values&&... values) {
    (expand_.emplace_back(std::forward<Values>(values)), ...);
    return *this;
  }
  /// @overload
  retrieve_params& expand(const std::vector<std::string>& values) {
    expand_.insert(expand_.end(), values.begin(), values.end());
    return *this;
  }

  /// The requested values in order, including duplicates.
  [[nodiscard]] const std::vector<open_enum<expansion>>& expand() const noexcept { return expand_; }

private:
  friend json::description<retrieve_params>;

  std::vector<open_enum<expansion>> expand_;
};

/// Parameters of `enable`.
class enable_params {
public:
  /// `identifier`: 1 to 2048 characters, sent byte for byte, including a trailing slash.
  enable_params(std::string client_id, std::string identifier)
      : client_id_{std::move(client_id)}, identifier_{std::move(identifier)} {}

  /// The client's secret at the identity provider. It is never returned; the response contains
  /// `client_secret_set`.
  enable_params& client_secret(secret value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  enable_params& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  enable_params& client_secret(std::nullptr_t) = delete;
  /// The identity provider's endpoints, or `null`.
  enable_params& protocols(field<protocols_params> value) {
    protocols_ = std::move(value);
    return *this;
  }

private:
  friend json::description<enable_params>;

  std::string client_id_;
  std::string identifier_;
  std::optional<secret> client_secret_;
  field<protocols_params> protocols_;
};

/// Parameters of `update`. Each member is kept (not set), removed (`null`) or replaced.
class update_params {
public:
  /// The client id at the identity provider; `null` removes it.
  update_params& client_id(field<std::string> value) {
    client_id_ = std::move(value);
    return *this;
  }
  /// The client's secret; `null` removes it. It is never returned.
  update_params& client_secret(field<secret> value) {
    client_secret_ = std::move(value);
    return *this;
  }
  /// @overload
  update_params& client_secret(std::string value) { return client_secret(secret{std::move(value)}); }
  update_params& client_secret(std::nullptr_t) = delete;  // sso::null removes it
  /// The identifier, 1 to 2048 characters.
  update_params& identifier(std::string value) {
    identifier_ = std::move(value);
    return *this;
  }
  update_params& identifier(null_like auto) = delete;  // required by every connection
  /// The identity provider's endpoints; `null` removes all of them.
  update_params& protocols(field<protocols_params> value) {
    protocols_ = std::move(value);
    return *this;
  }

private:
  friend json::description<update_params>;

  field<std::string> client_id_;
  field<secret> client_secret_;
  std::optional<std::string> identifier_;
  field<protocols_params> protocols_;
};

}  // namespace sso::keycard

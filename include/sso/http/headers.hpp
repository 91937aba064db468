// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sso::http {

/// One header field. Its views are valid until the owning `headers` object is modified or destroyed.
struct header_field {
  std::string_view name;   ///< as written, in any case
  std::string_view value;  ///< as written

  friend bool operator==(const header_field&, const header_field&) = default;
};

/// A violation of a rule by a header field.
struct header_fault {
  std::string name;       ///< the field's name, escaped for printing
  std::string_view rule;  ///< the violated rule; a string with static lifetime
};

/// Whether `name` is a token (RFC 9110 §5.1).
[[nodiscard]] SSO_DECL bool is_header_name(std::string_view name) noexcept;

/// Whether `value` contains no control characters except HTAB; CR, LF and NUL are control characters (RFC
/// 9110 §5.5).
[[nodiscard]] SSO_DECL bool is_header_value(std::string_view value) noexcept;

/// Whether two header names are equal, ignoring the case of ASCII letters (RFC 9110 §5.1).
[[nodiscard]] SSO_DECL bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// Whether only the transport may send the field called `name`, because it concerns the framing of the
/// message or the connection: `Host`, `Content-Length`, `Transfer-Encoding`, `Trailer`, `Upgrade`, `Expect`,
/// `Proxy-Authorization` and `TE`.
[[nodiscard]] SSO_DECL bool is_transport_header(std::string_view name) noexcept;

/// The header fields of a message. Keeps their order, allows repeated names, and looks them up without regard
/// to case.
///
/// All fields are stored in one buffer in their wire format: a copy needs two allocations, sending none.
/// Accepts any text; `fault()` reports a field that must not be sent.
///
/// Thread safety: distinct objects are safe; concurrent reads of one object are safe.
class headers {
public:
  class const_iterator;
  /// Iterators are constant.
  using iterator = const_iterator;
  /// The type of an element.
  using value_type = header_field;

  headers() = default;
  /// Adds the fields in order, including repeated names.
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  /// The value of the first field called `name`. The view is valid until the headers are modified or
  /// destroyed.
  [[nodiscard]] SSO_DECL std::optional<std::string_view> get(std::string_view name) const noexcept;
  /// Whether there is a field called `name`.
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }

  /// Appends a field. Fields of the same name are kept.
  SSO_DECL headers& add(std::string_view name, std::string_view value);

  /// Replaces all fields called `name` by one at the position of the first; appends it if there is none.
  SSO_DECL headers& set(std::string_view name, std::string_view value);

  /// Removes all fields called `name` and returns their number.
  SSO_DECL std::size_t erase(std::string_view name);

  /// Removes all fields. Keeps the capacity.
  void clear() noexcept {
    wire_.clear();
    spans_.clear();
  }
  /// Reserves memory for `fields` fields and `bytes` bytes of wire format: name, value and 4 bytes per field.
  void reserve(std::size_t fields, std::size_t bytes) {
    spans_.reserve(fields);
    wire_.reserve(bytes);
  }

  /// Number of fields; repeated names count each time.
  [[nodiscard]] std::size_t size() const noexcept { return spans_.size(); }
  /// Whether there is no field.
  [[nodiscard]] bool empty() const noexcept { return spans_.empty(); }
  /// The field at index `i`. Precondition: `i < size()`. The views are valid until the headers are modified
  /// or destroyed.
  [[nodiscard]] header_field operator[](std::size_t i) const noexcept {
    const span& s = spans_[i];
    const std::string_view wire = wire_;
    return {wire.substr(s.begin, s.name), wire.substr(s.begin + s.name + 2, s.value)};
  }
  /// The first field. A modification of the headers invalidates iterators.
  [[nodiscard]] const_iterator begin() const noexcept;
  /// The position after the last field.
  [[nodiscard]] const_iterator end() const noexcept;

  /// All fields in wire format: `Name: value` lines, each terminated by CRLF.
  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }

  /// The first field that must not be sent; empty if there is none.
  [[nodiscard]] SSO_DECL std::optional<header_fault> fault() const;

  /// Whether both contain the same fields in the same order. Names are compared with case.
  friend bool operator==(const headers& a, const headers& b) noexcept { return a.wire_ == b.wire_; }

private:
  struct span {
    std::uint32_t begin;
    std::uint32_t name;
    std::uint32_t value;
  };

  SSO_DECL void remove(std::size_t index);

  std::string wire_;
  std::vector<span> spans_;
};

/// Iterates over the fields in order. Dereferences to a `header_field` by value.
class headers::const_iterator {
public:
  /// @cond members of any iterator
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;
  using value_type = header_field;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = header_field;

  const_iterator() = default;
  const_iterator(const headers* owner, std::size_t index) noexcept : owner_{owner}, index_{index} {}

  header_field operator*() const noexcept { return (*owner_)[index_]; }
  const_iterator& operator++() noexcept {
    ++index_;
    return *this;
  }
  const_iterator operator++(int) noexcept {
    auto before = *this;
    ++index_;
    return before;
  }
  friend bool operator==(const const_iterator&, const const_iterator&) = default;
  /// @endcond

private:
  const headers* owner_ = nullptr;
  std::size_t index_ = 0;
};

inline headers::const_iterator headers::begin() const noexcept {
  return {this, 0};
}
inline headers::const_iterator headers::end() const noexcept {
  return {this, spans_.size()};
}

}  // namespace sso::http

namespace sso {

/// The server's id of a request, from `X-Request-Id` or `Request-Id`; empty if there is none.
[[nodiscard]] SSO_DECL std::string_view request_id_of(const http::headers& headers) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/headers.ipp>
#endif

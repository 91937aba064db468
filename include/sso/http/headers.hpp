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

/// One header field: views into the `headers` that holds it, valid until that is changed or destroyed.
struct header_field {
  std::string_view name;   ///< as written, in any case
  std::string_view value;  ///< as written

  friend bool operator==(const header_field&, const header_field&) = default;
};

/// What is wrong with a header field, and with which.
struct header_fault {
  std::string name;       ///< the field's name, safe to print
  std::string_view rule;  ///< the rule it breaks; refers to a constant
};

/// Whether `name` is a token (RFC 9110 §5.1).
[[nodiscard]] SSO_DECL bool is_header_name(std::string_view name) noexcept;

/// Whether `value` is free of CR, LF, NUL and the other control characters but HTAB (RFC 9110 §5.5).
[[nodiscard]] SSO_DECL bool is_header_value(std::string_view value) noexcept;

/// Whether two header names are the same; ASCII letters compare without case (RFC 9110 §5.1).
[[nodiscard]] SSO_DECL bool same_header_name(std::string_view a, std::string_view b) noexcept;

/// Whether the field called `name` frames the message or concerns the way, so that it is for the transport alone to
/// send, if anybody: `Host`, `Content-Length`, `Transfer-Encoding`, `Trailer`, `Upgrade`, `Expect`,
/// `Proxy-Authorization` and `TE`.
[[nodiscard]] SSO_DECL bool is_transport_header(std::string_view name) noexcept;

/// The header fields of a message: ordered, repeatable, found by name without case.
///
/// All fields live in one buffer in the form they have on the wire, so that copying costs two allocations
/// and sending none. Any text is accepted; `fault()` tells whether all of it may be sent.
///
/// Thread safety: distinct objects are safe, a shared object may be read.
class headers {
public:
  class const_iterator;
  /// Fields cannot be changed through an iterator.
  using iterator = const_iterator;
  /// What an iterator gives.
  using value_type = header_field;

  headers() = default;
  /// Adds the fields in this order, repeated names included.
  headers(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    for (const auto& [name, value] : fields) add(name, value);
  }

  /// The value of the first field called `name`; a view valid until the headers are changed.
  [[nodiscard]] SSO_DECL std::optional<std::string_view> get(std::string_view name) const noexcept;
  /// Whether there is a field called `name`.
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }

  /// Appends a field, keeping those of the same name.
  SSO_DECL headers& add(std::string_view name, std::string_view value);

  /// Replaces every field called `name` by one, which takes the place of the first of them.
  SSO_DECL headers& set(std::string_view name, std::string_view value);

  /// Removes every field called `name` and returns how many there were.
  SSO_DECL std::size_t erase(std::string_view name);

  /// Removes all fields; what was reserved stays.
  void clear() noexcept {
    wire_.clear();
    spans_.clear();
  }
  /// Makes room for so many fields, which take `bytes` on the wire: name, value and four more for each.
  void reserve(std::size_t fields, std::size_t bytes) {
    spans_.reserve(fields);
    wire_.reserve(bytes);
  }

  /// How many fields there are, repeated ones counted each time.
  [[nodiscard]] std::size_t size() const noexcept { return spans_.size(); }
  /// Whether there is no field.
  [[nodiscard]] bool empty() const noexcept { return spans_.empty(); }
  /// The field number `i` from 0. Precondition: `i < size()`. Views valid until the headers are changed.
  [[nodiscard]] header_field operator[](std::size_t i) const noexcept {
    const span& s = spans_[i];
    const std::string_view wire = wire_;
    return {wire.substr(s.begin, s.name), wire.substr(s.begin + s.name + 2, s.value)};
  }
  /// The first field; iterators are invalid once the headers are changed.
  [[nodiscard]] const_iterator begin() const noexcept;
  /// Behind the last field.
  [[nodiscard]] const_iterator end() const noexcept;

  /// All fields as `Name: value` lines, each closed by CRLF; what a transport writes.
  [[nodiscard]] std::string_view wire() const noexcept { return wire_; }

  /// The first field that must not be sent, if any.
  [[nodiscard]] SSO_DECL std::optional<header_fault> fault() const;

  /// Same fields in the same order, names compared as written.
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

/// Walks the fields in order; dereferences to a `header_field` by value.
class headers::const_iterator {
public:
  /// @cond what any iterator has
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

/// The server's id of a request, from `X-Request-Id` or `Request-Id`; empty if it sent none.
[[nodiscard]] SSO_DECL std::string_view request_id_of(const http::headers& headers) noexcept;

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/http/impl/headers.ipp>
#endif

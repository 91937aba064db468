// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/http/headers.hpp>
#include <sso/impl/error.ipp>

#include <algorithm>
#include <array>
#include <utility>

namespace sso::http {
SSO_DECL bool is_header_name(std::string_view name) noexcept {
  return !name.empty() && sso::detail::all_in(name, sso::detail::token_characters);
}

SSO_DECL bool is_header_value(std::string_view value) noexcept {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return !sso::detail::is_control(c) || c == '\t'; });
}

SSO_DECL bool same_header_name(std::string_view a, std::string_view b) noexcept {
  return sso::detail::iequals(a, b);
}

SSO_DECL bool is_transport_header(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 8> all{"Host",    "Content-Length", "Transfer-Encoding",   "Trailer",
                                                "Upgrade", "Expect",         "Proxy-Authorization", "TE"};
  return std::any_of(all.begin(), all.end(), [name](std::string_view other) {
    return name.size() == other.size() && same_header_name(name, other);
  });
}

SSO_DECL std::optional<std::string_view> headers::get(std::string_view name) const noexcept {
  for (std::size_t i = 0; i != spans_.size(); ++i) {
    if (spans_[i].name == name.size() && same_header_name((*this)[i].name, name)) return (*this)[i].value;
  }
  return std::nullopt;
}

SSO_DECL headers& headers::add(std::string_view name, std::string_view value) {
  const span added{static_cast<std::uint32_t>(wire_.size()), static_cast<std::uint32_t>(name.size()),
                   static_cast<std::uint32_t>(value.size())};
  const auto length = wire_.size() + name.size() + value.size() + 4;
  // Keeps the old buffer until name and value are copied: they may be views into it.
  std::string old;
  if (length > wire_.capacity()) {
    std::string grown;
    grown.reserve(std::max(length, 2 * wire_.size()));
    grown.assign(wire_);
    old = std::exchange(wire_, std::move(grown));
  }
  spans_.push_back(added);
  wire_.resize(length);
  char* out = wire_.data() + added.begin;
  out = std::copy_n(name.data(), name.size(), out);
  *out++ = ':';
  *out++ = ' ';
  out = std::copy_n(value.data(), value.size(), out);
  *out++ = '\r';
  *out = '\n';
  return *this;
}

SSO_DECL headers& headers::set(std::string_view name, std::string_view value) {
  if (!contains(name)) return add(name, value);
  headers changed;
  changed.reserve(size(), wire_.size() + value.size());
  bool placed = false;
  for (const auto field : *this) {
    if (!same_header_name(field.name, name)) {
      changed.add(field.name, field.value);
    } else if (!placed) {
      changed.add(name, value);
      placed = true;
    }
  }
  *this = std::move(changed);
  return *this;
}

SSO_DECL std::size_t headers::erase(std::string_view name) {
  const std::string wanted{name};  // `name` may be a view into these headers
  const auto before = size();
  for (std::size_t i = size(); i-- != 0;) {
    if (same_header_name((*this)[i].name, wanted)) remove(i);
  }
  return before - size();
}

SSO_DECL void headers::remove(std::size_t index) {
  const auto gone = spans_[index];
  const auto length = gone.name + gone.value + 4;
  wire_.erase(gone.begin, length);
  spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = index; i != spans_.size(); ++i) spans_[i].begin -= length;
}

SSO_DECL std::optional<header_fault> headers::fault() const {
  for (const auto field : *this) {
    if (!is_header_name(field.name)) {
      return header_fault{sso::detail::printable(field.name), "a header name must be a token (RFC 9110 5.1)"};
    }
    if (!is_header_value(field.value)) {
      return header_fault{std::string{field.name}, "a header value must not contain CR, LF, NUL or other "
                                                   "control characters (RFC 9110 5.5)"};
    }
  }
  return std::nullopt;
}

}  // namespace sso::http

namespace sso {

SSO_DECL std::string_view request_id_of(const http::headers& headers) noexcept {
  if (const auto id = headers.get("X-Request-Id")) return *id;
  return headers.get("Request-Id").value_or(std::string_view{});
}

SSO_DECL const http::headers& error::headers() const noexcept {
  // NOLINTNEXTLINE(bugprone-unhandled-exception-at-new): a few bytes, once
  static const http::headers* const none = new http::headers{};
  const auto& found = get().headers;
  return found ? *found : *none;
}

}  // namespace sso

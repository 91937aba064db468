// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/secret.hpp>

#include <algorithm>
#include <utility>

namespace sso {

SSO_DECL void wipe(void* data, std::size_t size) noexcept {
  auto* bytes = static_cast<volatile unsigned char*>(data);
  for (std::size_t i = 0; i != size; ++i) bytes[i] = 0;
}

SSO_DECL void wipe(std::string& text) noexcept {
  wipe(text.data(), text.size());
  text.clear();
}

SSO_DECL secret::secret(const char* data, std::size_t size)
    : bytes_{size != 0 ? new char[size] : nullptr}, size_{size} {
  std::copy_n(data, size, bytes_.get());
}

SSO_DECL secret::secret(std::string text) : secret{text.data(), text.size()} {
  wipe(text);
}

SSO_DECL secret& secret::operator=(const secret& other) {
  if (this != &other) *this = secret{other};
  return *this;
}

SSO_DECL secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    clear();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SSO_DECL void secret::clear() noexcept {
  wipe(bytes_.get(), size_);
  bytes_.reset();
  size_ = 0;
}

SSO_DECL bool operator==(const secret& a, const secret& b) noexcept {
  const auto x = a.reveal();
  const auto y = b.reveal();
  unsigned difference = x.size() == y.size() ? 0u : 1u;
  for (std::size_t i = 0; i != std::min(x.size(), y.size()); ++i) {
    difference |= static_cast<unsigned>(static_cast<unsigned char>(x[i]) ^ static_cast<unsigned char>(y[i]));
  }
  return difference == 0;
}

}  // namespace sso

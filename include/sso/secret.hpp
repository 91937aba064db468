// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sso {

/// Overwrites `size` bytes at `data`. The compiler cannot remove the writes.
SSO_DECL void wipe(void* data, std::size_t size) noexcept;
/// Overwrites the text and empties it.
SSO_DECL void wipe(std::string& text) noexcept;

/// A password, token or key. Its bytes are stored only on the heap and wiped on destruction. Each copy has
/// its own bytes. It cannot be printed and converts to no other type. The time of a comparison depends only
/// on the lengths.
///
/// Thread safety: distinct objects are safe; concurrent reads of one object are safe.
class secret {
public:
  secret() noexcept = default;
  /// Copies the text and wipes `text`. Pass an rvalue, so that no other copy remains.
  SSO_DECL explicit secret(std::string text);
  /// Copies the text. The caller wipes the original.
  explicit secret(std::string_view text) : secret{text.data(), text.size()} {}
  /// @overload
  explicit secret(const char* text) : secret{std::string_view{text}} {}

  /// Copies the bytes.
  secret(const secret& other) : secret{other.reveal()} {}
  /// Takes over the bytes; `other` is empty afterwards.
  secret(secret&& other) noexcept : bytes_{std::move(other.bytes_)}, size_{other.size_} { other.size_ = 0; }
  /// Copies the bytes; wipes the previous text.
  SSO_DECL secret& operator=(const secret& other);
  /// Takes over the bytes; wipes the previous text. `other` is empty afterwards.
  SSO_DECL secret& operator=(secret&& other) noexcept;
  ~secret() { clear(); }

  /// The text. The view is valid until this object is modified or destroyed.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }
  /// Whether there is no text.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Wipes the text; the secret is empty afterwards.
  SSO_DECL void clear() noexcept;

  /// Compares the texts. The time depends only on the lengths.
  SSO_DECL friend bool operator==(const secret& a, const secret& b) noexcept;
  friend std::ostream& operator<<(std::ostream&, const secret&) = delete;

private:
  SSO_DECL secret(const char* data, std::size_t size);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace sso

#if defined(SSO_HEADER_ONLY)
#include <sso/impl/secret.ipp>
#endif

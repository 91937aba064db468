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

/// Overwrites `size` bytes at `data` in a way the compiler may not leave out.
SSO_DECL void wipe(void* data, std::size_t size) noexcept;
/// Overwrites the text and empties it.
SSO_DECL void wipe(std::string& text) noexcept;

/// A password, token or key. Its bytes live on the heap only and are overwritten when the last owner of that
/// copy goes; it can't be printed and converts to nothing. Compared in time that depends on the lengths
/// alone.
///
/// Thread safety: distinct objects are safe, a shared object may be read.
class secret {
public:
  secret() noexcept = default;
  /// Takes the text over and wipes the string it came in.
  SSO_DECL explicit secret(std::string text);
  /// Copies the text; wiping the original is up to its owner.
  explicit secret(std::string_view text) : secret{text.data(), text.size()} {}
  /// @overload
  explicit secret(const char* text) : secret{std::string_view{text}} {}

  /// A copy with bytes of its own.
  secret(const secret& other) : secret{other.reveal()} {}
  /// Takes the bytes over; `other` is empty afterwards.
  secret(secret&& other) noexcept : bytes_{std::move(other.bytes_)}, size_{other.size_} { other.size_ = 0; }
  /// Wipes what was there.
  SSO_DECL secret& operator=(const secret& other);
  /// Wipes what was there; `other` is empty afterwards.
  SSO_DECL secret& operator=(secret&& other) noexcept;
  ~secret() { clear(); }

  /// The text itself; a view valid as long as this object is neither changed nor destroyed.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }
  /// Whether there is no text.
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Wipes the text; the secret is then empty.
  SSO_DECL void clear() noexcept;

  /// Compares in time that depends on the lengths alone.
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

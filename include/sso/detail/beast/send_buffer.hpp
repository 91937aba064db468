// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/buffer.hpp>

#include <openssl/crypto.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace sso::detail::net {

/// Bytes to send, in one piece. Keeps its memory from one request to the next, unless that was a large one.
class send_buffer {
public:
  [[nodiscard]] bool empty() const noexcept { return sent_ == bytes_.size(); }
  [[nodiscard]] boost::asio::const_buffer data() const noexcept {
    return {bytes_.data() + sent_, bytes_.size() - sent_};
  }

  void append(std::string_view bytes) { bytes_.append(bytes); }

  void consume(std::size_t n) noexcept {
    sent_ += n;
    if (!empty()) return;
    sent_ = 0;
    bytes_.clear();
    if (bytes_.capacity() > most_kept) std::string{}.swap(bytes_);
  }

  /// Wipes what is not sent yet, and what was. Takes no memory.
  void wipe() noexcept {
    bytes_.resize(bytes_.capacity());
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
    sent_ = 0;
  }

private:
  static constexpr std::size_t most_kept = 64 * 1024;

  std::string bytes_;
  std::size_t sent_ = 0;
};

}  // namespace sso::detail::net

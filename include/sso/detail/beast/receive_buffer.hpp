// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

namespace sso::detail::net {

/// Bytes received and not yet used, in one piece. Keeps its memory from one response to the next.
class receive_buffer {
public:
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::string_view bytes() const noexcept { return {memory_.data() + begin_, end_ - begin_}; }

  /// Room for the next read, behind what is held.
  [[nodiscard]] boost::asio::mutable_buffer prepare() {
    if (begin_ == end_) {
      begin_ = end_ = 0;
    } else if (begin_ != 0) {
      std::memmove(memory_.data(), memory_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (memory_.size() - end_ < least_room) memory_.resize((std::max)(first_size, memory_.size() * 2));
    return {memory_.data() + end_, memory_.size() - end_};
  }

  void commit(std::size_t n) noexcept { end_ += n; }
  void consume(std::size_t n) noexcept { begin_ += n; }

private:
  static constexpr std::size_t first_size = 16 * 1024;  // a TLS record
  static constexpr std::size_t least_room = 4 * 1024;

  std::vector<char> memory_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sso::detail::net

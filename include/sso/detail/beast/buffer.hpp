// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/config.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace sso::detail::net {

using boost::beast::flat_buffer;

[[nodiscard]] inline std::string_view text_of(const flat_buffer& buffer) noexcept {
  return {static_cast<const char*>(buffer.cdata().data()), buffer.size()};
}

inline void append(flat_buffer& buffer, std::string_view text) {
  buffer.commit(asio::buffer_copy(buffer.prepare(text.size()), asio::buffer(text)));
}

/// Space for the next read: all that is free, at least 4 KiB.
[[nodiscard]] inline asio::mutable_buffer room_in(flat_buffer& buffer) {
  constexpr std::size_t first = 16 * 1024;  // a TLS record
  constexpr std::size_t least = 4 * 1024;
  return buffer.prepare((std::max)(least, (std::max)(first, buffer.capacity()) - buffer.size()));
}

}  // namespace sso::detail::net

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/beast/message_parser.hpp>
#include <sso/errc.hpp>
#include <sso/http/limits.hpp>
#include <sso/http/response.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// Why a message is refused: the code to report and a text.
struct message_fault {
  errc code = errc::protocol_error;
  std::string why;
  error_code cause;
};

/// Reads one response from the bytes of a connection. Skips interim responses, enforces the limits, and
/// detects a message that was cut off.
class response_parser {
public:
  enum class status { more, complete, failed };

  /// @param head whether the request was a HEAD, whose response has no body
  response_parser(bool head, const http::limits& limits)
      : head_{head}, limits_{limits}, message_{std::in_place, head, limits.header_bytes, limits.body_bytes} {}

  /// Consumes a prefix of `bytes` and returns its length. Pass the rest again with the bytes that follow it.
  std::size_t consume(std::string_view bytes) {
    std::size_t used = 0;
    while (status_ == status::more && used != bytes.size()) {
      const auto rest = bytes.substr(used);
      if (may_be_last_chunk(rest) || (at_start_ && may_become_bare(rest))) break;
      const bool in_header = !message_->is_header_done();
      if (in_header && passes_header_limit(rest)) {
        fail(boost::beast::http::error::header_limit);
        break;
      }
      error_code failed;
      const bool bare = at_start_ && is_bare(rest);
      const auto n = bare ? feed_bare_line(rest, failed) : message_->feed(rest, failed);
      if (n != 0) at_start_ = false;
      used += n;
      if (in_header) header_used_ += n;  // perhaps with bytes of the body; the limit no longer matters then
      if (failed == boost::beast::http::error::need_more) {
        if (bytes.size() - used > limits_.header_bytes) fail(boost::beast::http::error::header_limit);
        break;
      }
      if (failed) {
        fail(failed);
      } else if (message_->is_done()) {
        finish_message();
      }
    }
    return used;
  }

  /// The peer closed the connection in an orderly way. That ends a message without length and chunks.
  void end_of_stream() {
    if (status_ != status::more || !message_->is_header_done() || !message_->need_eof()) return;
    error_code failed;
    message_->put_eof(failed);
    if (!failed) finish_message();
  }

  [[nodiscard]] status state() const noexcept { return status_; }
  /// Whether the connection may carry another request after this response.
  [[nodiscard]] bool keep_alive() const {
    return status_ == status::complete && message_->keep_alive() && !message_->announces_lost_body() &&
           !(message_->is_http_1_0() &&
             (message_->chunked() || message_->announces_close()));  // RFC 9112 §6.1, §9.3
  }
  [[nodiscard]] const message_fault& fault() const noexcept { return fault_; }
  [[nodiscard]] http::response release() { return std::move(message_->response()); }

private:
  // Some servers omit the space after the status code if there is no reason phrase. RFC 9112 §4 requires it,
  // and so does Beast, which also needs such a line in one piece.
  static constexpr std::size_t bare_line = 14;  // "HTTP/1.1 200" and CRLF

  [[nodiscard]] static bool is_bare(std::string_view line) noexcept {
    return line.size() >= bare_line && line[bare_line - 2] == '\r' && line[bare_line - 1] == '\n';
  }
  [[nodiscard]] static bool may_become_bare(std::string_view line) noexcept {
    constexpr std::string_view version = "HTTP/1.";
    return line.size() < bare_line && version.starts_with(line.substr(0, version.size()));
  }

  /// Beast 1.81 asserts that a last chunk is complete once it has seen its beginning; a server may send it in
  /// parts. Beast of Boost 1.88 consumes the chunk's line first, so the rest may be shorter.
  [[nodiscard]] bool may_be_last_chunk(std::string_view rest) const {
    constexpr std::string_view last_chunk = "0\r\n\r\n";  // nothing shorter ends a message in chunks
    return rest.size() < last_chunk.size() && message_->is_header_done() && message_->chunked() &&
           !message_->in_last_chunk();
  }

  /// Whether the header section, together with those of interim responses, exceeds the limit: no blank line
  /// ends it within what the limit leaves of `rest`.
  [[nodiscard]] bool passes_header_limit(std::string_view rest) const noexcept {
    const auto allowed = rest.substr(0, limits_.header_bytes - header_used_);
    if (allowed.size() == rest.size()) return false;
    const bool ends_here = !at_start_ && allowed.starts_with("\r\n");
    return !ends_here && allowed.find("\r\n\r\n") == std::string_view::npos;
  }

  std::size_t feed_bare_line(std::string_view bytes, error_code& failed) {
    std::array<char, bare_line + 1> line{};
    std::copy_n(bytes.begin(), bare_line - 2, line.begin());
    std::copy_n(" \r\n", 3, line.begin() + (bare_line - 2));
    if (message_->feed({line.data(), line.size()}, failed) != line.size()) return 0;
    if (failed == boost::beast::http::error::need_more) failed = {};  // for what follows the line
    return bare_line;
  }

  void finish_message() {
    if (!message_->interim()) {
      status_ = status::complete;
      return;
    }
    // Interim responses count against the same limit, so that they cannot go on for ever.
    const auto left = message_->header_left();
    message_.emplace(head_, left, limits_.body_bytes);
    at_start_ = true;
  }

  void fail(error_code why) {
    using boost::beast::http::error;
    status_ = status::failed;
    fault_.cause = why;
    if (why == error::header_limit) {
      fault_.code = errc::response_too_large;
      fault_.why = "its header section is longer than " + std::to_string(limits_.header_bytes) + " bytes";
    } else if (why == error::body_limit) {
      fault_.code = errc::response_too_large;
      fault_.why = "its body is longer than " + std::to_string(limits_.body_bytes) + " bytes";
    } else if (!message_->refusal().empty()) {
      fault_.why = message_->refusal();
    } else {
      fault_.why = why.message();
    }
  }

  bool head_;
  http::limits limits_;
  std::optional<message_parser> message_;
  status status_ = status::more;
  bool at_start_ = true;         // nothing of the message is consumed yet
  std::size_t header_used_ = 0;  // by all header sections; within the limit until the last one ends
  message_fault fault_;
};

}  // namespace sso::detail::net

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/beast/io.hpp>
#include <sso/errc.hpp>
#include <sso/http/limits.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// What makes a message unusable: the code to report, and why in words.
struct message_fault {
  errc code = errc::protocol_error;
  std::string why;
  error_code cause;
};

/// One message, final or interim, parsed straight into an `http::response`. Beast finds the message's frame;
/// this class adds the refusals that Beast leaves to its user.
class message_parser final : public boost::beast::http::basic_parser<false> {
public:
  /// @param header_bytes what the header section and the trailers may take together
  message_parser(bool head, std::size_t header_bytes, std::size_t body_bytes) : header_left_{header_bytes} {
    // Beast's own limit depends on the pieces that the header section comes in; `response_parser` holds it.
    header_limit((std::numeric_limits<std::uint32_t>::max)());
    body_limit(body_bytes);
    skip(head);
    eager(true);
  }

  /// `put`, remembering where the input is.
  std::size_t feed(std::string_view bytes, error_code& failed) {
    input_ = bytes;
    return put(asio::const_buffer{bytes.data(), bytes.size()}, failed);
  }

  [[nodiscard]] bool interim() const noexcept { return response_.status / 100 == 1; }
  /// Whether the line of the last chunk was taken.
  [[nodiscard]] bool in_last_chunk() const noexcept { return last_chunk_; }
  [[nodiscard]] bool is_http_1_0() const noexcept { return version_ == 10; }
  /// Of an HTTP/1.0 response Beast heeds `keep-alive` alone.
  [[nodiscard]] bool announces_close() const {
    for (const auto one : response_.headers) {
      if (!http::same_header_name(one.name, "Connection")) continue;
      if (boost::beast::http::token_list{one.value}.exists("close")) return true;
    }
    return false;
  }
  [[nodiscard]] http::response& response() noexcept { return response_; }
  [[nodiscard]] std::size_t header_left() const noexcept { return header_left_; }
  /// A 204 must not tell of a body (RFC 9110 §8.6, RFC 9112 §6.1); where it does, one may follow.
  [[nodiscard]] bool announces_lost_body() const {
    if (response_.status != 204) return false;
    const auto length = response_.headers.get("Content-Length");
    return (length && *length != "0") || response_.headers.contains("Transfer-Encoding");
  }
  /// Set where the refusal is this class's own and not Beast's.
  [[nodiscard]] std::string_view refusal() const noexcept { return refusal_; }

private:
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;
  using text = boost::beast::string_view;

  static std::string_view view(text t) noexcept { return {t.data(), t.size()}; }

  void refuse(std::string_view why, error_code& failed) {
    refusal_ = why;
    failed = make_error_code(errc::protocol_error);
  }

  bool spend_header(std::size_t bytes, error_code& failed) {
    if (bytes > header_left_) {
      failed = boost::beast::http::error::header_limit;
      return false;
    }
    header_left_ -= bytes;
    return true;
  }

  /// Where in the input `part` begins, which is in it.
  [[nodiscard]] std::size_t position_of(std::string_view part) const noexcept {
    return static_cast<std::size_t>(part.data() - input_.data());
  }

  /// How many digits the size of a chunk has, whose extensions follow them.
  [[nodiscard]] std::size_t digits_before(std::string_view extensions) const {
    const auto before = input_.substr(0, position_of(extensions));
    const auto other = std::find_if_not(before.rbegin(), before.rend(), is_hex);
    return static_cast<std::size_t>(other - before.rbegin());
  }

  void on_request_impl(verb, text, text, int, error_code&) override {}

  void on_response_impl(int code, text reason, int version, error_code& failed) override {
    version_ = version;
    if (code < 100) return refuse("a status below 100", failed);
    if (code == 101) return refuse("it switches protocols without being asked to", failed);
    if (!spend_header(reason.size() + 15, failed)) return;
    response_.status = static_cast<unsigned>(code);
    response_.headers.reserve(16, 768);
  }

  void on_field_impl(field name, text name_text, text value, error_code& failed) override {
    const auto n = view(name_text);
    const auto v = view(value);
    const auto lines = input_.substr(position_of(n));
    const auto line = lines.substr(0, lines.find('\n')).size() + 1;
    if (!spend_header(line, failed)) return;
    // The next line continues it (obs-fold, RFC 9112 §5.2) if it begins with a space or tab.
    const bool folded = line < lines.size() && (lines[line] == ' ' || lines[line] == '\t');
    if (folded) return refuse("a header line is folded", failed);
    if (in_trailer_ || interim()) return;
    if (name == field::transfer_encoding && !iequals(v, "chunked")) {
      return refuse("its transfer encoding is not 'chunked'", failed);
    }
    if (name == field::content_encoding && !v.empty() && !iequals(v, "identity")) encoded_ = true;
    response_.headers.add(n, v);
  }

  void on_header_impl(error_code& failed) override {
    in_trailer_ = true;
    // What a failure says counts without its content, too.
    if (encoded_ && !is_done() && http::is_success(response_.status)) {
      refuse("its content is encoded although 'identity' was asked for", failed);
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    constexpr std::uint64_t at_once = 1024 * 1024;  // beyond that, grow by what really arrives
    if (length) response_.body.reserve(static_cast<std::size_t>((std::min)(*length, at_once)));
  }

  std::size_t on_body_impl(text body, error_code&) override { return append(view(body)); }
  void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& failed) override {
    constexpr std::size_t most_digits = 16;  // beyond these there are but zeros
    last_chunk_ = size == 0;
    const auto ext = view(extensions);
    spend_header(ext.size() + (std::max)(digits_before(ext), most_digits) - most_digits, failed);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, text body, error_code&) override {
    return append(view(body));
  }
  void on_finish_impl(error_code&) override {}

  std::size_t append(std::string_view body) {
    if (!encoded_) response_.body.append(body);
    return body.size();
  }

  http::response response_;
  std::string_view input_;
  std::size_t header_left_;
  int version_ = 11;
  std::string_view refusal_;
  bool in_trailer_ = false;
  bool last_chunk_ = false;
  bool encoded_ = false;
};

/// Reads the response to one request from the bytes of a connection: skips interim responses, holds the
/// limits, and tells a complete message from one that was cut.
class response_parser {
public:
  enum class status { more, complete, failed };

  /// @param head whether the request was a HEAD, whose response has no body
  response_parser(bool head, const http::limits& limits)
      : head_{head}, limits_{limits}, message_{std::in_place, head, limits.header_bytes, limits.body_bytes} {}

  /// Takes what it can use of `bytes` and returns how much that was. What is left is the beginning of
  /// something unfinished; show it again with more behind it.
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
      if (in_header) header_used_ += n;  // with what follows the header, which matters no more
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

  /// The peer closed its side in an orderly way: the end of a message that has no other end.
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
  [[nodiscard]] http::response take() { return std::move(message_->response()); }

private:
  // Some servers leave out the space behind the status code where no reason follows: RFC 9112 §4 wants it, and
  // so does Beast, which also has to get such a line in one piece.
  static constexpr std::size_t bare_line = 14;  // "HTTP/1.1 200" and CRLF

  [[nodiscard]] static bool is_bare(std::string_view line) noexcept {
    return line.size() >= bare_line && line[bare_line - 2] == '\r' && line[bare_line - 1] == '\n';
  }
  [[nodiscard]] static bool may_become_bare(std::string_view line) noexcept {
    constexpr std::string_view version = "HTTP/1.";
    return line.size() < bare_line && version.starts_with(line.substr(0, version.size()));
  }

  /// Beast 1.81 asserts that it gets all of a last chunk that it has seen the beginning of, which no server
  /// promises. That of Boost 1.88 takes the chunk's line first, and what is left may be shorter.
  [[nodiscard]] bool may_be_last_chunk(std::string_view rest) const {
    constexpr std::string_view last_chunk = "0\r\n\r\n";  // nothing shorter ends a message in chunks
    return rest.size() < last_chunk.size() && message_->is_header_done() && message_->chunked() &&
           !message_->in_last_chunk();
  }

  /// Whether the header section whose rest begins with `rest` is longer than allowed, interim responses before it
  /// included: the blank line that ends it does not come in time.
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
    if (failed == boost::beast::http::error::need_more) failed = {};  // of what follows the line
    return bare_line;
  }

  void finish_message() {
    if (!message_->interim()) {
      status_ = status::complete;
      return;
    }
    // What interim responses take counts against the same limit, so that they cannot go on for ever.
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
  bool at_start_ = true;         // nothing of the message is used yet
  std::size_t header_used_ = 0;  // of header sections; within the limit until the last one ends
  message_fault fault_;
};

}  // namespace sso::detail::net

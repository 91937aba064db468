// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/detail/ascii.hpp>
#include <sso/detail/beast/io.hpp>
#include <sso/errc.hpp>
#include <sso/http/response.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace sso::detail::net {

/// Parses one message, final or interim, into an `http::response`. Beast does the framing; this class adds
/// the checks that Beast leaves to its user.
class message_parser final : public boost::beast::http::basic_parser<false> {
public:
  /// @param header_bytes limit of the header section and the trailers together
  message_parser(bool head, std::size_t header_bytes, std::size_t body_bytes) : header_left_{header_bytes} {
    // Beast's own limit depends on how the header section is split into reads; `response_parser` enforces it.
    header_limit((std::numeric_limits<std::uint32_t>::max)());
    body_limit(body_bytes);
    skip(head);
    eager(true);
  }

  /// Parses `bytes`. Keeps a view of them for `position_of`.
  std::size_t feed(std::string_view bytes, error_code& failed) {
    input_ = bytes;
    const auto n = put(asio::const_buffer{bytes.data(), bytes.size()}, failed);
    if (failed == boost::beast::http::error::header_limit && !over_limit_) {
      refuse("a folded header line is too long", failed);
    }
    return n;
  }

  [[nodiscard]] bool interim() const noexcept { return response_.status / 100 == 1; }
  /// Whether the line of the last chunk was parsed.
  [[nodiscard]] bool in_last_chunk() const noexcept { return last_chunk_; }
  [[nodiscard]] bool is_http_1_0() const noexcept { return version_ == 10; }
  /// Beast ignores `close` in an HTTP/1.0 response that has `keep-alive`.
  [[nodiscard]] bool announces_close() const {
    for (const auto one : response_.headers) {
      if (!http::same_header_name(one.name, "Connection")) continue;
      if (boost::beast::http::token_list{one.value}.exists("close")) return true;
    }
    return false;
  }
  [[nodiscard]] http::response& response() noexcept { return response_; }
  [[nodiscard]] std::size_t header_left() const noexcept { return header_left_; }
  /// Whether a 204 announces a body, which RFC 9110 §8.6 and RFC 9112 §6.1 forbid. Such a body may follow.
  [[nodiscard]] bool announces_lost_body() const {
    if (response_.status != 204) return false;
    const auto length = response_.headers.get("Content-Length");
    return (length && *length != "0") || response_.headers.contains("Transfer-Encoding");
  }
  /// The reason, if this class refused the message; empty if Beast did.
  [[nodiscard]] std::string_view refusal() const noexcept { return refusal_; }

private:
  using field = boost::beast::http::field;
  using verb = boost::beast::http::verb;
  using text = boost::beast::string_view;

  void refuse(std::string_view why, error_code& failed) {
    refusal_ = why;
    failed = make_error_code(errc::protocol_error);
  }

  bool spend_header(std::size_t bytes, error_code& failed) {
    if (bytes > header_left_) {
      over_limit_ = true;
      failed = boost::beast::http::error::header_limit;
      return false;
    }
    header_left_ -= bytes;
    return true;
  }

  /// The position after the line that contains `from`.
  [[nodiscard]] static std::size_t end_of_line(std::string_view lines, std::size_t from) noexcept {
    return (std::min)(lines.size(), lines.find('\n', from)) + 1;
  }

  /// The position of `part` in the input. Precondition: it is a part of the input.
  [[nodiscard]] std::size_t position_of(std::string_view part) const noexcept {
    return static_cast<std::size_t>(part.data() - input_.data());
  }

  /// Number of digits of the chunk size before `extensions`.
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

  void on_field_impl(field known, text name_text, text value_text, error_code& failed) override {
    const std::string_view name = name_text;
    const std::string_view value = value_text;
    const auto lines = input_.substr(position_of(name));
    const auto line = end_of_line(lines, 0);
    auto end = line;
    while (end < lines.size() && (lines[end] == ' ' || lines[end] == '\t')) end = end_of_line(lines, end);
    if (!spend_header(end, failed)) return;
    // Beast replaces a fold by a space (obs-fold, RFC 9112 §5.2). In a trailer a fold could hide the end of
    // the message.
    if (end != line && in_trailer_) return refuse("a trailer line is folded", failed);
    if (in_trailer_ || interim()) return;
    if (known == field::transfer_encoding && !iequals(value, "chunked")) {
      return refuse("its transfer encoding is not 'chunked'", failed);
    }
    if (known == field::content_encoding && !value.empty() && !iequals(value, "identity")) encoded_ = true;
    response_.headers.add(name, value);
  }

  void on_header_impl(error_code& failed) override {
    in_trailer_ = true;
    // An error response is of use without its content, too.
    if (encoded_ && !is_done() && http::is_success(response_.status)) {
      refuse("its content is encoded although 'identity' was asked for", failed);
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
    constexpr std::uint64_t at_once = 1024 * 1024;  // beyond that, grow as bytes arrive
    if (length) response_.body.reserve(static_cast<std::size_t>((std::min)(*length, at_once)));
  }

  std::size_t on_body_impl(text body, error_code&) override { return append(body); }
  void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& failed) override {
    constexpr std::size_t most_digits = 16;  // a longer number has leading zeros
    last_chunk_ = size == 0;
    const auto zeros = (std::max)(digits_before(extensions), most_digits) - most_digits;
    spend_header(extensions.size() + zeros, failed);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, text body, error_code&) override { return append(body); }
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
  bool over_limit_ = false;
  bool in_trailer_ = false;
  bool last_chunk_ = false;
  bool encoded_ = false;
};

}  // namespace sso::detail::net

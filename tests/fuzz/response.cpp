// SPDX-License-Identifier: BSL-1.0
#include <sso/detail/beast/response_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using sso::detail::net::response_parser;
using state = response_parser::status;

sso::http::limits limits() {
  sso::http::limits out;
  out.header_bytes = 1000;
  out.body_bytes = 1000;
  return out;
}

/// The result of a connection that receives `text` in pieces, each `step` bytes longer than the one before, and then
/// ends.
struct reading {
  reading(std::string_view text, bool head, std::size_t first, std::size_t step) : parser{head, limits()} {
    std::string held;
    for (auto size = first; !text.empty() && parser.state() == state::more; size += step) {
      held += text.substr(0, size);
      text.remove_prefix(std::min(size, text.size()));
      const auto used = parser.consume(held);
      if (used > held.size()) std::abort();
      held.erase(0, used);
    }
    before_end = parser.state();
    left = held.size() + text.size();
    parser.end_of_stream();
  }

  response_parser parser;
  state before_end = state::more;
  std::size_t left = 0;
};

}  // namespace

// The first byte: whether the request was HEAD. The rest: the server's bytes. Their division into pieces must not change
// the result.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool head = data[0] == 'H';
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  reading whole{text, head, text.size() + 1, 0};
  for (const std::size_t step : {0u, 1u, 5u}) {
    reading pieces{text, head, 1, step};
    // An invalid response may be refused at any point.
    const bool complete = whole.parser.state() == state::complete;
    if (complete != (pieces.parser.state() == state::complete)) std::abort();
    if (!complete) continue;
    if (pieces.before_end != whole.before_end) std::abort();
    if (pieces.parser.keep_alive() != whole.parser.keep_alive()) std::abort();
    if (pieces.left != whole.left) std::abort();
    auto got = reading{text, head, text.size() + 1, 0}.parser.release();
    const auto other = pieces.parser.release();
    if (got.status != other.status || got.body != other.body || got.headers != other.headers) std::abort();
    if (got.status < 200 || got.status > 999) std::abort();
    if (got.body.size() > limits().body_bytes) std::abort();
    if (got.headers.wire().size() > limits().header_bytes) std::abort();
    if (got.headers.fault()) std::abort();
    if (head && !got.body.empty()) std::abort();
  }
  return 0;
}

// SPDX-License-Identifier: BSL-1.0
#include <sso/http/url.hpp>
#include <sso/pipeline/prepare.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::string decode(std::string_view text) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : std::tolower(c) - 'a' + 10);
  };
  std::string out;
  for (std::size_t i = 0; i != text.size(); ++i) {
    if (text[i] == '%') {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Aborts if a server can resolve the path to a parent, however often it decodes dots.
bool climbs(std::string_view path) {
  path = path.substr(0, path.find('?'));
  for (;;) {
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = decode(path.substr(0, end));
    if (segment == "." || segment == "..") return true;
    if (end == path.size()) return false;
    path.remove_prefix(end + 1);
  }
}

}  // namespace

// Untrusted ids, paths and URLs: an accepted one is well-formed and keeps its meaning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  const auto segment = sso::http::encode_segment(text);
  if (decode(segment) != text || !visible_ascii(segment)) std::abort();
  if (segment.find_first_of("/?#") != std::string::npos) std::abort();
  const auto parameter = sso::http::encode_query(text);
  if (decode(parameter) != text || parameter.find_first_of("&=+/?# ") != std::string::npos) std::abort();

  if (const auto id = sso::pipeline::path_segment("id", text, 255)) {
    if (text.empty() || text == "." || text == ".." || *id != segment) std::abort();
    if (!sso::http::check_path("/organizations/" + *id + "/sso-connection", "path")) std::abort();
  }
  if (sso::http::check_path(text, "path")) {
    if (!text.starts_with('/') || !visible_ascii(text) || climbs(text)) std::abort();
    if (text.find('#') != std::string_view::npos) std::abort();
  }
  if (const auto url = sso::http::parse_url(text, "url")) {
    if (url->origin.host.empty() || url->origin.port == 0 || climbs(url->path)) std::abort();
    if (url->path.ends_with('/') || !visible_ascii(url->path)) std::abort();
    const auto again = sso::http::parse_url(to_string(url->origin) + url->path, "url");
    if (!again || *again != *url) std::abort();
  }
  return 0;
}

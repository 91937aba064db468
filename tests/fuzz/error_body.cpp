// SPDX-License-Identifier: BSL-1.0
#include <sso/error.hpp>
#include <sso/http/response.hpp>
#include <sso/json/error_body.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Any body of a failed response is read or ignored, and the error prints as one short line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  std::string code = "unset";
  std::string message = "unset";
  sso::json::read_error_body(text, "code", code, "message", message);
  const bool is_object = text.find('{') != std::string_view::npos;
  if (!is_object && (code != "unset" || message != "unset")) std::abort();

  sso::error failed{sso::errc::bad_request, sso::outcome::rejected};
  failed.with_response(sso::http::response{400, {}, std::string{text}});
  failed.with_server_text(code, message);
  if (failed.body() != text.substr(0, 4096)) std::abort();
  const auto line = failed.message();
  if (line.size() > 4096) std::abort();
  if (std::any_of(line.begin(), line.end(), [](char c) { return c >= 0 && (c < 0x20 || c == 0x7f); })) {
    std::abort();
  }
  return 0;
}

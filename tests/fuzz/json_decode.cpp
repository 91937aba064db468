// SPDX-License-Identifier: BSL-1.0
#include <sso/json/decode.hpp>
#include <sso/json/encode.hpp>
#include <sso/json/validate.hpp>
#include <sso/keycard/json.hpp>
#include <sso/keycard/sso_connection.hpp>
#include <sso/page.hpp>
#include <sso/truto/domain.hpp>
#include <sso/truto/json.hpp>
#include <sso/truto/sso_connection.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

// A decoded value is equal after encoding and decoding, and all its strings are valid UTF-8.
template <class T>
void check(std::string_view text) {
  const auto first = sso::json::decode<T>(text);
  if (!first) {
    if (first.error().code() != sso::errc::decode_failed || first.error().what().empty()) std::abort();
    return;
  }
  if (const auto fault = sso::json::validate(*first);
      fault && fault->rule.find("UTF-8") != std::string::npos) {
    std::abort();
  }
  const auto second = sso::json::decode<T>(sso::json::encode(*first));
  if (!second || *second != *first) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check<sso::keycard::sso_connection>(text);
  check<sso::truto::sso_connection>(text);
  check<sso::page<sso::truto::domain>>(text);
  check<sso::truto::domain_verification>(text);
  return 0;
}

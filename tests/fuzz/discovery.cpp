// SPDX-License-Identifier: BSL-1.0
#include "report_form.hpp"

#include <sso/doctor/discovery.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// The first line is the stored issuer, the rest is the document.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto end = std::min(text.find('\n'), text.size());
  const auto document = text.substr(std::min(end + 1, text.size()));
  sso::doctor::expectation expected;
  expected.issuer = text.substr(0, end);
  require_form(sso::doctor::check_discovery(document, expected));
  expected.discovery_url = expected.issuer;
  expected.client_secret_set = false;
  expected.protocols.emplace();
  expected.protocols->oauth2.emplace();
  expected.protocols->oauth2->jwks_uri = expected.issuer;
  require_form(sso::doctor::check_discovery(document, expected));
  return 0;
}

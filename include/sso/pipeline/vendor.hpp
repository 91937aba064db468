// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>

#include <string>
#include <string_view>

namespace sso::pipeline {

/// The properties of an API that the pipeline needs; a constant in the vendor's folder.
struct vendor {
  std::string_view name;               ///< prefix of operation names
  std::string_view base_url;           ///< the default base URL
  std::string_view token_path;         ///< of its OAuth token endpoint below the base URL; empty: it has none
  std::string_view request_id_header;  ///< carries the caller's id of a request; empty: it takes none
  bool has_expand = false;             ///< whether `client_options::expand_format` has an effect
  /// Reads code and message from an error body, if it is of the API's shape.
  void (*read_error)(std::string_view body, std::string& code, std::string& message) = nullptr;
};

/// One operation of an API; a constant.
struct operation {
  std::string_view name;  ///< e.g. `keycard.retrieve`
  http::method method;
  bool replayable;                               ///< sending it twice does no more than sending it once
  std::string_view accept = "application/json";  ///< the `Accept` header
};

}  // namespace sso::pipeline

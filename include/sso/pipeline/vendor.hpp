// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sso/http/method.hpp>

#include <string>
#include <string_view>

namespace sso::pipeline {

/// The properties of an API that the pipeline needs. One constant per vendor.
struct vendor {
  std::string_view name;        ///< prefix of operation names
  std::string_view base_url;    ///< the default base URL
  std::string_view token_path;  ///< path of the token endpoint below the base URL; empty if there is none
  std::string_view request_id_header;  ///< header for the client's request id; empty if there is none
  bool has_expand = false;             ///< whether `client_options::expand_format` has an effect
  /// Reads code and message from an error body. Leaves them unchanged if there are none.
  void (*read_error)(std::string_view body, std::string& code, std::string& message) = nullptr;
};

/// One operation of an API.
struct operation {
  std::string_view name;  ///< e.g. `keycard.retrieve`
  http::method method;
  bool replayable;                               ///< sending it twice does no more than once
  std::string_view accept = "application/json";  ///< the `Accept` header
  bool no_content = false;                       ///< its success is documented as 204 without content
};

}  // namespace sso::pipeline

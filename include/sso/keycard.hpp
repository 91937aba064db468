// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// Keycard over any transport: `sso::keycard::basic_client`.

#include <sso/http/any_transport.hpp>
#include <sso/http/transport.hpp>
#include <sso/keycard/client.hpp>
#include <sso/keycard/to_json.hpp>

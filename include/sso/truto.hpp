// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// Truto over any transport: `sso::truto::basic_client`.

#include <sso/http/any_transport.hpp>
#include <sso/http/transport.hpp>
#include <sso/truto/client.hpp>
#include <sso/truto/to_json.hpp>

// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// Both vendors over the default transport: the one include of most programs.

#include <sso/keycard.hpp>
#include <sso/transports/beast.hpp>
#include <sso/truto.hpp>

namespace sso::keycard {

/// Keycard over HTTPS.
using client = basic_client<beast_transport>;

}  // namespace sso::keycard

namespace sso::truto {

/// Truto over HTTPS.
using client = basic_client<beast_transport>;

}  // namespace sso::truto

// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// The library's version (https://semver.org). Before 1.0 a minor version may break its users; CHANGELOG.md tells how.

/// Counts breaks, from 1.0 on.
#define SSO_VERSION_MAJOR 0
/// Counts additions; before 1.0 breaks as well.
#define SSO_VERSION_MINOR 1
/// Counts corrections.
#define SSO_VERSION_PATCH 0
/// All three, joined by dots.
#define SSO_VERSION_STRING "0.1.0"

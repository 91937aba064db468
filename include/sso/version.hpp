// SPDX-License-Identifier: BSL-1.0
#pragma once

/// @file
/// The library's version (https://semver.org). Before 1.0 a minor version may be incompatible; CHANGELOG.md
/// describes how to migrate.

/// Incremented by incompatible changes, from 1.0 on.
#define SSO_VERSION_MAJOR 0
/// Incremented by additions; before 1.0 also by incompatible changes.
#define SSO_VERSION_MINOR 1
/// Incremented by corrections.
#define SSO_VERSION_PATCH 0
/// Major, minor and patch, separated by dots.
#define SSO_VERSION_STRING "0.1.0"

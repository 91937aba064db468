// SPDX-License-Identifier: BSL-1.0
#pragma once

#define SSO_VERSION_MAJOR 0
#define SSO_VERSION_MINOR 1
#define SSO_VERSION_PATCH 0
#define SSO_VERSION_STRING "0.1.0"

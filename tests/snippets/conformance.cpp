// SPDX-License-Identifier: BSL-1.0
#undef NDEBUG
#include "conformance.hpp"

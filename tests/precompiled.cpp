// SPDX-License-Identifier: BSL-1.0
// Builds the precompiled header of the test programs. Not main.cpp, which configures Catch2 differently.

# SPDX-License-Identifier: BSL-1.0
# What only the library's own tests, examples and benchmarks need.

if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(SSO_CCACHE ccache)
  mark_as_advanced(SSO_CCACHE)
  if(SSO_CCACHE)
    # Without this sloppiness ccache passes over every file that uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${SSO_CCACHE}")
  endif()
endif()

set(CMAKE_CXX_EXTENSIONS OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

# Warnings and sanitizers of all our targets, the compiled library included.
add_library(sso_development INTERFACE)
target_compile_features(sso_development INTERFACE cxx_std_20)
target_compile_options(sso_development INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion $<$<BOOL:${SSO_WERROR}>:-Werror>)
if(SSO_SANITIZE)
  target_compile_options(sso_development INTERFACE
    -fsanitize=${SSO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(sso_development INTERFACE -fsanitize=${SSO_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sso_development INTERFACE -fpch-preprocess)
  if(SSO_SANITIZE MATCHES "thread")
    # Asio uses fences beside its atomics; the sanitizer does not model them and the warning is about that alone.
    target_compile_options(sso_development INTERFACE -Wno-tsan)
  endif()
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  if(SSO_SANITIZE MATCHES "undefined")
    # clang 14 cannot emit this check for coroutines: "Cannot represent a difference across sections".
    target_compile_options(sso_development INTERFACE -fno-sanitize=function)
  endif()
  target_compile_options(sso_development INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(sso_reference
    COMMAND "${PROJECT_SOURCE_DIR}/scripts/docs"
    COMMENT "The documentation site, of the guides and the comments of the public headers"
    VERBATIM)
endif()

# SPDX-License-Identifier: BSL-1.0
# Installs headers, the compiled libraries, the CMake package and the pkg-config files.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/sso")

install(DIRECTORY include/sso TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
install(TARGETS sso sso_compiled sso_testing EXPORT sso-targets)
install(EXPORT sso-targets NAMESPACE sso:: DESTINATION "${package_dir}")

configure_package_config_file(cmake/sso-config.cmake.in "${PROJECT_BINARY_DIR}/sso-config.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break its users.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/sso-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/sso-config.cmake"
  "${PROJECT_BINARY_DIR}/sso-config-version.cmake"
  DESTINATION "${package_dir}")

# The pkg-config files find the prefix from where they are, so that it can be moved; absolute folders stay as they are.
set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
    BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    OUTPUT_VARIABLE pc_prefix)
  string(PREPEND pc_prefix "\${pcfiledir}/")
endif()
foreach(kind IN ITEMS INCLUDE LIB)
  string(TOLOWER "pc_${kind}dir" variable)
  set(${variable} "${CMAKE_INSTALL_${kind}DIR}")
  if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_${kind}DIR}")
    string(PREPEND ${variable} "\${prefix}/")
  endif()
endforeach()
foreach(module IN ITEMS sso sso-compiled sso-testing)
  configure_file("cmake/${module}.pc.in" "${PROJECT_BINARY_DIR}/${module}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${module}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

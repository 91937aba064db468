# SPDX-License-Identifier: BSL-1.0
# Installs headers, the compiled library, the CMake package and the pkg-config files.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/sso")

install(DIRECTORY include/sso TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp" PATTERN "*.ipp")
install(TARGETS sso sso_compiled EXPORT sso-targets)
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

if(IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(pc_includedir "${CMAKE_INSTALL_INCLUDEDIR}")
else()
  set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_libdir "${CMAKE_INSTALL_LIBDIR}")
else()
  set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
foreach(module IN ITEMS sso sso-compiled)
  configure_file("cmake/${module}.pc.in" "${PROJECT_BINARY_DIR}/${module}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${module}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

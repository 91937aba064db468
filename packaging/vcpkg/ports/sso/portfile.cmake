# SPDX-License-Identifier: BSL-1.0
# An overlay port: packages the sources it lies in.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH sources)
foreach(folder IN ITEMS ports vcpkg packaging)
  cmake_path(GET sources PARENT_PATH sources)
endforeach()

vcpkg_cmake_configure(
  SOURCE_PATH "${sources}"
  OPTIONS
    -DSSO_INSTALL=ON
    -DSSO_BUILD_TESTS=OFF
    -DSSO_BUILD_EXAMPLES=OFF
    -DSSO_BUILD_BENCHMARKS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/sso)
vcpkg_fixup_pkgconfig()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${sources}/LICENSE")

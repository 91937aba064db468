# SPDX-License-Identifier: BSL-1.0
# Runs the vcpkg port as `vcpkg install sso` does, for systems without vcpkg: imitates the vcpkg functions that the port
# uses. Takes Boost and OpenSSL from the system, and builds only for release.
#
#   cmake -DWORK=DIRECTORY -P install.cmake     the package is in DIRECTORY/package afterwards
cmake_minimum_required(VERSION 3.25)

cmake_path(SET root NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../..")
set(port_folder "${root}packaging/vcpkg/ports/sso")
file(READ "${port_folder}/vcpkg.json" manifest)

# The manifest must be valid and have the version of the headers.
string(JSON PORT GET "${manifest}" name)
string(JSON VERSION GET "${manifest}" version)
file(STRINGS "${root}include/sso/version.hpp" header_version REGEX "SSO_VERSION_STRING")
if(NOT header_version MATCHES "\"${VERSION}\"")
  message(FATAL_ERROR "vcpkg.json says ${VERSION}, version.hpp says ${header_version}")
endif()

# It must name the Boost libraries whose headers are included.
string(JSON dependencies GET "${manifest}" dependencies)
file(GLOB_RECURSE headers "${root}include/*.hpp" "${root}include/*.ipp")
foreach(header IN LISTS headers)
  file(STRINGS "${header}" includes REGEX "^#include <boost/")
  foreach(line IN LISTS includes)
    string(REGEX REPLACE ".*<boost/([a-z0-9_]+).*" "\\1" library "${line}")
    string(REPLACE "archive" "serialization" library "${library}")
    if(NOT dependencies MATCHES "\"boost-${library}\"")
      message(FATAL_ERROR "${header} includes <boost/${library}...>, but vcpkg.json does not name boost-${library}")
    endif()
  endforeach()
endforeach()

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "not imitated: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  run("${CMAKE_COMMAND}" -S "${arg_SOURCE_PATH}" -B "${WORK}-build" -G Ninja -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_CXX_FLAGS_RELEASE=-O0 "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}" -DCMAKE_INSTALL_LIBDIR=lib
    ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
  run("${CMAKE_COMMAND}" --build "${WORK}-build" --target install)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "not imitated: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(moved "${CURRENT_PACKAGES_DIR}/share/${PORT}")
  file(MAKE_DIRECTORY "${CURRENT_PACKAGES_DIR}/share")
  file(RENAME "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}" "${moved}")
  # The file is now one folder closer to the prefix.
  file(GLOB files "${moved}/*-targets.cmake")
  foreach(file IN LISTS files)
    file(READ "${file}" text)
    string(REPLACE
      "get_filename_component(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_FILE}\" PATH)\nget_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n"
      "get_filename_component(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_FILE}\" PATH)\n" fixed "${text}")
    if(fixed STREQUAL text)
      message(FATAL_ERROR "${file} does not find its prefix as expected")
    endif()
    file(WRITE "${file}" "${fixed}")
  endforeach()
  file(GLOB left RELATIVE "${CURRENT_PACKAGES_DIR}/lib/cmake" "${CURRENT_PACKAGES_DIR}/lib/cmake/*")
  if(left)
    message(FATAL_ERROR "left in lib/cmake: ${left}")
  endif()
endfunction()

function(vcpkg_fixup_pkgconfig)
  file(GLOB modules "${CURRENT_PACKAGES_DIR}/lib/pkgconfig/*.pc")
  if(NOT modules)
    message(FATAL_ERROR "no pkg-config files in lib/pkgconfig")
  endif()
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(COPY_FILE "${arg_FILE_LIST}" "${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright")
endfunction()

file(REMOVE_RECURSE "${WORK}" "${WORK}-build")
set(CURRENT_PACKAGES_DIR "${WORK}/package")
include("${port_folder}/portfile.cmake")

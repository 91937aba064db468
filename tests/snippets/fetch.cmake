# SPDX-License-Identifier: BSL-1.0
# Compiles PROGRAM in a project with LINES, which take the library's sources from the folder `sso`. Then configures it with
# ARCHIVE_LINES, which take them from an archive. ROOT: the sources of VERSION; FOLDER: the folder of the projects.
cmake_minimum_required(VERSION 3.25)

function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE printed ERROR_VARIABLE printed)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${printed}")
  endif()
endfunction()

function(make_project folder lines)
  file(MAKE_DIRECTORY "${folder}")
  file(WRITE "${folder}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)\nproject(fetch LANGUAGES CXX)\n${lines}")
  file(COPY_FILE "${PROGRAM}" "${folder}/main.cpp")
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
file(READ "${LINES}" lines)
file(READ "${ARCHIVE_LINES}" archive_lines)
string(REGEX REPLACE "FetchContent_Declare\\([^)]*\\)\n" "${archive_lines}" lines_with_archive "${lines}")
if(lines_with_archive STREQUAL lines)
  message(FATAL_ERROR "the lines do not declare the library:\n${lines}")
endif()

make_project("${FOLDER}/checkout" "${lines}")
file(CREATE_LINK "${ROOT}" "${FOLDER}/checkout/sso" SYMBOLIC)
must("${CMAKE_COMMAND}" -S "${FOLDER}/checkout" -B "${FOLDER}/checkout/build")
must("${CMAKE_COMMAND}" --build "${FOLDER}/checkout/build")

make_project("${FOLDER}/archive" "${lines_with_archive}")
file(COPY "${ROOT}/CMakeLists.txt" "${ROOT}/cmake" "${ROOT}/include" "${ROOT}/src" DESTINATION "${FOLDER}/sso-${VERSION}")
execute_process(COMMAND "${CMAKE_COMMAND}" -E tar czf "${FOLDER}/archive/sso-${VERSION}.tar.gz" "sso-${VERSION}"
  WORKING_DIRECTORY "${FOLDER}" COMMAND_ERROR_IS_FATAL ANY)
must("${CMAKE_COMMAND}" -S "${FOLDER}/archive" -B "${FOLDER}/archive/build")

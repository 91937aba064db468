# SPDX-License-Identifier: BSL-1.0
# Installs what is built in BUILD below FOLDER, and compiles PROGRAM in a project that has LINES.
cmake_minimum_required(VERSION 3.25)

function(must)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE printed ERROR_VARIABLE printed)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${printed}")
  endif()
endfunction()

file(REMOVE_RECURSE "${FOLDER}")
must("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${FOLDER}/prefix")
file(READ "${LINES}" lines)
file(WRITE "${FOLDER}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)\nproject(consume LANGUAGES CXX)\n${lines}")
file(COPY_FILE "${PROGRAM}" "${FOLDER}/main.cpp")
must("${CMAKE_COMMAND}" -S "${FOLDER}" -B "${FOLDER}/build" "-DCMAKE_PREFIX_PATH=${FOLDER}/prefix")
must("${CMAKE_COMMAND}" --build "${FOLDER}/build")

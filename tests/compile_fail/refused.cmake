# SPDX-License-Identifier: BSL-1.0
# Fails unless the compiler refuses FILE, and its first error with its notes matches the regular expression of the line
# `// message: ...` in FILE.

file(READ "${FILE}" text)
if(NOT text MATCHES "// message: ([^\n]+)\n")
  message(FATAL_ERROR "${FILE} does not say what message it wants")
endif()
set(wanted "${CMAKE_MATCH_1}")

function(compile path status_out errors_out)
  execute_process(
    COMMAND "${COMPILER}" -std=c++20 -fsyntax-only -DSSO_SEPARATE_COMPILATION "-I${INCLUDE}" -x c++ "${path}"
    RESULT_VARIABLE status ERROR_VARIABLE errors OUTPUT_QUIET)
  set(${status_out} "${status}" PARENT_SCOPE)
  set(${errors_out} "${errors}" PARENT_SCOPE)
endfunction()

compile("${FILE}" status errors)
if(status EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles")
endif()
# Only the first error counts.
string(FIND "${errors}" " error: " at)
string(SUBSTRING "${errors}" ${at} -1 shown)
if(at EQUAL -1 OR NOT shown MATCHES "${wanted}")
  message(FATAL_ERROR "no error matches \"${wanted}\":\n${errors}")
endif()
if(errors MATCHES "No such file|file not found")
  message(FATAL_ERROR "the file is refused for another reason:\n${errors}")
endif()

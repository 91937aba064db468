# SPDX-License-Identifier: BSL-1.0
# Runs after a test program is linked: writes a ctest file with one test per test case. Catch2's script does the same, but
# that of Debian 12 fails for semicolons in names.
#
# Takes PROGRAM, its Catch2's MAJOR version, FOLDER and the file to WRITE.

if(MAJOR LESS 3)
  set(list --list-test-names-only)
  set(no_match_is_an_error "--warn NoTests")
else()
  set(list --list-tests --verbosity quiet)
  set(no_match_is_an_error "--warn UnmatchedTestSpec")
endif()

# Catch2 2 returns the number of tests, not success.
execute_process(COMMAND "${PROGRAM}" ${list} OUTPUT_VARIABLE names ERROR_VARIABLE complaint RESULT_VARIABLE status)
if(NOT status MATCHES "^[0-9]+$" OR NOT names)
  message(FATAL_ERROR "${PROGRAM} lists no tests: ${status} ${complaint}")
endif()

set(script)
while(names MATCHES "^([^\n]*)\n(.*)$")
  set(name "${CMAKE_MATCH_1}")
  set(names "${CMAKE_MATCH_2}")
  if(name STREQUAL "")
    continue()
  endif()
  # These characters have a meaning in a test specification.
  string(REGEX REPLACE "([][,\\\\])" "\\\\\\1" pattern "${name}")
  string(REPLACE ";" "," title "${FOLDER}/${name}")
  string(APPEND script
    "add_test([==[${title}]==] [==[${PROGRAM}]==] [==[${pattern}]==] ${no_match_is_an_error})\n"
    "set_tests_properties([==[${title}]==] PROPERTIES TIMEOUT 120 LABELS ${FOLDER})\n")
endwhile()
file(WRITE "${WRITE}" "${script}")

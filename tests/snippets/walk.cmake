# SPDX-License-Identifier: BSL-1.0
# Follows the document DOCUMENT from top to bottom: makes its files and runs its commands in FOLDER, which is emptied first
# and has the sources of the library as `sso`. Fails if a command fails or does not print what the document shows.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/blocks.cmake")

file(REMOVE_RECURSE "${FOLDER}")
file(MAKE_DIRECTORY "${FOLDER}")
file(CREATE_LINK "${ROOT}" "${FOLDER}/sso" SYMBOLIC)

# Fails unless every line of `wanted` is in `printed`.
function(compare wanted printed)
  string(REGEX REPLACE "[][+.*()^$|?\\\\{}]" "\\\\\\0" pattern "${wanted}")
  string(REPLACE "\\.\\.\\." "[^\n]*" pattern "${pattern}")
  string(REPLACE ";" "\\;" pattern "${pattern}")
  string(REPLACE "\n" ";" lines "${pattern}")
  foreach(line IN LISTS lines)
    if(NOT line STREQUAL "" AND NOT "\n${printed}" MATCHES "\n${line}\n")
      message(FATAL_ERROR "nothing printed matches this line:\n${line}\nPrinted was:\n${printed}")
    endif()
  endforeach()
endfunction()

read_blocks("${DOCUMENT}" block)
set(i 0)
set(steps 0)
set(printed "")
while(i LESS block_COUNT)
  set(tag "${block_${i}_TAG}")
  if(tag MATCHES "^file: (.+)$")
    file(WRITE "${FOLDER}/${CMAKE_MATCH_1}" "${block_${i}_TEXT}")
  elseif(tag MATCHES "^append: (.+)$")
    file(APPEND "${FOLDER}/${CMAKE_MATCH_1}" "${block_${i}_TEXT}")
  elseif(tag STREQUAL "run")
    message(STATUS "${block_${i}_TEXT}")
    # Removes credentials from the environment: no call to a real service.
    execute_process(
      COMMAND "${CMAKE_COMMAND}" -E env --unset=KEYCARD_API_CLIENT_ID --unset=KEYCARD_API_CLIENT_SECRET
        --unset=TRUTO_API_TOKEN sh -euc "${block_${i}_TEXT}"
      WORKING_DIRECTORY "${FOLDER}"
      RESULT_VARIABLE status OUTPUT_VARIABLE printed ERROR_VARIABLE printed ECHO_OUTPUT_VARIABLE)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "failed with ${status}:\n${printed}")
    endif()
    math(EXPR steps "${steps} + 1")
  elseif(tag STREQUAL "output")
    compare("${block_${i}_TEXT}" "${printed}")
  endif()
  math(EXPR i "${i} + 1")
endwhile()
if(steps EQUAL 0)
  message(FATAL_ERROR "${DOCUMENT} has no commands to run")
endif()

# SPDX-License-Identifier: BSL-1.0
# Reads the fenced code blocks of a document with the line above each:
#
#   <!-- snippet: NAME -->    C++ or CMake that a test of this folder compiles and runs
#   <!-- file: PATH -->       a file that the reader makes, in a tutorial
#   <!-- append: PATH -->     text that the reader appends to a file
#   <!-- run -->              commands of a tutorial
#   <!-- output -->           some of what those commands print; in a line, ... stands for anything
#   <!-- not run: REASON -->  code that no test can run

# Sets PREFIX_COUNT, and for each I below it PREFIX_I_{LANGUAGE,TAG,TEXT}.
function(read_blocks document prefix)
  file(READ "${document}" rest)
  string(PREPEND rest "\n")
  set(count 0)
  string(FIND "${rest}" "\n```" at)
  while(NOT at EQUAL -1)
    string(SUBSTRING "${rest}" 0 ${at} above)
    string(FIND "${above}" "\n" line REVERSE)
    math(EXPR line "${line} + 1")
    string(SUBSTRING "${above}" ${line} -1 line_above)
    math(EXPR at "${at} + 4")
    string(SUBSTRING "${rest}" ${at} -1 rest)
    string(FIND "${rest}" "\n" begin)
    string(SUBSTRING "${rest}" 0 ${begin} language)
    string(FIND "${rest}" "\n```" end)
    if(end EQUAL -1)
      message(FATAL_ERROR "${document}: a block of code does not end")
    endif()
    math(EXPR length "${end} - ${begin}")
    string(SUBSTRING "${rest}" ${begin} ${length} text)
    if(NOT text STREQUAL "")
      string(SUBSTRING "${text}" 1 -1 text)
      string(APPEND text "\n")
    endif()
    math(EXPR end "${end} + 4")
    string(SUBSTRING "${rest}" ${end} -1 rest)

    set(tag "")
    if(line_above MATCHES "^<!-- (.*) -->$")
      set(tag "${CMAKE_MATCH_1}")
    endif()
    set(${prefix}_${count}_LANGUAGE "${language}" PARENT_SCOPE)
    set(${prefix}_${count}_TAG "${tag}" PARENT_SCOPE)
    set(${prefix}_${count}_TEXT "${text}" PARENT_SCOPE)
    math(EXPR count "${count} + 1")
    string(FIND "${rest}" "\n```" at)
  endwhile()
  set(${prefix}_COUNT ${count} PARENT_SCOPE)
endfunction()

# SPDX-License-Identifier: BSL-1.0
# Lists which part of the library includes which. Fails on a cycle, and on an include of a part above.
#
# A part is a folder with its impl/, or a header of include/sso/ with its impl/NAME.ipp.

cmake_minimum_required(VERSION 3.25)

# From the bottom to the top. A part may include only the parts before it.
set(rooms
  detail version errc error result secret field open_enum time page retry_policy observer logger runtime any_runtime
  credentials call_options ensure http response client_options json auth pipeline keycard truto doctor transports testing
  keycard.hpp truto.hpp doctor.hpp client.hpp src.hpp)
# Vendors do not include each other.
set(strangers "keycard -> truto" "truto -> keycard")

function(room_of file out)
  if(file MATCHES "^detail/beast/")
    set(room transports)
  elseif(file MATCHES "^impl/(.*)\\.ipp$")
    set(room "${CMAKE_MATCH_1}")
  elseif(file MATCHES "^([^/]+)/")
    set(room "${CMAKE_MATCH_1}")
  elseif(file MATCHES "^(keycard|truto|doctor|client|src)\\.hpp$")
    set(room "${file}")
  else()
    string(REGEX REPLACE "\\.hpp$" "" room "${file}")
  endif()
  set(${out} "${room}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE files RELATIVE "${INCLUDE}/sso" "${INCLUDE}/sso/*.hpp" "${INCLUDE}/sso/*.ipp")
list(SORT files)
if(NOT files)
  message(FATAL_ERROR "${INCLUDE}/sso has no headers")
endif()
set(arrows)
foreach(file IN LISTS files)
  room_of("${file}" from)
  list(FIND rooms "${from}" rank)
  if(rank EQUAL -1)
    message(SEND_ERROR "sso/${file} is in a folder that include_graph.cmake does not list: ${from}")
    continue()
  endif()
  file(STRINGS "${INCLUDE}/sso/${file}" lines REGEX "^# *include <sso/")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^# *include <sso/([^>]+)>.*" "\\1" included "${line}")
    room_of("${included}" to)
    if(to STREQUAL from)
      continue()
    endif()
    list(APPEND arrows "${from} -> ${to}")
    list(FIND rooms "${to}" below)
    if(below EQUAL -1 OR NOT below LESS rank OR "${from} -> ${to}" IN_LIST strangers)
      message(SEND_ERROR "sso/${file} includes sso/${included}: ${from} is not above ${to}")
    endif()
  endforeach()
endforeach()

list(REMOVE_DUPLICATES arrows)
list(SORT arrows)
foreach(arrow IN LISTS arrows)
  message(STATUS "${arrow}")
endforeach()

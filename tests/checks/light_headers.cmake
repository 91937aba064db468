# SPDX-License-Identifier: BSL-1.0
# Lists what <sso/keycard.hpp> and <sso/truto.hpp> include, and refuses the heavy libraries: the transport's in both modes,
# the parsers in the compiled mode.

function(check_header header mode)
  execute_process(
    COMMAND "${COMPILER}" -std=c++20 ${mode} -I "${INCLUDE}" -M -x c++ "${INCLUDE}/${header}"
    OUTPUT_VARIABLE files
    COMMAND_ERROR_IS_FATAL ANY)
  foreach(library IN LISTS ARGN)
    string(REGEX MATCH "[^ \n]*/${library}[/.][^ \n]*" found "${files}")
    if(found)
      message(SEND_ERROR "${header} ${mode} includes ${found}")
    endif()
  endforeach()
endfunction()

set(of_the_transport boost/beast openssl boost/asio/ssl)
foreach(header IN ITEMS sso/keycard.hpp sso/truto.hpp)
  check_header(${header} "" ${of_the_transport})
  check_header(${header} -DSSO_SEPARATE_COMPILATION ${of_the_transport} boost/url boost/json/parser)
endforeach()

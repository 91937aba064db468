# SPDX-License-Identifier: BSL-1.0
# Lists what <sso/keycard.hpp> and <sso/truto.hpp> include in the compiled mode and refuses the heavy libraries.

foreach(header IN ITEMS sso/keycard.hpp sso/truto.hpp)
  if(NOT EXISTS "${INCLUDE}/${header}")
    message(FATAL_ERROR "${header} does not exist")
  endif()
  execute_process(
    COMMAND "${COMPILER}" -std=c++20 -DSSO_SEPARATE_COMPILATION -I "${INCLUDE}" -M -x c++ "${INCLUDE}/${header}"
    OUTPUT_VARIABLE files
    COMMAND_ERROR_IS_FATAL ANY)
  foreach(library IN ITEMS boost/beast openssl boost/asio/ssl boost/url boost/json/parser)
    string(REGEX MATCH "[^ \n]*/${library}[/.][^ \n]*" found "${files}")
    if(found)
      message(SEND_ERROR "${header} includes ${found}")
    endif()
  endforeach()
endforeach()

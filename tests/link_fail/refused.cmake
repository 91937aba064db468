# SPDX-License-Identifier: BSL-1.0
# Links a program of two files: with FLAG for both and for neither, which must succeed, and for one only, which must fail
# with a message that has NAME.
file(MAKE_DIRECTORY "${WORK}")
file(WRITE "${WORK}/main.cpp" "#include <sso/detail/config.hpp>\nint other();\nint main() { return other(); }\n")
file(WRITE "${WORK}/other.cpp" "#include <sso/detail/config.hpp>\nint other() { return 0; }\n")

foreach(file IN ITEMS main other)
  execute_process(COMMAND "${COMPILER}" -std=c++20 "-I${INCLUDE}" -c "${WORK}/${file}.cpp" -o "${WORK}/${file}.o"
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND "${COMPILER}" -std=c++20 "-I${INCLUDE}" "${FLAG}" -c "${WORK}/${file}.cpp"
      -o "${WORK}/${file}_with.o"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()

execute_process(COMMAND "${COMPILER}" "${WORK}/main.o" "${WORK}/other.o" -o "${WORK}/program"
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${COMPILER}" "${WORK}/main_with.o" "${WORK}/other_with.o" -o "${WORK}/program"
  COMMAND_ERROR_IS_FATAL ANY)
foreach(pair IN ITEMS "main;other_with" "main_with;other")
  list(GET pair 0 first)
  list(GET pair 1 second)
  execute_process(COMMAND "${COMPILER}" "${WORK}/${first}.o" "${WORK}/${second}.o" -o "${WORK}/program"
    RESULT_VARIABLE status ERROR_VARIABLE message)
  if(status EQUAL 0)
    message(FATAL_ERROR "linked ${first}.o with ${second}.o")
  elseif(NOT message MATCHES "files_differ_in_${NAME}")
    message(FATAL_ERROR "refused for another reason: ${message}")
  endif()
endforeach()

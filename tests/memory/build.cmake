# Builds the programs once more, with other options: cmake -DFOLDER=... -DOPTIONS=... -DTARGETS=... -P build.cmake; lists are
# parted by commas. Quiet where it goes well.
string(REPLACE "," ";" OPTIONS "${OPTIONS}")
string(REPLACE "," ";" TARGETS "${TARGETS}")
foreach(step "-S;${CMAKE_CURRENT_LIST_DIR}/../..;-B;${FOLDER};-G;Ninja;${OPTIONS}" "--build;${FOLDER};--target;${TARGETS}")
  execute_process(COMMAND ${CMAKE_COMMAND} ${step} OUTPUT_VARIABLE said ERROR_VARIABLE said RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    string(REGEX REPLACE "\\[[0-9]+/[0-9]+\\][^\n]*\n" "" said "${said}")
    message(FATAL_ERROR "${FOLDER}: ${said}")
  endif()
endforeach()

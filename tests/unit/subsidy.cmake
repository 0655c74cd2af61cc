foreach(part hostile reservation explain funnel settlement claim advance standard pack audit places reassessment backwards
    correction)
  jineng_unit_test(subsidy-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
endforeach()
foreach(part way gate case)
  jineng_unit_test(subsidy-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_going.c ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
endforeach()

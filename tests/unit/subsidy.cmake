foreach(part explain funnel settlement claim advance standard audit reassessment backwards)
  jineng_unit_test(subsidy-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
endforeach()

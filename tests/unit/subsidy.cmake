foreach(part hostile reservation explain settlement claim advance standard pack registers reassessment backwards correction)
  jineng_unit_test(subsidy-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
endforeach()
jineng_unit_test(subsidy-places SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_places.c
  ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_enterprise.c ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
jineng_unit_test(subsidy-audit SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_audit.c
  ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_audit_spoiled.c ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_audit_way.c
  ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_going.c
  ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
foreach(part way gate case funnel)
  jineng_unit_test(subsidy-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_going.c ${CMAKE_CURRENT_SOURCE_DIR}/subsidy_given.c LINKS jn_subsidy)
endforeach()

# Certification's stories: results as they come in, papers once they are out, and the audit.
jineng_unit_test(certification SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/certification.c
  ${CMAKE_CURRENT_SOURCE_DIR}/certification_given.c LINKS jn_certification)
foreach(part papers audit)
  jineng_unit_test(certification-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/certification_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/certification_given.c LINKS jn_certification)
endforeach()

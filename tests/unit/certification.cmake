jineng_unit_test(certification SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/certification.c
  ${CMAKE_CURRENT_SOURCE_DIR}/certification_given.c LINKS jn_certification)
jineng_unit_test(certification-papers SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/certification_papers.c
  ${CMAKE_CURRENT_SOURCE_DIR}/certification_given.c LINKS jn_certification)

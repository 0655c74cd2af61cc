jineng_unit_test(json SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/json.c LINKS jn_runtime)

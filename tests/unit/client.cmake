jineng_unit_test(client SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/client.c LINKS jn_runtime)

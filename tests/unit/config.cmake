jineng_unit_test(config SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/config.c LINKS jn_runtime)

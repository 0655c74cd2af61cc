jineng_unit_test(runtime-sm3 SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_sm3.c LINKS jn_runtime)

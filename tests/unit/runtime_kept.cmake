jineng_unit_test(runtime-kept SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_kept.c LINKS jn_runtime)

jineng_unit_test(runtime-pack SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_pack.c LINKS jn_runtime)

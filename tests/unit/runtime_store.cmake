jineng_unit_test(runtime-store SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_store.c LINKS jn_probe)

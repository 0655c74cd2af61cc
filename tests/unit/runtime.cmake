jineng_unit_test(runtime-fold SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_fold.c LINKS jn_probe)

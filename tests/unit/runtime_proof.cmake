jineng_unit_test(runtime-proof SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_proof.c LINKS jn_probe)

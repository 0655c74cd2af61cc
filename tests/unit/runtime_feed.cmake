jineng_unit_test(runtime-feed SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/runtime_feed.c LINKS jn_probe)

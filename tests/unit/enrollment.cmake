# Enrollment's stories, a program a chapter.
foreach(chapter directory people class attestation finish audit)
  jineng_unit_test(enrollment-${chapter} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/enrollment_${chapter}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/enrollment_story.c LINKS jn_enrollment)
endforeach()

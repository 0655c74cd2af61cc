# Notification's stories, a program a chapter.
foreach(part inbox deadline told audit)
  jineng_unit_test(notification-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/notification_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/notification_given.c LINKS jn_notification)
endforeach()

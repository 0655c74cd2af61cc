foreach(part inbox deadline told)
  jineng_unit_test(notification-${part} SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/notification_${part}.c
    ${CMAKE_CURRENT_SOURCE_DIR}/notification_given.c LINKS jn_notification)
endforeach()

/* What the stories about notification begin with: inboxes, and what the other services said. */
#ifndef TESTS_UNIT_NOTIFICATION_GIVEN_H
#define TESTS_UNIT_NOTIFICATION_GIVEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "domain/date.h"
#include "notification/notification.h"
#include "runtime/world.h"

#define KIND(name)   NOTIFICATION__KIND__##name
#define BIT(name)    (1u << COMMON__GROUP__##name)
#define EVENT(name)  NOTIFICATION__EVENT__BODY_##name
#define CHANGAN      130102 /* 长安区 */
#define ZHENGDING    130123 /* 正定县 */
#define SHIJIAZHUANG 130100

extern struct jn_world *w;
extern struct jn_agency administration;

/* The service that fresh worlds are of: notification's own, unless a story puts a spoiled one there. */
extern const struct jn_service *service;

/* A fresh world on Monday, 2020-06-15. */
int fresh(void **state);
int gone(void **state);
#define STORY(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int32_t day_of(const char *text);
void advance_to(const char *day);

/* An inbox that wants one kind, or every kind where 0; change it before it is opened, and open it before the
 * next is made. */
Notification__OpenInbox inbox_of(const char *agency, Notification__Kind kind);
enum jn_code open_inbox(const Notification__OpenInbox *facts);
/* Opens one for everything, with scopes where given. */
void inbox_for(const char *agency, uint32_t division, uint32_t groups, bool women);
void inbox_of_department(const char *agency, Common__Department department, uint32_t division, uint32_t answer_days);

/* What enrollment said. */
void filed(uint64_t class, uint32_t division);
void opened(uint64_t class, uint32_t groups, uint32_t women);
void finished(uint64_t class, uint32_t groups, uint32_t women);
void stopped(uint64_t class);
void cancelled(uint64_t class);

/* How many items an agency has, and one of them; NULL where there is none. Good until the next question. */
size_t items(const char *agency);
const Notification__Item *item(const char *agency, uint64_t number);
const Notification__InboxShort *shelf(const char *agency);

#endif

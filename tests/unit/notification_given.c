/* What the stories about notification begin with. */
#include "notification_given.h"

struct jn_world *w;
struct jn_agency administration;
const struct jn_service *service = &notification_service;

int
fresh(void **state)
{
    (void)state;
    administration = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    w = jn_world_open(service, date_to_ms(day_of("2020-06-15")));
    return 0;
}

int
gone(void **state)
{
    (void)state;
    jn_world_close(w);
    return 0;
}

int32_t
day_of(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

void
advance_to(const char *day)
{
    jn_world_advance(w, date_to_ms(day_of(day)));
}

Notification__OpenInbox
inbox_of(const char *agency, Notification__Kind kind)
{
    static Notification__Kind all[KIND_LAST], one;
    Notification__OpenInbox facts = NOTIFICATION__OPEN_INBOX__INIT;

    facts.agency = (char *)(uintptr_t)agency;
    for (int i = KIND_FIRST; i <= KIND_LAST; i++)
        all[i - 1] = (Notification__Kind)i;
    one = kind;
    facts.n_kinds = kind == 0 ? KIND_LAST : 1;
    facts.kinds = kind == 0 ? all : &one;
    return facts;
}

enum jn_code
open_inbox(const Notification__OpenInbox *facts)
{
    return jn_world_command(w, &administration, "OpenInbox", facts, NULL);
}

void
inbox_for(const char *agency, uint32_t division, uint32_t groups, bool women)
{
    Notification__OpenInbox facts = inbox_of(agency, 0);

    facts.n_divisions = division != 0;
    facts.divisions = &division;
    facts.groups = groups;
    facts.women = women;
    assert_int_equal(open_inbox(&facts), JN_OK);
}

void
inbox_of_department(const char *agency, Common__Department department, uint32_t division, uint32_t answer_days)
{
    Notification__OpenInbox facts = NOTIFICATION__OPEN_INBOX__INIT;

    facts.agency = (char *)(uintptr_t)agency;
    facts.department = department;
    facts.n_divisions = division != 0;
    facts.divisions = &division;
    facts.answer_days = answer_days;
    assert_int_equal(open_inbox(&facts), JN_OK);
}

void
filed(uint64_t class, uint32_t division)
{
    Enrollment__ClassFiled event = ENROLLMENT__CLASS_FILED__INIT;
    char class_no[16];

    snprintf(class_no, sizeof(class_no), "C-%u", (unsigned)class);
    event.class_ = class;
    event.class_no = class_no;
    event.division = division;
    event.capacity = 50;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, &event);
}

void
opened(uint64_t class, uint32_t groups, uint32_t women)
{
    Enrollment__ClassOpened event = ENROLLMENT__CLASS_OPENED__INIT;

    event.class_ = class;
    event.enrolled = 40;
    event.groups = groups;
    event.women = women;
    event.first_request = class * 10;
    event.requests = 2;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, &event);
}

void
finished(uint64_t class, uint32_t groups, uint32_t women)
{
    Enrollment__ClassFinished event = ENROLLMENT__CLASS_FINISHED__INIT;

    event.class_ = class;
    event.count = 40;
    event.groups = groups;
    event.women = women;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FINISHED, &event);
}

void
stopped(uint64_t class)
{
    Enrollment__ClassStopped event = ENROLLMENT__CLASS_STOPPED__INIT;

    event.class_ = class;
    event.division = CHANGAN;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, &event);
}

void
cancelled(uint64_t class)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;

    event.class_ = class;
    event.division = CHANGAN;
    event.document = (char *)"石人社取消〔2020〕1号";
    event.reason = (char *)"it was never held";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
}

static const Notification__InboxView *
read_inbox(const char *agency, uint64_t after, uint32_t limit)
{
    struct jn_agency who = jn_world_agency(agency, ROLE_INBOX);
    Notification__InboxRequest request = NOTIFICATION__INBOX_REQUEST__INIT;
    const void *reply;

    request.after = after;
    request.limit = limit;
    assert_int_equal(jn_world_query(w, &who, "Inbox", &request, &reply), JN_OK);
    return reply;
}

size_t
items(const char *agency)
{
    const Notification__InboxView *view = read_inbox(agency, 0, 200);

    assert_int_equal(view->last, view->n_items);
    return view->n_items;
}

const Notification__Item *
item(const char *agency, uint64_t number)
{
    const Notification__InboxView *view = read_inbox(agency, number - 1, 1);

    return view->n_items == 1 ? view->items[0] : NULL;
}

const Notification__InboxShort *
shelf(const char *agency)
{
    Notification__InboxesRequest request = NOTIFICATION__INBOXES_REQUEST__INIT;
    const Notification__InboxesView *view;

    assert_int_equal(jn_world_query(w, &administration, "Inboxes", &request, (const void **)&view), JN_OK);
    for (size_t i = 0; i < view->n_rows; i++)
        if (!strcmp(view->rows[i]->agency, agency))
            return view->rows[i];
    return NULL;
}

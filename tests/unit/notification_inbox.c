/* Notification: inboxes and their scopes. Given an inbox, when something happens, then it is told or not. */
#include "notification_given.h"

static void
an_inbox_is_told_what_it_asked_for(void **state)
{
    Notification__OpenInbox finance = inbox_of("finance", KIND(CLASS_OPENED));

    (void)state;
    assert_int_equal(open_inbox(&finance), JN_OK);
    filed(1, CHANGAN);
    assert_int_equal(items("finance"), 0);
    assert_int_equal(jn_world_count(w, EVENT(DELIVERED)), 0);
    opened(1, BIT(VETERAN), 7);
    assert_int_equal(items("finance"), 1);
    assert_int_equal(item("finance", 1)->kind, KIND(CLASS_OPENED));
    assert_int_equal(item("finance", 1)->number, 1);
    assert_string_equal(item("finance", 1)->service, "enrollment");
    assert_int_equal(item("finance", 1)->block, 2);
    assert_int_equal(item("finance", 1)->time_ms, date_to_ms(day_of("2020-06-15")));
    assert_string_equal(item("finance", 1)->class_no, "C-1");
    assert_int_equal(item("finance", 1)->division, CHANGAN);
    assert_int_equal(item("finance", 1)->count, 40);
    assert_int_equal(item("finance", 1)->due_day, 0);
}

static void
one_event_reaches_all_its_inboxes_at_once(void **state)
{
    const Notification__Delivered *delivered;

    (void)state;
    inbox_for("finance", 0, 0, false);
    inbox_for("youth_league", 0, 0, false);
    filed(1, CHANGAN);
    filed(2, ZHENGDING);
    assert_int_equal(jn_world_count(w, EVENT(DELIVERED)), 2);
    delivered = jn_world_last(w, EVENT(DELIVERED));
    assert_int_equal(delivered->n_inboxes, 2);
    assert_int_equal(delivered->numbers[0], 2);
    assert_int_equal(delivered->n_due_days, 0);
    assert_int_equal(items("finance"), 2);
    assert_int_equal(items("youth_league"), 2);
}

static void
a_county_is_told_of_itself_and_of_its_city(void **state)
{
    Ledger__Appropriated appropriated = LEDGER__APPROPRIATED__INIT;

    (void)state;
    inbox_for("zhengding.finance", ZHENGDING, 0, false);
    inbox_for("city.finance", SHIJIAZHUANG, 0, false);
    inbox_for("province.finance", 130000, 0, false);
    filed(1, CHANGAN);
    assert_int_equal(items("zhengding.finance"), 0);
    assert_int_equal(items("city.finance"), 1);
    assert_int_equal(items("province.finance"), 1);
    filed(2, ZHENGDING);
    assert_int_equal(items("zhengding.finance"), 1);
    appropriated.division = SHIJIAZHUANG;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_APPROPRIATED, &appropriated);
    assert_int_equal(items("zhengding.finance"), 2);
    appropriated.division = 120101;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_APPROPRIATED, &appropriated);
    assert_int_equal(items("province.finance"), 3);
    assert_int_equal(items("city.finance"), 3);
}

static void
a_department_is_told_of_its_groups(void **state)
{
    (void)state;
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("disabled_federation", 0, BIT(DISABLED), false);
    filed(1, CHANGAN);
    assert_int_equal(items("veterans"), 1); /* nobody knows yet who will come */
    opened(1, BIT(DISABLED) | BIT(FARMER), 7);
    assert_int_equal(items("veterans"), 1);
    assert_int_equal(items("disabled_federation"), 2);
    finished(1, BIT(VETERAN), 7); /* attested groups count from here on */
    assert_int_equal(items("veterans"), 2);
    assert_int_equal(items("disabled_federation"), 2);
}

static void
a_class_filed_for_a_group_concerns_that_group(void **state)
{
    Enrollment__ClassFiled event = ENROLLMENT__CLASS_FILED__INIT;

    (void)state;
    inbox_for("veterans", 0, BIT(VETERAN), false);
    inbox_for("womens_federation", 0, 0, true);
    event.class_ = 1;
    event.class_no = (char *)(uintptr_t) "C-1";
    event.for_group = COMMON__GROUP__FARMER;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, &event);
    assert_int_equal(jn_world_count(w, EVENT(DELIVERED)), 0);
    event.class_ = 2;
    event.for_group = COMMON__GROUP__VETERAN;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, &event);
    assert_int_equal(items("veterans"), 1);
    assert_int_equal(items("womens_federation"), 0);
}

static void
the_womens_federation_is_told_of_classes_with_women(void **state)
{
    (void)state;
    inbox_for("womens_federation", 0, 0, true);
    inbox_for("both", 0, BIT(UNEMPLOYED), true);
    filed(1, CHANGAN);
    filed(2, CHANGAN);
    assert_int_equal(items("womens_federation"), 2);
    opened(1, BIT(UNEMPLOYED), 0);
    assert_int_equal(items("womens_federation"), 2);
    assert_int_equal(items("both"), 3);
    opened(2, BIT(FARMER), 1);
    assert_int_equal(items("womens_federation"), 3);
    assert_int_equal(items("both"), 4);
}

static void
opening_again_with_other_facts_changes_the_inbox(void **state)
{
    Notification__OpenInbox facts;
    const Notification__Done *done;

    (void)state;
    inbox_for("first", 0, 0, false);
    facts = inbox_of("industry", KIND(CLASS_FILED));
    assert_int_equal(open_inbox(&facts), JN_OK);
    assert_int_equal(open_inbox(&facts), JN_OK);
    assert_int_equal(jn_world_count(w, EVENT(INBOX_OPENED)), 2);
    facts = inbox_of("industry", KIND(CLASS_STOPPED));
    assert_int_equal(jn_world_command(w, &administration, "OpenInbox", &facts, (const void **)&done), JN_OK);
    assert_int_equal(done->number, 2);
    assert_int_equal(jn_world_count(w, EVENT(INBOX_OPENED)), 3);
    filed(1, CHANGAN);
    assert_int_equal(items("industry"), 0);
    stopped(1);
    assert_int_equal(items("industry"), 1);
    assert_int_equal(items("first"), 2);
}

static void
an_inbox_that_makes_no_sense_is_refused(void **state)
{
    static Notification__Kind twice[2] = {KIND(PAID), KIND(PAID)}, unknown = (Notification__Kind)99, none = 0;
    static uint32_t too_many[65], same[2] = {CHANGAN, CHANGAN}, short_code = 1301;
    Notification__OpenInbox facts = inbox_of("", 0);

    (void)state;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts = inbox_of("Big Agency", 0);
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts = inbox_of("a.name.of.forty-eight.characters.is.one.too.many", 0);
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts = inbox_of("agency", 0);
    facts.department = (Common__Department)10;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.department = (Common__Department)-1;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.department = COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED;
    facts.n_kinds = 2;
    facts.kinds = twice;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.n_kinds = 1;
    facts.kinds = &unknown;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.kinds = &none;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.n_kinds = 0;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts = inbox_of("agency", 0);
    facts.n_divisions = 65;
    facts.divisions = too_many;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.n_divisions = 2;
    facts.divisions = same;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.n_divisions = 1;
    facts.divisions = &short_code;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.n_divisions = 0;
    facts.groups = 1; /* unspecified is no group */
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.groups = 1u << 14;
    assert_int_equal(open_inbox(&facts), JN_MALFORMED);
    facts.groups = BIT(FARMER);
    facts.answer_days = 61;
    assert_int_equal(open_inbox(&facts), JN_OUT_OF_LIMITS);
    facts.answer_days = 60;
    assert_int_equal(open_inbox(&facts), JN_OK);
    assert_int_equal(jn_world_count(w, EVENT(INBOX_OPENED)), 1);
}

static void
there_are_as_many_inboxes_as_agencies_and_no_more(void **state)
{
    Notification__OpenInbox facts;
    char agency[16];

    (void)state;
    for (int i = 0; i < INBOXES_MAX; i++) {
        snprintf(agency, sizeof(agency), "agency%d", i);
        facts = inbox_of(agency, KIND(PAID));
        assert_int_equal(open_inbox(&facts), JN_OK);
    }
    facts = inbox_of("one.more", KIND(PAID));
    assert_int_equal(open_inbox(&facts), JN_OUT_OF_LIMITS);
    facts = inbox_of("agency7", KIND(CLASS_FILED));
    assert_int_equal(open_inbox(&facts), JN_OK);
    filed(1, CHANGAN);
    assert_int_equal(items("agency7"), 1);
}

static void
only_its_own_agency_reads_and_acknowledges_an_inbox(void **state)
{
    struct jn_agency stranger = jn_world_agency("stranger", ROLE_INBOX);
    struct jn_agency finance = jn_world_agency("finance", ROLE_FINANCE);
    Notification__InboxRequest request = NOTIFICATION__INBOX_REQUEST__INIT;
    Notification__InboxesRequest shelves = NOTIFICATION__INBOXES_REQUEST__INIT;
    Notification__Acknowledge through = NOTIFICATION__ACKNOWLEDGE__INIT;
    Notification__OpenInbox facts = inbox_of("finance", 0);

    (void)state;
    inbox_for("finance", 0, 0, false);
    filed(1, CHANGAN);
    request.limit = 1;
    through.through = 1;
    assert_int_equal(jn_world_query(w, &stranger, "Inbox", &request, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(w, &stranger, "Acknowledge", &through, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(w, &finance, "Acknowledge", &through, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(w, &finance, "OpenInbox", &facts, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(w, &finance, "Inboxes", &shelves, NULL), JN_DENIED);
}

static void
an_inbox_is_read_page_by_page(void **state)
{
    struct jn_agency finance = jn_world_agency("finance", ROLE_INBOX);
    Notification__InboxRequest request = NOTIFICATION__INBOX_REQUEST__INIT;
    const Notification__InboxView *view;

    (void)state;
    inbox_for("finance", 0, 0, false);
    inbox_for("other", 0, 0, false);
    for (uint64_t class = 1; class <= 5; class ++)
        filed(class, CHANGAN);
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, NULL), JN_MALFORMED);
    request.limit = 201;
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, NULL), JN_MALFORMED);
    request.limit = 2;
    request.after = UINT64_MAX;
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, NULL), JN_MALFORMED);
    request.after = 3;
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, (const void **)&view), JN_OK);
    assert_int_equal(view->n_items, 2);
    assert_int_equal(view->items[0]->number, 4);
    assert_int_equal(view->last, 5);
    request.after = 5;
    assert_int_equal(jn_world_query(w, &finance, "Inbox", &request, (const void **)&view), JN_OK);
    assert_int_equal(view->n_items, 0); /* and not the next inbox's */
}

static enum jn_code
acknowledge(const char *agency, uint64_t through)
{
    struct jn_agency who = jn_world_agency(agency, ROLE_INBOX);
    Notification__Acknowledge cmd = NOTIFICATION__ACKNOWLEDGE__INIT;

    cmd.through = through;
    return jn_world_command(w, &who, "Acknowledge", &cmd, NULL);
}

static void
acknowledging_is_cumulative(void **state)
{
    (void)state;
    inbox_for("finance", 0, 0, false);
    for (uint64_t class = 1; class <= 3; class ++)
        filed(class, CHANGAN);
    assert_int_equal(acknowledge("finance", 0), JN_MALFORMED);
    assert_int_equal(acknowledge("finance", 4), JN_OUT_OF_LIMITS);
    assert_int_equal(acknowledge("finance", 2), JN_OK);
    assert_int_equal(acknowledge("finance", 1), JN_OK);
    assert_int_equal(jn_world_count(w, EVENT(ACKNOWLEDGED)), 1);
    assert_int_equal(shelf("finance")->acknowledged, 2);
    assert_int_equal(shelf("finance")->delivered, 3);
    assert_int_equal(shelf("finance")->overdue, 0);
    assert_int_equal(acknowledge("finance", 3), JN_OK);
    assert_int_equal(shelf("finance")->acknowledged, 3);
    assert_null(shelf("nobody"));
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(an_inbox_is_told_what_it_asked_for),
        STORY(one_event_reaches_all_its_inboxes_at_once),
        STORY(a_county_is_told_of_itself_and_of_its_city),
        STORY(a_department_is_told_of_its_groups),
        STORY(a_class_filed_for_a_group_concerns_that_group),
        STORY(the_womens_federation_is_told_of_classes_with_women),
        STORY(opening_again_with_other_facts_changes_the_inbox),
        STORY(an_inbox_that_makes_no_sense_is_refused),
        STORY(there_are_as_many_inboxes_as_agencies_and_no_more),
        STORY(only_its_own_agency_reads_and_acknowledges_an_inbox),
        STORY(an_inbox_is_read_page_by_page),
        STORY(acknowledging_is_cumulative),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

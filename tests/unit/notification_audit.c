/* Notification: the audit sees what was tampered with, and a disk without room undoes a step as a whole. */
#include <lmdb.h>
#include <stdlib.h>

#include "notification_given.h"

#include "runtime/tables.h"

/* ---- A service whose Acknowledge spoils a row, and whose audit is only listened to ---- */

static void (*spoil)(struct jn_tables *t);
static size_t findings;
static char heard[8192];

static void
apply_spoiled(struct jn_tables *t, const Notification__Acknowledged *event, const struct jn_stamp *stamp)
{
    (void)event;
    (void)stamp;
    spoil(t);
}

static void
listen(struct jn_audit *audit)
{
    struct jn_audit own = {.view = audit->view};

    notification_service.audit(&own);
    findings = own.findings;
    heard[0] = '\0';
    if (own.text)
        strncpy(heard, own.text, sizeof(heard) - 1);
    free(own.text);
}

/* Its events are the service's own but for one. */
static struct jn_service
with_apply(uint32_t type, jn_any_fn apply)
{
    static struct jn_event events[16];
    struct jn_service changed = notification_service;

    assert_true(changed.events_count <= 16);
    memcpy(events, changed.events, changed.events_count * sizeof(events[0]));
    for (size_t i = 0; i < changed.events_count; i++)
        if (events[i].type == type)
            events[i].apply = apply;
    changed.events = events;
    return changed;
}

static enum jn_code
acknowledge(void)
{
    struct jn_agency veterans = jn_world_agency("veterans", ROLE_INBOX);
    Notification__Acknowledge cmd = NOTIFICATION__ACKNOWLEDGE__INIT;

    cmd.through = 1;
    return jn_world_command(w, &veterans, "Acknowledge", &cmd, NULL);
}

/* ---- What is spoiled: inbox 1 of the veterans' office with request 7 as item 1, inbox 2 for everything ---- */

static Notification__Item
first_item(struct jn_tables *t)
{
    return *(const Notification__Item *)jn_get(jn_view_of(t), TABLE_ITEM, JN_KEY(1, 1));
}

static void
item_renumbered(struct jn_tables *t)
{
    Notification__Item row = first_item(t);

    row.number = 3;
    jn_put(t, TABLE_ITEM, JN_KEY(1, 1), &row);
}

static void
item_overdue_uncounted(struct jn_tables *t)
{
    Notification__Item row = first_item(t);

    row.overdue = true;
    jn_put(t, TABLE_ITEM, JN_KEY(1, 1), &row);
}

static void
item_answered_in_secret(struct jn_tables *t)
{
    Notification__Item row = first_item(t);

    row.answered = true;
    jn_put(t, TABLE_ITEM, JN_KEY(1, 1), &row);
}

static void
item_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_ITEM, JN_KEY(1, 1));
}

static void
agency_renamed(struct jn_tables *t)
{
    Notification__OpenInbox row = *inbox_find(jn_view_of(t), 1);

    row.agency = (char *)(uintptr_t) "finance";
    jn_put(t, TABLE_INBOX, JN_KEY(1), &row);
}

static void
acknowledged_too_far(struct jn_tables *t)
{
    Notification__HeadsRow heads = inbox_heads(jn_view_of(t));

    heads.acknowledged[0] = 9;
    inbox_heads_put(t, &heads);
}

static void
kind_forced_upon_it(struct jn_tables *t)
{
    Notification__WantedRow row = *scope_wanted(jn_view_of(t), KIND(PAID));

    row.subscribers[0]->inbox = 1;
    jn_put(t, TABLE_WANTED, JN_KEY(KIND(PAID)), &row);
}

static void
kind_withheld(struct jn_tables *t)
{
    jn_delete(t, TABLE_WANTED, JN_KEY(KIND(PAID)));
}

static void
nothing_left_to_answer(struct jn_tables *t)
{
    Notification__Awaited row = *deadline_awaited(jn_view_of(t), 7);

    row.n_seats = row.n_groups = 0;
    jn_put(t, TABLE_AWAITED, JN_KEY(7), &row);
}

static void
parked_for_what_has_come(struct jn_tables *t)
{
    Notification__Parked row = NOTIFICATION__PARKED__INIT;
    Notification__Item item = first_item(t);

    item.class_ = 1;
    row.item = &item;
    row.needs = NOTIFICATION__CLASS_STAGE__STAGE_FILED;
    jn_put(t, TABLE_PARKED, JN_KEY(1, 1), &row);
}

static void
inbox_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_INBOX, JN_KEY(2));
}

static const struct {
    void (*how)(struct jn_tables *t);
    const char *says;
} spoils[] = {
    {item_renumbered, "inbox 1: item 3 stands where item 1 should"},
    {item_overdue_uncounted, "inbox 1: 1 items overdue, 0 kept"},
    {item_answered_in_secret, "request 7: its item in inbox 1 says otherwise"},
    {item_lost, "inbox 1: 0 items, the last has number 1"},
    {agency_renamed, "inbox 1: its agency leads elsewhere"},
    {acknowledged_too_far, "inbox 1: more is acknowledged than was delivered"},
    {kind_forced_upon_it, "inbox 1 did not ask for it"},
    {kind_withheld, "kinds are wanted by inboxes that are not listed"},
    {nothing_left_to_answer, "request 7: awaited with nothing left to answer"},
    {parked_for_what_has_come, "class 1: an item waits for what has come"},
    {inbox_lost, "1 inboxes, the last has number 2"},
};

static void
given_a_request(void)
{
    Enrollment__AttestationRequested event = ENROLLMENT__ATTESTATION_REQUESTED__INIT;
    Enrollment__AttestationRow row = ENROLLMENT__ATTESTATION_ROW__INIT, *rows[1] = {&row};

    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    inbox_for("all", 0, 0, false);
    filed(1, CHANGAN);
    row.seat = 1;
    row.groups = BIT(VETERAN);
    event.request = 7;
    event.class_ = 1;
    event.department = COMMON__DEPARTMENT__VETERANS;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED, &event);
}

static void
the_audit_sees_what_was_spoiled(void **state)
{
    struct jn_service spoiled = with_apply(EVENT(ACKNOWLEDGED), JN_FN(apply_spoiled));

    spoiled.audit = listen;
    service = &spoiled;
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        spoil = spoils[i].how;
        fresh(state);
        given_a_request();
        assert_int_equal(findings, 0);
        assert_int_equal(acknowledge(), JN_OK);
        if (findings == 0 || !strstr(heard, spoils[i].says))
            fail_msg("spoil %zu: \"%s\" does not say \"%s\"", i, heard, spoils[i].says);
        gone(state);
    }
    service = &notification_service;
}

/* ---- A disk without room ---- */

static bool full;
static uint32_t full_at;

/* As if the first put of the event had found no room. */
static void
apply_full(struct jn_tables *t, const void *event, const struct jn_stamp *stamp)
{
    if (full)
        t->error = MDB_MAP_FULL;
    for (size_t i = 0; i < notification_service.events_count; i++) {
        const struct jn_event *known = &notification_service.events[i];

        if (known->type == full_at)
            ((void (*)(struct jn_tables *, const void *, const struct jn_stamp *))known->apply)(t, event, stamp);
    }
}

static void
without_room_a_deadline_stays_due(void **state)
{
    struct jn_service cramped = with_apply(EVENT(OVERDUE), JN_FN(apply_full));

    service = &cramped;
    full_at = EVENT(OVERDUE);
    full = false;
    fresh(state);
    given_a_request();
    full = true;
    advance_to("2020-06-23");
    assert_int_equal(shelf("veterans")->overdue, 0);
    full = false;
    advance_to("2020-06-24");
    assert_int_equal(shelf("veterans")->overdue, 1);
    gone(state);
    service = &notification_service;
}

static void
without_room_nothing_is_opened_or_acknowledged(void **state)
{
    struct jn_service cramped = with_apply(EVENT(ACKNOWLEDGED), JN_FN(apply_full));
    Notification__OpenInbox facts;

    service = &cramped;
    full_at = EVENT(ACKNOWLEDGED);
    full = false;
    fresh(state);
    given_a_request();
    full = true;
    assert_int_equal(acknowledge(), JN_UNAVAILABLE);
    full = false;
    assert_int_equal(shelf("veterans")->acknowledged, 0);
    assert_int_equal(acknowledge(), JN_OK);
    gone(state);

    cramped = with_apply(EVENT(INBOX_OPENED), JN_FN(apply_full));
    full_at = EVENT(INBOX_OPENED);
    fresh(state);
    facts = inbox_of("finance", KIND(PAID));
    full = true;
    assert_int_equal(open_inbox(&facts), JN_UNAVAILABLE);
    full = false;
    assert_null(shelf("finance"));
    assert_int_equal(open_inbox(&facts), JN_OK);
    gone(state);
    service = &notification_service;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_sees_what_was_spoiled),
        cmocka_unit_test(without_room_a_deadline_stays_due),
        cmocka_unit_test(without_room_nothing_is_opened_or_acknowledged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

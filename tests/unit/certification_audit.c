/* Certification: the audit sees what was tampered with, and a disk without room undoes a step as a whole. */
#include <lmdb.h>
#include <stdlib.h>

#include "certification_given.h"

#include "runtime/tables.h"

/* ---- A service whose SetBase spoils a row, and whose audit is only listened to ---- */

static void (*spoil)(struct jn_tables *t);
static size_t findings;
static char heard[2048];

static void
apply_spoiled(struct jn_tables *t, const Certification__BaseSet *event, const struct jn_stamp *stamp)
{
    (void)event;
    (void)stamp;
    spoil(t);
}

static void
listen(struct jn_audit *audit)
{
    struct jn_audit own = {.view = audit->view};

    certification_service.audit(&own);
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
    struct jn_service changed = certification_service;

    assert_true(changed.events_count <= 16);
    memcpy(events, changed.events, changed.events_count * sizeof(events[0]));
    for (size_t i = 0; i < changed.events_count; i++)
        if (events[i].type == type)
            events[i].apply = apply;
    changed.events = events;
    return changed;
}

static enum jn_code
set_base(void)
{
    struct jn_agency administration = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    Certification__SetBase cmd = CERTIFICATION__SET_BASE__INIT;

    cmd.year = 2020;
    cmd.employed = 1000;
    return jn_world_command(w, &administration, "SetBase", &cmd, NULL);
}

/* ---- What is spoiled: class 1 with four seats, certificates 1 and 2 together, 3 with the number of 1; 2 is revoked
 * ---- */

static Certification__ResultsRow
first_results(struct jn_tables *t)
{
    return *(const Certification__ResultsRow *)jn_get(jn_view_of(t), TABLE_RESULTS, JN_KEY(2));
}

static void
result_of_another_seat(struct jn_tables *t)
{
    Certification__ResultsRow row = first_results(t);

    row.rows[0]->seat = 4;
    jn_put(t, TABLE_RESULTS, JN_KEY(2), &row);
}

static void
revocation_forgotten(struct jn_tables *t)
{
    Certification__ResultsRow row = first_results(t);

    row.n_revoked = 0;
    jn_put(t, TABLE_RESULTS, JN_KEY(2), &row);
}

static void
evaluator_invented(struct jn_tables *t)
{
    Certification__ResultsRow row = first_results(t);

    row.rows[0]->evaluator = 9;
    jn_put(t, TABLE_RESULTS, JN_KEY(2), &row);
}

static void
results_of_no_class(struct jn_tables *t)
{
    Certification__ResultsRow row = first_results(t);

    row.class_ = 9;
    jn_put(t, TABLE_RESULTS, JN_KEY(2), &row);
}

static void
certificates_swapped(struct jn_tables *t)
{
    Certification__ResultsRow row = first_results(t);

    row.rows[0]->certificate = 2;
    row.rows[1]->certificate = 1;
    jn_put(t, TABLE_RESULTS, JN_KEY(2), &row);
}

static void
holding_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_HOLDINGS, JN_KEY(0));
}

static void
holding_given_away(struct jn_tables *t)
{
    Certification__HoldingsRow row =
        *(const Certification__HoldingsRow *)jn_get(jn_view_of(t), TABLE_HOLDINGS, JN_KEY(0));

    row.live[0]->person = 2;
    jn_put(t, TABLE_HOLDINGS, JN_KEY(0), &row);
}

static void
number_renumbered(struct jn_tables *t)
{
    Certification__NumberRow row = CERTIFICATION__NUMBER_ROW__INIT;

    row.number = 3;
    jn_put(t, TABLE_CERTIFICATE_NUMBER, jn_key_bytes(skill_no(4, 1), 22), &row);
}

static void
number_invented(struct jn_tables *t)
{
    Certification__NumberRow row = CERTIFICATION__NUMBER_ROW__INIT;

    row.number = 1;
    jn_put(t, TABLE_CERTIFICATE_NUMBER, jn_key_bytes("X", 1), &row);
}

static void
numbers_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_NUMBERS, JN_KEY(3));
}

static void
class_miscounted(struct jn_tables *t)
{
    Certification__ClassRow row = *class_of(jn_view_of(t), 1);

    row.results++;
    jn_put(t, TABLE_CLASS, JN_KEY(1), &row);
}

static void
class_renamed(struct jn_tables *t)
{
    Certification__ClassRow row = *class_of(jn_view_of(t), 1);

    row.class_no = (char *)(uintptr_t) "C-9";
    jn_put(t, TABLE_CLASS, JN_KEY(1), &row);
}

static void
body_renamed(struct jn_tables *t)
{
    Certification__BodyRow row = CERTIFICATION__BODY_ROW__INIT;

    row.uscc = (char *)(uintptr_t)SCHOOL;
    jn_put(t, TABLE_BODY, JN_KEY(1), &row);
}

static void
roster_cut_short(struct jn_tables *t)
{
    Certification__RosterRow row = CERTIFICATION__ROSTER_ROW__INIT;
    uint32_t seat = 1;

    row.n_seats = 1;
    row.seats = &seat;
    jn_put(t, TABLE_ROSTER, JN_KEY(1, 1), &row);
}

static void
skilled_invented(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_SKILLED, 7);
}

static void
revocation_uncounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_REVOKED, 0);
}

static void
former_number_lost(struct jn_tables *t)
{
    Certification__NumbersRow row = *(const Certification__NumbersRow *)jn_get(jn_view_of(t), TABLE_NUMBERS, JN_KEY(3));
    Certification__FormerNumber former = CERTIFICATION__FORMER_NUMBER__INIT, *one[1] = {&former};

    former.certificate = 3;
    former.certificate_no = skill_no(4, 9);
    row.n_former = 1;
    row.former = one;
    jn_put(t, TABLE_NUMBERS, JN_KEY(3), &row);
}

static void
special_operation_without_end(struct jn_tables *t)
{
    Certification__ResultsRow row = *(const Certification__ResultsRow *)jn_get(jn_view_of(t), TABLE_RESULTS, JN_KEY(3));
    Certification__RecordedResult result = *row.rows[0], *one[1] = {&result};

    result.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    row.rows = one;
    jn_put(t, TABLE_RESULTS, JN_KEY(3), &row);
}

static void
special_operation_miscounted(struct jn_tables *t)
{
    Certification__ClassRow row = *class_of(jn_view_of(t), 1);

    row.special_operations = 1;
    jn_put(t, TABLE_CLASS, JN_KEY(1), &row);
}

static const struct {
    void (*how)(struct jn_tables *t);
    const char *says;
} spoils[] = {
    {result_of_another_seat, "certificate 1: its class does not know that seat 4 passed"},
    {revocation_forgotten, "live certificates: 3 counted, 2 kept"},
    {evaluator_invented, "certificate 1: its evaluator is unknown"},
    {results_of_no_class, "results through certificate 2: no class"},
    {certificates_swapped, "results through certificate 2: out of order"},
    {holding_lost, "live certificates: 2 counted, 0 kept"},
    {holding_given_away, "what people hold is not what was recorded"},
    {number_renumbered, "certificate 1: its number leads elsewhere"},
    {number_invented, "distinct certificate numbers: 3 counted, 2 kept"},
    {numbers_lost, "certificates with numbers: 2 counted, 3 kept"},
    {class_miscounted, "class C-1: 4 results, 3 seats that passed"},
    {class_renamed, "class C-9: its number leads elsewhere"},
    {body_renamed, "evaluation body 1: its code leads elsewhere"},
    {roster_cut_short, "class 1: a roster with a column cut short"},
    {skilled_invented, "skilled people: 2 counted, 7 kept"},
    {former_number_lost, "certificate 3: a number that it had leads elsewhere"},
    {special_operation_without_end, "certificate 3: nothing ends it"},
    {special_operation_miscounted, "special operations of classes: 1 counted, 0 kept"},
    {revocation_uncounted, "revoked: 1 counted, 0 kept"},
};

static void
given_certificates(void)
{
    Certification__Result rows[2] = {cook(1, 4, 1), cook(2, 4, 2)};

    a_class_of(4);
    assert_int_equal(record("C-1", rows, 2), JN_OK);
    assert_int_equal(record_one("C-1", cook(3, 4, 1)), JN_OK);
    assert_int_equal(revoke(skill_no(4, 2)), JN_OK);
}

static void
the_audit_sees_what_was_spoiled(void **state)
{
    struct jn_service spoiled = with_apply(CERTIFICATION__EVENT__BODY_BASE_SET, JN_FN(apply_spoiled));

    spoiled.audit = listen;
    service = &spoiled;
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        spoil = spoils[i].how;
        fresh(state);
        given_certificates();
        assert_int_equal(findings, 0);
        assert_int_equal(set_base(), JN_OK);
        if (findings == 0 || !strstr(heard, spoils[i].says))
            fail_msg("spoil %zu: \"%s\" does not say \"%s\"", i, heard, spoils[i].says);
        /* What the audit prints goes to operators: nobody is named in it. */
        assert_null(strstr(heard, "130199"));
        gone(state);
    }
    service = &certification_service;
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
    for (size_t i = 0; i < certification_service.events_count; i++) {
        const struct jn_event *known = &certification_service.events[i];

        if (known->type == full_at)
            ((void (*)(struct jn_tables *, const void *, const struct jn_stamp *))known->apply)(t, event, stamp);
    }
}

static enum jn_code
correct(void)
{
    Certification__CorrectCertificate cmd = CERTIFICATION__CORRECT_CERTIFICATE__INIT;

    cmd.certificate = 1;
    cmd.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    cmd.day = day_of("2020-06-11");
    cmd.evaluator = (char *)(uintptr_t)ASSESSOR;
    cmd.new_certificate_no = (char *)(uintptr_t) "T1";
    cmd.document = (char *)(uintptr_t) "J-1";
    cmd.reason = (char *)(uintptr_t) "copied wrongly";
    return jn_world_command(w, &appraisal, "CorrectCertificate", &cmd, NULL);
}

static enum jn_code
step(uint32_t type)
{
    if (type == CERTIFICATION__EVENT__BODY_RESULTS_CLOSED)
        return close_results("C-1");
    if (type == CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED)
        return revoke(skill_no(4, 1));
    if (type == CERTIFICATION__EVENT__BODY_BASE_SET)
        return set_base();
    if (type == CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED ||
        type == CERTIFICATION__EVENT__BODY_CERTIFICATE_RENUMBERED)
        return correct();
    return record_one("C-1", cook(4, 1, 4));
}

static void
without_room_a_step_is_undone_and_comes_again(void **state)
{
    static const uint32_t types[] = {
        CERTIFICATION__EVENT__BODY_RESULTS_RECORDED,       CERTIFICATION__EVENT__BODY_RESULTS_NUMBERED,
        CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED,    CERTIFICATION__EVENT__BODY_BASE_SET,
        CERTIFICATION__EVENT__BODY_RESULTS_CLOSED,         CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED,
        CERTIFICATION__EVENT__BODY_CERTIFICATE_RENUMBERED,
    };

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct jn_service cramped = with_apply(types[i], JN_FN(apply_full));

        service = &cramped;
        full_at = types[i];
        full = false;
        fresh(state);
        given_certificates();
        full = true;
        assert_int_equal(step(types[i]), JN_UNAVAILABLE);
        assert_int_equal(totals()->certified, 3);
        assert_int_equal(totals()->revoked, 1);
        full = false;
        assert_int_equal(step(types[i]), JN_OK);
        gone(state);
    }
    service = &certification_service;
}

static void
without_room_a_lapse_stays_due(void **state)
{
    struct jn_service cramped = with_apply(CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, JN_FN(apply_full));
    Certification__Result row = cook(1, 0, 1);

    service = &cramped;
    full_at = CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED;
    full = false;
    fresh(state);
    a_class_of(1);
    row.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    row.certificate_no = (char *)(uintptr_t) "T1";
    assert_int_equal(record_one("C-1", row), JN_OK);
    full = true;
    advance_to("2026-06-10");
    assert_int_equal(totals()->lapsed, 0);
    full = false;
    advance_to("2026-06-11");
    assert_int_equal(totals()->lapsed, 1);
    gone(state);
    service = &certification_service;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_sees_what_was_spoiled),
        cmocka_unit_test(without_room_a_step_is_undone_and_comes_again),
        cmocka_unit_test(without_room_a_lapse_stays_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

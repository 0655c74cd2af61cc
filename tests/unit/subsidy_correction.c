/* Corrections: attendance, attestations and certificates that are put right once a class has finished, before and after
 * it is settled; 2.12-e. Amounts by hand: 100 yuan of living allowance a day attended (2.3-b), min(2,000, the standard
 * of 1,800) for free training (2.2-a), 1,000 and 1,500 yuan of skill upgrade at level 5 and 4 (2.1-d). */
#include "subsidy_given.h"

static const Subsidy__Reassessed *
last(void)
{
    return jn_world_last(w, EVENT_REASSESSED);
}

static const Subsidy__ReassessedRow *
row(uint32_t seat, int item)
{
    const Subsidy__Reassessed *event = last();

    for (size_t i = 0; event && i < event->n_rows; i++)
        if (event->rows[i]->seat == seat && (int)event->rows[i]->item == item)
            return event->rows[i];
    fail_msg("seat %u: nothing was reassessed of item %d", seat, item);
    return NULL;
}

/* ---- What is put right ---- */

static void
attended(uint64_t class, const uint32_t *seats, size_t count, uint32_t days)
{
    Enrollment__AttendanceCorrected event = ENROLLMENT__ATTENDANCE_CORRECTED__INIT;
    Enrollment__CorrectedAttendance rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

    for (size_t i = 0; i < count; i++) {
        enrollment__corrected_attendance__init(&rows[i]);
        rows[i].seat = seats[i];
        rows[i].days = days;
        pointers[i] = &rows[i];
    }
    event.class_ = class;
    event.document = (char *)(uintptr_t) "K-1";
    event.reason = (char *)(uintptr_t) "sheets were mislaid";
    event.rows = pointers;
    event.n_rows = count;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED, &event);
}

static void
attended_days(uint64_t class, uint32_t seat, uint32_t days)
{
    attended(class, &seat, 1, days);
}

/* The seat's only group: confirmed, or denied. */
static void
answered(uint64_t class, uint32_t seat, int group, bool holds)
{
    Enrollment__AttestationWithdrawn event = ENROLLMENT__ATTESTATION_WITHDRAWN__INIT;
    Enrollment__WithdrawnAttestation one = ENROLLMENT__WITHDRAWN_ATTESTATION__INIT, *rows[] = {&one};

    one.seat = seat;
    one.group = (Common__Group)group;
    one.answer = holds ? ENROLLMENT__ANSWER__HOLDS : ENROLLMENT__ANSWER__DENIED;
    one.groups = holds ? GROUPS(group) : 0;
    one.denied = holds ? 0 : GROUPS(group);
    event.class_ = class;
    event.department = COMMON__DEPARTMENT__VETERANS;
    event.document = (char *)(uintptr_t) "V-1";
    event.reason = (char *)(uintptr_t) "the register was read wrongly";
    event.rows = rows;
    event.n_rows = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, &event);
}

static void
certified(uint64_t class, uint32_t seat, int kind, uint32_t level)
{
    Certification__CertificateCorrected event = CERTIFICATION__CERTIFICATE_CORRECTED__INIT;
    Certification__RecordedResult now = CERTIFICATION__RECORDED_RESULT__INIT;

    now.seat = seat;
    now.kind = (Common__CertificateKind)kind;
    now.level = level;
    now.day = day_of("2020-06-02");
    event.class_ = class;
    event.seat = seat;
    event.certificate = now.certificate = class * 10000 + seat;
    event.now = &now;
    event.document = (char *)(uintptr_t) "J-1";
    event.reason = (char *)(uintptr_t) "copied wrongly";
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED, &event);
}

static const struct trainee poor = {.person = 7, .groups = 1u << COMMON__GROUP__REGISTERED_POOR, .days = 10};

static const Subsidy__ExplainView *
explained(uint32_t seat, int item)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = seat;
    request.item = (Common__Item)item;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    return reply;
}

static void
must_say(const Subsidy__ExplainView *view, const char *sentence)
{
    assert_true(view->reproduced);
    for (size_t i = 0; i < view->n_facts; i++)
        if (!strcmp(view->facts[i]->en, sentence))
            return;
    for (size_t i = 0; i < view->n_facts; i++)
        print_message("fact: %s\n", view->facts[i]->en);
    fail_msg("not said: %s", sentence);
}

/* ---- Attendance ---- */

/* 10 days were 1,000 yuan; 7 are 700: 300 come back. 12 are 1,200: 500 more than 700. */
static void
corrected_attendance_moves_the_difference(void **state)
{
    (void)state;
    filed(1, "A-1");
    held_for(1, &poor, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__POVERTY_LIVING), 100000);
    attended_days(1, 1, 7);
    assert_int_equal(last()->cause, SUBSIDY__CAUSE__ATTENDANCE_CORRECTED);
    assert_string_equal(last()->document, "K-1");
    assert_int_equal(last()->n_rows, 1);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->before_fen, 100000);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->now_fen, 70000);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->taken[0]->amount_fen, 30000);
    attended_days(1, 1, 12);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->topup_fen, 50000);
    assert_int_equal(last_settled()->claims[0]->amount_fen, 50000);
    /* What it was settled by is told as it was. */
    must_say(explained(1, COMMON__ITEM__POVERTY_LIVING),
             "attended days: 10 (by the attendance sheets, when the class was finished, 2020-06-15)");
    attended_days(1, 1, 12); /* said twice, it changes nothing */
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 2);
    attended_days(1, 1, 0);
    assert_false(row(1, COMMON__ITEM__POVERTY_LIVING)->due);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->reason, COMMON__REASON__NO_ATTENDED_DAY);
}

static void
what_is_not_settled_is_settled_by_what_is_right(void **state)
{
    (void)state;
    filed(1, "A-1");
    held_for(1, &poor, 1);
    attended_days(1, 1, 9);
    attended_days(1, 1, 7); /* the last one counts */
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__POVERTY_LIVING), 70000);
    must_say(explained(1, COMMON__ITEM__POVERTY_LIVING),
             "attended days: 7 (as the attendance was corrected afterwards, 2020-06-15)");
    attended_days(1, 1, 8);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->topup_fen, 10000);
    must_say(explained(1, COMMON__ITEM__POVERTY_LIVING),
             "attended days: 7 (as the attendance was corrected afterwards, 2020-06-15)");
}

/* It overtakes the class itself, its roster, a part of it. */
static void
a_correction_that_comes_early_is_not_lost(void **state)
{
    struct trainee two[] = {poor, poor};

    (void)state;
    two[1].person = 8;
    two[1].rank = 1;
    attended_days(1, 1, 3);
    filed(1, "A-1");
    enrolled(1, two, 2);
    finished_part(1, 1, two, 1, 2);
    attended_days(1, 2, 4);
    finished_part(1, 2, two + 1, 1, 2);
    certified(1, 2, COMMON__CERTIFICATE_KIND__COMPLETION, 0);
    passed(1, 2, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__POVERTY_LIVING), 30000);
    assert_int_equal(due(2, COMMON__ITEM__POVERTY_LIVING), 40000);
    assert_int_equal(last_settled()->claims[1]->level, 0); /* a completion certificate has none */
}

/* ---- Attestation ---- */

static void
a_withdrawn_attestation_takes_what_hung_on_it(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    answered(1, 1, COMMON__GROUP__VETERAN, false);
    assert_int_equal(last()->cause, SUBSIDY__CAUSE__ATTESTATION_WITHDRAWN);
    assert_false(row(1, COMMON__ITEM__FREE_TRAINING)->due);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->amount_fen, 180000);
    answered(1, 1, COMMON__GROUP__VETERAN, true); /* it was right after all */
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->topup_fen, 180000);
    assert_int_equal(last_settled()->claims[0]->tops, 1);
}

static void
a_confirmation_that_comes_late_is_due_for_the_first_time(void **state)
{
    struct trainee trainee = {.person = 7, .denied = GROUPS(COMMON__GROUP__VETERAN), .days = 20};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
    answered(1, 1, COMMON__GROUP__VETERAN, true);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->before_fen, 0);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->topup_fen, 180000);
    assert_int_equal(last()->groups, GROUPS(COMMON__GROUP__VETERAN)); /* of the class, too */
    assert_int_equal(claim(1)->amount_fen, 180000);
}

/* What was paid by its word it sees to the end; before it gave it, there was nothing to see. */
static void
a_department_sees_what_hung_on_its_word(void **state)
{
    struct trainee trainees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20},
        {.person = 8,
         .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR),
         .denied = GROUPS(COMMON__GROUP__VETERAN),
         .days = 20,
         .rank = 1},
    };
    struct jn_agency veterans = jn_world_agency("veterans.here", ROLE_REVIEWER);
    uint64_t denied = 0;

    (void)state;
    veterans.groups = GROUPS(COMMON__GROUP__VETERAN);
    filed(1, "A-1");
    held_for(1, trainees, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    for (size_t i = last_settled()->n_claims; i-- > 0;)
        denied = last_settled()->claims[i]->seat == 2 ? last_settled()->claims[i]->claim : denied;
    assert_int_equal(hold(&veterans, denied, "denied"), JN_NOT_FOUND);
    answered(1, 1, COMMON__GROUP__VETERAN, false);
    assert_int_equal(hold(&veterans, 1, "withdrawn"), JN_OK);
    answered(1, 2, COMMON__GROUP__VETERAN, true);
    assert_int_equal(hold(&veterans, denied, "a veteran after all"), JN_OK);
}

static void
who_answered_otherwise_in_time_is_named(void **state)
{
    struct trainee trainee = {.person = 7, .denied = GROUPS(COMMON__GROUP__VETERAN), .days = 20};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    advance_to("2020-06-16");
    answered(1, 1, COMMON__GROUP__VETERAN, true);
    assert_int_equal(settle("2020-06-16"), JN_OK);
    must_say(explained(1, COMMON__ITEM__FREE_TRAINING), "group: veteran (attested by veterans, 2020-06-16)");
    answered(1, 1, COMMON__GROUP__VETERAN, false);
    must_say(explained(1, COMMON__ITEM__FREE_TRAINING), "group: veteran (attested by veterans, 2020-06-16)");
}

/* ---- Certificates ---- */

static void
an_employee_upgrades(uint32_t level)
{
    struct trainee trainee = {
        .person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20, .insured_months = 12};

    course.kind = COMMON__CLASS_KIND__UPGRADE;
    course.employer = FACTORY;
    course.level = level;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
}

/* Level 5 is 1,000, level 4 is 1,500: 500 more. A completion certificate carries no level: all of it comes back. */
static void
a_corrected_certificate_is_reckoned_by_what_it_is(void **state)
{
    (void)state;
    an_employee_upgrades(5);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    certified(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4);
    assert_int_equal(last()->cause, SUBSIDY__CAUSE__CERTIFICATE_CORRECTED);
    assert_string_equal(last()->document, "J-1");
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->topup_fen, 50000);
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->level, 4);
    must_say(explained(1, COMMON__ITEM__SKILL_UPGRADE),
             "the certificate's level: 5 (junior) (by the evaluation body's results, 2020-06-15)");
    certified(1, 1, COMMON__CERTIFICATE_KIND__COMPLETION, 0);
    assert_false(row(1, COMMON__ITEM__SKILL_UPGRADE)->due);
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->n_taken, 2);
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->before_fen, 150000);
}

static void
one_that_is_corrected_in_time_counts_as_it_is(void **state)
{
    (void)state;
    an_employee_upgrades(5);
    advance_to("2020-06-16");
    certified(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4);
    assert_int_equal(settle("2020-06-16"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 150000);
    must_say(explained(1, COMMON__ITEM__SKILL_UPGRADE),
             "the certificate's level: 4 (intermediate) (as the certificate was corrected, 2020-06-16)");
    revoked(1, 1); /* and it is the one that is revoked */
    assert_false(row(1, COMMON__ITEM__SKILL_UPGRADE)->due);
}

/* ---- Large classes ---- */

static struct trainee crowd[1000];

static void
a_class_of(uint32_t count, uint32_t part)
{
    for (uint32_t i = 0; i < count; i++)
        crowd[i] = (struct trainee){
            .person = 1000 + i, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10, .rank = i};
    filed(1, "A-1");
    enrolled(1, crowd, count);
    for (uint32_t at = 0; at < count; at += part)
        finished_part(1, at + 1, crowd + at, part, count);
    closed(1, 0);
}

/* Seat 3 is settled when it comes, seat 420 is not: one is reckoned again, the other settled by it. */
static void
of_a_class_settled_in_part_each_seat_goes_its_way(void **state)
{
    static const uint32_t seats[] = {3, 420};

    (void)state;
    a_class_of(450, 150);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_false(settled->done);
    attended(1, seats, 2, 7);
    assert_int_equal(last()->n_rows, 1);
    assert_int_equal(row(3, COMMON__ITEM__POVERTY_LIVING)->taken[0]->amount_fen, 30000);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_true(settled->done);
    assert_int_equal(due(420, COMMON__ITEM__POVERTY_LIVING), 70000);
    assert_int_equal(due(421, COMMON__ITEM__POVERTY_LIVING), 100000);
}

static int64_t
taken_of(int item)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_due; i++)
        if ((int)view->due[i]->item == item)
            return view->due[i]->taken_fen;
    return 0;
}

/* Five settlements and more: more than one message's work, and none of the seats is forgotten. */
static void
seats_all_over_a_large_class_are_reckoned_in_steps(void **state)
{
    static const uint32_t seats[] = {1, 250, 450, 650, 850, 1000};

    (void)state;
    a_class_of(1000, 200);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    attended(1, seats, 6, 7);
    assert_true(jn_world_count(w, EVENT_RECKONING_BEGUN) == 1);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(taken_of(COMMON__ITEM__POVERTY_LIVING), 6 * 30000);
    assert_true(jn_world_count(w, EVENT_RECKONING_MOVED) > 0);
    jn_world_advance(w, jn_world_now(w) + 1000);
    attended_days(1, 900, 0); /* one seat is one step, wherever it sits */
    assert_int_equal(taken_of(COMMON__ITEM__POVERTY_LIVING), 6 * 30000 + 100000);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_BEGUN), 1);
}

/* ---- Later trainings ---- */

static const Subsidy__ToReassessView *
to_reassess(const struct jn_agency *who, uint64_t after_class)
{
    Subsidy__ToReassessRequest request = SUBSIDY__TO_REASSESS_REQUEST__INIT;
    const void *reply = NULL;

    request.after_class = after_class;
    request.after_seat = after_class ? UINT32_MAX : 0;
    assert_int_equal(jn_world_query(w, who, "ToReassess", &request, &reply), JN_OK);
    return reply;
}

static const Subsidy__ReassessReply *
reassessed(const char *class_no)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    order.class_no = (char *)(uintptr_t)class_no;
    order.document = order.reason = (char *)(uintptr_t) "D";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
    return reply;
}

/* Of three trainings for the same occupation and level the first alone is due, 2.10-c. It falls: the second is due now,
 * which the third must be held against. */
static void
whoever_was_judged_by_another_history_is_listed(void **state)
{
    struct jn_agency elsewhere = auditor;
    const Subsidy__ToReassessView *view;

    (void)state;
    elsewhere.divisions[0] = XINJI;
    elsewhere.divisions_count = 1;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-06-05", 7);
    held_for_veteran(3, "A-3", "2020-06-10", 7);
    held_for_veteran(4, "A-4", "2020-06-10", 8); /* somebody else */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(total_refused(COMMON__REASON__SAME_OCCUPATION_LEVEL), 2);
    assert_int_equal(to_reassess(&auditor, 0)->n_rows, 0);
    answered(1, 1, COMMON__GROUP__VETERAN, false);
    assert_int_equal(last()->n_later, 2);
    assert_int_equal(last()->later[0]->class_, 2);
    assert_int_equal(last()->later[0]->seat, 1);
    assert_int_equal(last()->later[0]->person, 7);
    assert_int_equal(last()->later[1]->class_, 3);
    view = to_reassess(&auditor, 0);
    assert_int_equal(view->n_rows, 2);
    assert_false(view->more);
    assert_string_equal(view->rows[0]->class_no, "A-2");
    assert_int_equal(view->rows[0]->seat, 1);
    assert_string_equal(view->rows[0]->because_class_no, "A-1");
    assert_int_equal(view->rows[0]->reassessment, 1);
    assert_int_equal(view->rows[0]->end_day, day_of("2020-06-05"));
    assert_int_equal(to_reassess(&auditor, 2)->n_rows, 1);
    assert_int_equal(to_reassess(&elsewhere, 0)->n_rows, 0);
    assert_int_equal(reassessed("A-2")->more_fen, 180000);
    view = to_reassess(&auditor, 0);
    assert_int_equal(view->n_rows, 1);
    assert_string_equal(view->rows[0]->class_no, "A-3");
    assert_string_equal(view->rows[0]->because_class_no, "A-2");
    assert_int_equal(reassessed("A-3")->changed, 0); /* refused as before */
    assert_int_equal(last()->n_looked, 1);
    assert_int_equal(to_reassess(&auditor, 0)->n_rows, 0);
}

/* An invented place's cap: 3,000.00 a year. Level 5 was 1,000.00; it is level 4, 1,500.00; of the 2,000.00 for level 3
 * in the next class 1,500.00 are left. */
static void
caps_count_what_is_due_now(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20};

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    certified(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4);
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->topup_fen, 50000);
    assert_int_equal(row(1, COMMON__ITEM__SKILL_UPGRADE)->certificate, 10001);
    course.level = 3;
    filed(2, "A-2");
    held_for(2, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 150000);
}

/* ---- What was cancelled ---- */

static void
of_a_cancelled_class_nothing_becomes_due(void **state)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;

    (void)state;
    filed(1, "A-1");
    held_for(1, &poor, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    event.class_ = 1;
    event.document = event.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(taken_of(COMMON__ITEM__POVERTY_LIVING), 100000);
    revoked(1, 1);
    attended_days(1, 1, 12);
    certified(1, 1, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4);
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 1);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 1);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(corrected_attendance_moves_the_difference),
        STORY(what_is_not_settled_is_settled_by_what_is_right),
        STORY(a_correction_that_comes_early_is_not_lost),
        STORY(a_withdrawn_attestation_takes_what_hung_on_it),
        STORY(a_confirmation_that_comes_late_is_due_for_the_first_time),
        STORY(a_department_sees_what_hung_on_its_word),
        STORY(who_answered_otherwise_in_time_is_named),
        STORY(a_corrected_certificate_is_reckoned_by_what_it_is),
        STORY(one_that_is_corrected_in_time_counts_as_it_is),
        STORY(of_a_class_settled_in_part_each_seat_goes_its_way),
        STORY(seats_all_over_a_large_class_are_reckoned_in_steps),
        STORY(whoever_was_judged_by_another_history_is_listed),
        STORY(caps_count_what_is_due_now),
        STORY(of_a_cancelled_class_nothing_becomes_due),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

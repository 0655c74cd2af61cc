/* Settling: which facts count, in which order, what it waits for, and that limits hold from class to class. */
#include "subsidy_given.h"

#define SKILL      COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define COMPLETION COMMON__CERTIFICATE_KIND__COMPLETION

static void
a_veteran_with_a_certificate_is_due_the_standard(void **state)
{
    const Subsidy__Published *published;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(totals()->classes_waiting, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_true(settled->done);
    assert_int_equal(settled->claims, 1);
    assert_int_equal(settled->left, 0);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
    assert_int_equal(last_settled()->settlement, 1);
    assert_int_equal(last_settled()->claims[0]->claim, 1);
    assert_int_equal(last_settled()->claims[0]->person, 7);
    assert_int_equal(last_settled()->claims[0]->level, 5);
    assert_int_equal(last_settled()->day, day_of("2020-05-31"));
    assert_int_equal(last_settled()->provider, SCHOOL);
    assert_true(last_settled()->last);
    assert_true(last_settled()->claims[0]->trace->n_steps > 3);
    published = jn_world_last(w, EVENT_PUBLISHED);
    assert_int_equal(published->first_claim, 1);
    assert_int_equal(published->claims, 1);
    assert_int_equal(jn_world_count(w, EVENT_CLASS_SETTLED), 1);
    assert_int_equal(totals()->classes_settled, 1);
    assert_int_equal(totals()->classes_waiting, 0);
}

static void
a_day_settled_twice_settles_nothing_again(void **state)
{
    const void *reply = NULL;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(jn_world_again(w, &reply), JN_OK);
    assert_int_equal(((const Subsidy__SettleReply *)reply)->claims, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
    assert_true(settled->done);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 1);
}

/* ---- Limits from class to class ---- */

static void
the_fourth_training_of_the_year_is_refused_whatever_arrived_first(void **state)
{
    static const char *const occupations[] = {"6-11-01-01", "6-11-01-02", "6-11-01-03", "6-11-01-04"};
    static const char *const ends[] = {"2020-05-28", "2020-05-29", "2020-05-30", "2020-05-31"};
    static const char *const names[] = {"D", "C", "B", "A"};

    (void)state;
    for (uint64_t i = 4; i-- > 0;) {
        course.occupation = (char *)(uintptr_t)occupations[i];
        held_for_veteran(i + 1, names[i], ends[i], 7);
    }
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 3);
    assert_int_equal(last_settled()->class_, 4);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__YEARLY_LIMIT);
}

static void
classes_of_one_end_go_by_the_text_of_their_number(void **state)
{
    (void)state;
    held_for_veteran(1, "A-9", "2020-05-31", 7);
    held_for_veteran(2, "A-10", "2020-05-31", 7);
    held_for_veteran(3, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 3);
    assert_string_equal(last_settled()->class_no, "A-9");
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_int_equal(claim(1)->claim, 1);
    assert_string_equal(claim(1)->class_no, "A-1");
}

static void
what_was_paid_before_the_suite_counts(void **state)
{
    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2018-05-01", COOK, 5, 0);
    paid_before(8, COMMON__ITEM__FREE_TRAINING, "2018-05-01", ELECTRICIAN, 5, 0);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 1);
    assert_int_equal(total_refused(COMMON__REASON__SAME_OCCUPATION_LEVEL), 1);
}

/* Codes are compared as texts, also those of another form; an occupation that is not stated is the same as none. */
static void
an_occupation_of_another_form_is_the_same_as_itself(void **state)
{
    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2018-05-01", "cook, 1999 list", 5, 0);
    paid_before(8, COMMON__ITEM__FREE_TRAINING, "2018-05-01", "", 5, 0);
    paid_before(9, COMMON__ITEM__FREE_TRAINING, "2018-05-01", "cook", 5, 0);
    course.occupation = (char *)(uintptr_t) "cook, 1999 list";
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 2);
    assert_int_equal(total_refused(COMMON__REASON__SAME_OCCUPATION_LEVEL), 1);
    assert_int_equal(jn_world_count(w, EVENT_OCCUPATION_NOTED), 2);
}

static void
months_of_work_as_training_add_up_to_six(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR)};

    (void)state;
    paid_before(7, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, "2019-05-01", "", 0, 3);
    course.kind = COMMON__CLASS_KIND__WORK_AS_TRAINING;
    course.employer = FARM;
    for (uint64_t class = 1; class <= 3; class ++) {
        course.start_day = day_of(class == 1 ? "2020-01-01" : "2020-03-01");
        filed_until(class, class == 1 ? "A-1" : class == 2 ? "A-2" : "A-3", class == 1 ? "2020-02-29" : "2020-04-30");
        enrolled(class, &trainee, 1);
        finished(class, &trainee, 1);
        closed(class, 0);
    }
    assert_int_equal(settle("2020-02-29"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), 60000);
    assert_int_equal(last_settled()->claims[0]->months, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), COMMON__REASON__MONTHS_USED_UP);
    assert_int_equal(total_due(COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), 2);
    assert_int_equal(totals()->due[0]->amount_fen, 90000);
}

/* ---- Facts ---- */

static void
months_are_counted_without_clamping(void **state)
{
    struct trainee trainee = {
        .person = 7, .groups = GROUPS(COMMON__GROUP__SCHOOL_LEAVER), .household = COMMON__HOUSEHOLD__RURAL};

    (void)state;
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 20000, "2019-01-01"), JN_OK);
    course.start_day = day_of("2020-03-15");
    filed_until(1, "A-1", "2020-04-10");
    course.start_day = day_of("2020-12-30");
    filed_until(2, "A-2", "2021-02-27");
    held_for(1, &trainee, 1);
    trainee.person = 8;
    held_for(2, &trainee, 1);
    assert_int_equal(settle("2020-04-10"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__STUDENT_LIVING), COMMON__REASON__NO_ATTENDED_MONTH);
    assert_int_equal(settle("2021-02-27"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__STUDENT_LIVING), 20000);
}

static void
attended_days_are_paid_by_the_day(void **state)
{
    struct trainee trainees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 18},
        {.person = 8, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 0},
    };

    (void)state;
    filed(1, "A-1");
    held_for(1, trainees, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__POVERTY_LIVING), 180000);
    assert_int_equal(refused(2, COMMON__ITEM__POVERTY_LIVING), COMMON__REASON__NO_ATTENDED_DAY);
}

/* What an employer is: enterprises that run schools count, institutes of training do not; insurance matters for some
 * groups. */
static void
the_employer_is_what_it_was_designated_as(void **state)
{
    static const struct {
        uint64_t employer;
        int group;
        bool fits;
    } cases[] = {
        {FACTORY, COMMON__GROUP__HARD_TO_EMPLOY, true},    {FACTORY_SCHOOL, COMMON__GROUP__HARD_TO_EMPLOY, true},
        {UNINSURED, COMMON__GROUP__HARD_TO_EMPLOY, false}, {FARM, COMMON__GROUP__HARD_TO_EMPLOY, false},
        {FARM, COMMON__GROUP__REGISTERED_POOR, true},      {SCHOOL, COMMON__GROUP__REGISTERED_POOR, false},
        {ASSESSOR, COMMON__GROUP__REGISTERED_POOR, false}, {99, COMMON__GROUP__REGISTERED_POOR, false},
        {0, COMMON__GROUP__REGISTERED_POOR, false},
    };
    uint64_t fits = 0;

    (void)state;
    course.kind = COMMON__CLASS_KIND__WORK_AS_TRAINING;
    course.start_day = day_of("2020-04-01");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct trainee trainee = {.person = 10 + i, .groups = GROUPS(cases[i].group)};
        char class_no[8];

        snprintf(class_no, sizeof(class_no), "A-%zu", i);
        course.employer = cases[i].employer;
        filed(i + 1, class_no);
        held_for(i + 1, &trainee, 1);
        assert_int_equal(settle("2020-06-15"), JN_OK);
        fits += cases[i].fits;
        assert_int_equal(total_due(COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), fits);
    }
}

static void
a_school_run_by_an_enterprise_earns_its_bonus_once(void **state)
{
    struct trainee trainee = {.person = 7, .employed_months = 12};

    (void)state;
    course.kind = COMMON__CLASS_KIND__TECHNICAL_EDUCATION;
    course.provider = FACTORY_SCHOOL;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    filed(2, "A-2");
    held_for(2, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(total_due(COMMON__ITEM__ENTERPRISE_SCHOOL_BONUS), 1);
    assert_int_equal(total_refused(COMMON__REASON__ALREADY_PAID), 1);
}

static void
who_did_not_pass_is_refused(void **state)
{
    struct trainee trainees[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)},
                                 {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN)}};

    (void)state;
    filed(1, "A-1");
    enrolled(1, trainees, 2);
    finished(1, trainees, 2);
    passed(1, 2, COMPLETION, 0);
    closed(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__NO_CERTIFICATE);
    assert_int_equal(due(2, COMMON__ITEM__FREE_TRAINING), 180000);
}

/* The year of the limit is that of the certificate. */
static void
the_certificates_own_day_counts_for_the_year(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    for (int i = 0; i < 3; i++)
        paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-03-01", "", 0, 0);
    filed_until(1, "A-1", "2020-12-31");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    passed_on(1, 1, SKILL, 5, "2021-01-04");
    closed(1, 1);
    assert_int_equal(settle("2020-12-31"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
}

static void
seats_are_settled_in_the_order_of_rank(void **state)
{
    struct trainee trainees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 2},
        {.person = 8, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .rank = 0, .days = 5},
        {.person = 9, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 1},
    };
    const Subsidy__Settled *event;

    (void)state;
    filed(1, "A-1");
    held_for(1, trainees, 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    event = last_settled();
    assert_int_equal(event->n_claims, 4);
    assert_int_equal(event->claims[0]->person, 8);
    assert_int_equal(event->claims[0]->item, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(event->claims[1]->item, COMMON__ITEM__POVERTY_LIVING);
    assert_int_equal(event->claims[2]->person, 9);
    assert_int_equal(event->claims[3]->person, 7);
}

/* Facts that cannot be judged stop nobody else; the seat is named for the reviewer. */
static void
a_seat_that_cannot_be_judged_is_flagged(void **state)
{
    struct trainee trainees[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)},
                                 {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN)}};

    (void)state;
    filed(1, "A-1");
    enrolled(1, trainees, 2);
    finished(1, trainees, 2);
    passed(1, 1, SKILL, 9);
    passed(1, 2, SKILL, 5);
    closed(1, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->n_unjudged, 1);
    assert_int_equal(last_settled()->unjudged[0], 1);
    assert_int_equal(last_settled()->n_claims, 1);
}

/* ---- Order of arrival ---- */

static void
certification_may_be_read_ahead_of_enrollment(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    passed(1, 1, SKILL, 5);
    closed(1, 1);
    assert_int_equal(totals()->classes_waiting, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
}

static void
a_certificate_revoked_before_settlement_does_not_count(void **state)
{
    const Subsidy__RevocationNoted *noted;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    revoked(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(total_refused(COMMON__REASON__NO_CERTIFICATE), 1);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 1);
    noted = jn_world_last(w, EVENT_REVOCATION_NOTED);
    assert_false(noted->settled);
    revoked(2, 1);
    noted = jn_world_last(w, EVENT_REVOCATION_NOTED);
    assert_true(noted->settled);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 1);
}

static void
a_new_result_after_a_revocation_counts(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};
    Certification__ResultsRecorded event = CERTIFICATION__RESULTS_RECORDED__INIT;
    Certification__RecordedResult row = CERTIFICATION__RECORDED_RESULT__INIT, *rows[] = {&row};

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    passed(1, 1, SKILL, 5);
    revoked(1, 1);
    row.seat = 1;
    row.kind = COMPLETION;
    row.certificate = 777;
    row.day = day_of("2020-06-02");
    event.class_ = 1;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_RECORDED, &event);
    closed(1, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->n_claims, 1);
    assert_int_equal(last_settled()->claims[0]->level, 0);
}

/* ---- What settling waits for ---- */

static void
both_logs_must_have_been_read_so_far(void **state)
{
    Subsidy__SettleDay request = SUBSIDY__SETTLE_DAY__INIT;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    request.day = day_of("2020-05-31");
    request.enrollment_block = 1000;
    assert_int_equal(jn_world_command(w, &operations, "SettleDay", &request, NULL), JN_NOT_YET);
    assert_non_null(strstr(jn_world_reason(w), "enrollment"));
    request.enrollment_block = 1;
    request.certification_block = 1000;
    assert_int_equal(jn_world_command(w, &operations, "SettleDay", &request, NULL), JN_NOT_YET);
    assert_non_null(strstr(jn_world_reason(w), "certification"));
    request.certification_block = 2;
    assert_int_equal(jn_world_command(w, &operations, "SettleDay", &request, NULL), JN_OK);
    request.day = -1;
    assert_int_equal(jn_world_command(w, &operations, "SettleDay", &request, NULL), JN_MALFORMED);
    request.day = day_of("2020-05-31");
    assert_int_equal(jn_world_command(w, &auditor, "SettleDay", &request, NULL), JN_DENIED);
}

static void
without_a_pack_nothing_is_settled(void **state)
{
    (void)state;
    assert_int_equal(settle("2020-06-15"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "pack"));
}

static void
a_rehearsal_names_the_class_that_is_not_ready(void **state)
{
    struct trainee trainees[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 0},
                                 {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 1}};

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-30", 9);
    filed_until(2, "A-2", "2020-05-31");
    enrolled(2, trainees, 2);
    assert_int_equal(settle("2020-05-31"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "class A-2 ended on 2020-05-31 and is not finished"));
    finished_part(2, 1, trainees, 1, 2);
    assert_int_equal(settle("2020-05-31"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "1 of its 2 seats"));
    finished_part(2, 2, trainees + 1, 1, 2);
    assert_int_equal(settle("2020-05-31"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "not closed"));
    closed(2, 1);
    assert_int_equal(settle("2020-05-31"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "0 of its 1 results"));
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 0);
    assert_int_equal(settle("2020-05-30"), JN_OK);
    passed(2, 1, SKILL, 5);
    assert_int_equal(settle("2020-05-31"), JN_OK);
    assert_int_equal(settled->claims, 1);
}

static void
a_class_in_which_nobody_sits_is_not_waited_for(void **state)
{
    (void)state;
    filed(1, "A-1");
    held_for_veteran(2, "A-2", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
}

static void
a_stopped_class_is_skipped(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    stopped(1);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    stopped(2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
    assert_int_equal(totals()->classes_waiting, 0);
}

static void
a_class_that_finished_with_empty_seats_is_settled_with_nothing(void **state)
{
    (void)state;
    filed(1, "A-1");
    finished(1, NULL, 0);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_true(settled->done);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 0);
    assert_int_equal(jn_world_count(w, EVENT_CLASS_SETTLED), 1);
}

/* What enrollment would never say: it is not kept, and the class is named as one that waits. */
static void
seats_beyond_all_bounds_do_no_harm(void **state)
{
    struct trainee trainees[] = {{.person = 7, .rank = 0}, {.person = 8, .rank = 5}, {.person = 0, .rank = 1}};

    (void)state;
    filed(1, "");
    filed_until(1, "A-1", "2020-05-31");
    enrolled(9, trainees, 2);
    enrolled(1, trainees, 3);
    finished_part(1, 2000, trainees, 3, 4);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "1 of its 4 seats"));
    passed(1, 4000000000u, SKILL, 5);
    finished_part(1, 1, trainees, 1, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
}

static void
paid_often(uint64_t person, uint32_t times)
{
    static Enrollment__ImportedHistory rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

    for (uint32_t done = 0; done < times; done += JN_ROWS_MAX) {
        Enrollment__HistoryImported event = ENROLLMENT__HISTORY_IMPORTED__INIT;

        for (uint32_t i = 0; i < JN_ROWS_MAX && done + i < times; i++) {
            pointers[i] = &rows[i];
            rows[i] = (Enrollment__ImportedHistory)ENROLLMENT__IMPORTED_HISTORY__INIT;
            rows[i].person = person;
            rows[i].item = COMMON__ITEM__POVERTY_LIVING;
            rows[i].day = day_of("2018-03-01");
            event.n_rows++;
        }
        event.rows = pointers;
        jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
    }
}

static void
who_was_paid_five_hundred_times_is_left_to_the_reviewer(void **state)
{
    (void)state;
    paid_often(7, 500);
    paid_often(8, 501);
    paid_often(9, 1200);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_int_equal(last_settled()->n_unjudged, 1);
}

/* The memory of one command bounds what it reads of histories: it stops early, and goes on with the next. */
static void
long_histories_make_more_commands(void **state)
{
    static struct trainee trainees[50];
    uint32_t commands = 0;

    (void)state;
    for (uint32_t i = 0; i < 50; i++) {
        paid_often(100 + i, 490);
        trainees[i] = (struct trainee){.person = 100 + i, .groups = GROUPS(COMMON__GROUP__VETERAN)};
    }
    filed(1, "A-1");
    held_for(1, trainees, 50);
    do {
        assert_int_equal(settle("2020-06-15"), JN_OK);
        commands++;
    } while (!settled->done);
    assert_int_equal(commands, 2);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 50);
}

/* Two seats of one rank: the class is settled, with whom it has. */
static void
a_rank_given_twice_does_no_harm(void **state)
{
    struct trainee trainees[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 1},
                                 {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN), .rank = 1}};

    (void)state;
    filed(1, "A-1");
    held_for(1, trainees, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 1);
}

static void
an_enterprise_is_paid_though_the_class_names_no_employer(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.provider = FACTORY_SCHOOL;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    course.employer = FACTORY;
    trainee.person = 8;
    filed(2, "A-2");
    held_for(2, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->employer, FACTORY);
    assert_int_equal(last_settled()->provider, FACTORY_SCHOOL);
    assert_int_equal(claim(1)->payee, COMMON__PAYEE__PAYEE_ENTERPRISE);
    filed(3, "A-3");
    course.employer = 0;
    trainee.person = 9;
    filed(4, "A-4");
    held_for(4, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(last_settled()->employer, FACTORY_SCHOOL);
}

/* ---- Chunks ---- */

#define LARGE 850

static void
large_class(uint64_t class, const char *class_no)
{
    static struct trainee trainees[LARGE];

    filed(class, class_no);
    for (uint32_t i = 0; i < LARGE; i++)
        trainees[i] = (struct trainee){.person = class * 1000 + i,
                                       .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR),
                                       .rank = LARGE - 1 - i,
                                       .days = 10};
    enrolled(class, trainees, LARGE);
    for (uint32_t at = 0; at < LARGE; at += JN_ROWS_MAX)
        finished_part(class, at + 1, trainees + at, LARGE - at < JN_ROWS_MAX ? LARGE - at : JN_ROWS_MAX, LARGE);
    for (uint32_t seat = 1; seat <= 2; seat++)
        passed(class, seat, SKILL, 5);
    closed(class, 2);
}

static void
a_large_class_is_settled_in_several_commands(void **state)
{
    uint32_t commands = 0, claims = 0;

    (void)state;
    large_class(1, "A-1");
    do {
        assert_int_equal(settle("2020-06-15"), JN_OK);
        assert_true(settled->claims <= 2 * JN_ROWS_MAX + 2);
        assert_true(last_settled()->n_claims <= JN_ROWS_MAX);
        claims += settled->claims;
        commands++;
        assert_int_equal(settled->left, settled->done ? 0 : 1);
    } while (!settled->done);
    assert_int_equal(commands, 3);
    assert_int_equal(claims, LARGE + 2);
    assert_int_equal(total_due(COMMON__ITEM__POVERTY_LIVING), LARGE);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 2);
    assert_int_equal(total_refused(COMMON__REASON__NO_CERTIFICATE), LARGE - 2);
    assert_int_equal(jn_world_count(w, EVENT_CLASS_SETTLED), 1);
    assert_int_equal(last_settled()->claims[last_settled()->n_claims - 1]->seat, 1);
    assert_true(last_settled()->last);
}

/* A class that becomes ready in the meantime does not come between the settlements of one that is settled in part. */
static void
a_class_under_way_is_settled_to_its_end_first(void **state)
{
    const Subsidy__ClassSettled *last;

    (void)state;
    large_class(2, "B-1");
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_false(settled->done);
    course.end_day = day_of("2020-05-30");
    held_for_veteran(1, "A-1", "2020-05-30", 7);
    stopped(2);
    revoked(2, 1);
    while (!settled->done)
        assert_int_equal(settle("2020-06-15"), JN_OK);
    last = jn_world_last(w, EVENT_CLASS_SETTLED);
    assert_int_equal(last->class_, 1);
    assert_int_equal(total_due(COMMON__ITEM__POVERTY_LIVING), LARGE);
}

static void
many_small_classes_are_settled_in_several_commands(void **state)
{
    uint32_t commands = 0;

    (void)state;
    for (uint64_t class = 1; class <= 70; class ++) {
        char class_no[8];

        snprintf(class_no, sizeof(class_no), "A-%02u", (unsigned)class);
        held_for_veteran(class, class_no, "2020-05-31", class);
    }
    do {
        assert_int_equal(settle("2020-06-15"), JN_OK);
        commands++;
        if (commands == 1)
            assert_int_equal(settled->left, 6);
    } while (!settled->done);
    assert_int_equal(commands, 2);
    assert_int_equal(total_due(COMMON__ITEM__FREE_TRAINING), 70);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_veteran_with_a_certificate_is_due_the_standard),
        STORY(a_day_settled_twice_settles_nothing_again),
        STORY(the_fourth_training_of_the_year_is_refused_whatever_arrived_first),
        STORY(classes_of_one_end_go_by_the_text_of_their_number),
        STORY(what_was_paid_before_the_suite_counts),
        STORY(an_occupation_of_another_form_is_the_same_as_itself),
        STORY(months_of_work_as_training_add_up_to_six),
        STORY(months_are_counted_without_clamping),
        STORY(attended_days_are_paid_by_the_day),
        STORY(the_employer_is_what_it_was_designated_as),
        STORY(a_school_run_by_an_enterprise_earns_its_bonus_once),
        STORY(who_did_not_pass_is_refused),
        STORY(the_certificates_own_day_counts_for_the_year),
        STORY(seats_are_settled_in_the_order_of_rank),
        STORY(a_seat_that_cannot_be_judged_is_flagged),
        STORY(certification_may_be_read_ahead_of_enrollment),
        STORY(a_certificate_revoked_before_settlement_does_not_count),
        STORY(a_new_result_after_a_revocation_counts),
        STORY(both_logs_must_have_been_read_so_far),
        EMPTY_STORY(without_a_pack_nothing_is_settled),
        STORY(a_rehearsal_names_the_class_that_is_not_ready),
        STORY(a_class_in_which_nobody_sits_is_not_waited_for),
        STORY(a_stopped_class_is_skipped),
        STORY(a_class_that_finished_with_empty_seats_is_settled_with_nothing),
        STORY(seats_beyond_all_bounds_do_no_harm),
        STORY(who_was_paid_five_hundred_times_is_left_to_the_reviewer),
        STORY(long_histories_make_more_commands),
        STORY(a_rank_given_twice_does_no_harm),
        STORY(an_enterprise_is_paid_though_the_class_names_no_employer),
        STORY(a_large_class_is_settled_in_several_commands),
        STORY(a_class_under_way_is_settled_to_its_end_first),
        STORY(many_small_classes_are_settled_in_several_commands),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

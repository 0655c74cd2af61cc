/* Facts that cannot be true, that contradict each other or that come late: who asks is told which, nothing is paid on
 * them, and nobody else's claim waits for them. */
#include "subsidy/nouns.h"
#include "subsidy_given.h"

#define VETERANS GROUPS(COMMON__GROUP__VETERAN)
#define SKILL    COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define FREE     COMMON__ITEM__FREE_TRAINING

static const struct trainee veteran = {.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20};
static uint64_t classes; /* filed so far */

static const char *
class_no(uint64_t class)
{
    static char text[16];

    snprintf(text, sizeof(text), "H-%u", (unsigned)class);
    return text;
}

/* One seat's facts, in a class of its own, that ends on 2020-05-31; level 0 and no kind: no certificate. */
static void
seat_settled(struct trainee trainee, int kind, uint32_t level, const char *day)
{
    classes++;
    filed(classes, class_no(classes));
    enrolled(classes, &trainee, 1);
    finished(classes, &trainee, 1);
    passed_on(classes, 1, kind, level, day);
    closed(classes, 1);
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_true(settled->done);
}

static enum jn_code
explain(uint64_t class, const Subsidy__ExplainView **view)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;
    enum jn_code code;

    request.class_no = (char *)(uintptr_t)class_no(class);
    request.seat = 1;
    request.item = (Common__Item)FREE;
    code = jn_world_query(w, &auditor, "Explain", &request, &reply);
    if (view)
        *view = reply;
    return code;
}

static const Subsidy__ClassClaimsView *
listed(uint64_t class)
{
    Subsidy__ClassClaimsRequest request = SUBSIDY__CLASS_CLAIMS_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no(class);
    assert_int_equal(jn_world_query(w, &auditor, "ClassClaims", &request, &reply), JN_OK);
    return reply;
}

/* The seat of the last class is neither due nor refused; every answer about it names the fact. */
static void
names(const char *en, const char *zh)
{
    const Subsidy__SeatsUnjudged *said = jn_world_last(w, SUBSIDY__EVENT__BODY_SEATS_UNJUDGED);
    const Subsidy__ClassClaimsView *rows;

    assert_int_equal(settled->claims, 0);
    assert_int_equal(settled->unjudged, 1);
    assert_non_null(said);
    assert_int_equal(said->class_, classes);
    assert_int_equal(said->seats, 1);
    assert_int_equal(explain(classes, NULL), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(w), en));
    assert_non_null(strstr(jn_world_reason(w), zh));
    rows = listed(classes);
    assert_int_equal(rows->n_rows, 1);
    assert_string_equal(rows->rows[0]->state, "unjudged");
    assert_int_equal(rows->rows[0]->seat, 1);
    assert_non_null(strstr(rows->rows[0]->why, en));
    assert_int_equal(total_due(FREE), 0);
}

static void
a_cost_that_cannot_be_is_named(void **state)
{
    static const int64_t costs[] = {0, -1, INT64_MIN, INT64_MAX, INT64_C(100000001)};

    (void)state;
    for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
        course.cost_fen = costs[i];
        seat_settled(veteran, SKILL, 5, "2020-06-01");
        names("cost", "成本");
    }
    /* The dearest that can be: what is due is the standard. */
    course.cost_fen = INT64_C(100000000);
    seat_settled(veteran, SKILL, 5, "2020-06-01");
    assert_int_equal(due(1, FREE), 180000);
}

static void
facts_of_a_person_that_cannot_be_are_named(void **state)
{
    static const struct {
        struct trainee trainee;
        const char *en, *zh;
    } people[] = {
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN | 1u << 20, .days = 20}, "groups", "人员类别"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN | 1u, .days = 20}, "groups", "人员类别"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20, .household = 9}, "household", "户籍"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20, .age = 151}, "age", "年龄"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20, .sex = 3}, "sex", "性别"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20, .insured_months = UINT32_MAX},
         "months of insurance",
         "参保月数"},
        {{.person = 7, .groups = 1u << COMMON__GROUP__VETERAN, .days = 20, .employed_months = 1201},
         "employment",
         "就业月数"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        seat_settled(people[i].trainee, SKILL, 5, "2020-06-01");
        names(people[i].en, people[i].zh);
    }
}

/* 2020-05-06 to 2020-05-31 are 26 days. */
static void
facts_that_contradict_each_other_are_named(void **state)
{
    struct trainee trainee = veteran;

    (void)state;
    trainee.days = 27;
    seat_settled(trainee, SKILL, 5, "2020-06-01");
    names("more days were attended than the class has", "出勤天数");
    trainee.days = UINT32_MAX;
    seat_settled(trainee, SKILL, 5, "2020-06-01");
    names("more days were attended than the class has", "出勤天数");
    trainee = veteran;
    trainee.denied = VETERANS;
    seat_settled(trainee, SKILL, 5, "2020-06-01");
    names("attested and denied", "认定");
    trainee.denied = 0;
    trainee.days = 26;
    seat_settled(trainee, SKILL, 5, "2020-06-01");
    assert_int_equal(due(1, FREE), 180000);
}

static void
dates_out_of_order_are_named(void **state)
{
    (void)state;
    seat_settled(veteran, SKILL, 5, "2020-05-30");
    names("dated before the class ended", "取证日期");
    seat_settled(veteran, SKILL, 5, "2019-11-01");
    names("dated before the class ended", "取证日期");
    course.start_day = day_of("2020-06-01");
    seat_settled(veteran, SKILL, 5, "2020-06-01");
    names("ends before it begins", "结业日期早于开班日期");
    course.start_day = course.end_day;
    seat_settled((struct trainee){.person = 7, .groups = VETERANS, .days = 1}, SKILL, 5, "2020-05-31");
    assert_int_equal(due(1, FREE), 180000);
}

static void
a_certificate_that_cannot_be_is_named(void **state)
{
    (void)state;
    seat_settled(veteran, SKILL, 0, "2020-06-01");
    names("level", "等级");
    seat_settled(veteran, SKILL, 6, "2020-06-01");
    names("level", "等级");
    seat_settled(veteran, COMMON__CERTIFICATE_KIND__COMPLETION, 5, "2020-06-01");
    names("level", "等级");
    seat_settled(veteran, 77, 5, "2020-06-01");
    names("kind of certificate", "证书类型");
    course.kind = 77;
    seat_settled(veteran, SKILL, 5, "2020-06-01");
    names("kind of training", "培训类型");
}

/* The certificate's level decides, entitlement.md; that the class was of another is for a reviewer to look at. */
static void
a_level_that_the_class_did_not_train_for_is_shown_to_the_reviewer(void **state)
{
    const Subsidy__ExplainView *view;

    (void)state;
    seat_settled(veteran, SKILL, 3, "2020-06-01");
    assert_int_equal(due(1, FREE), 180000);
    assert_int_equal(explain(classes, &view), JN_OK);
    assert_non_null(strstr(view->claim->doubt, "trained for level 5, the certificate is of level 3"));
    assert_non_null(strstr(view->claim->doubt, "培训等级为5级，证书等级为3级"));
    assert_string_equal(listed(classes)->rows[0]->why, claim(1)->doubt);
    seat_settled((struct trainee){.person = 8, .groups = VETERANS, .days = 20}, SKILL, 5, "2020-06-01");
    assert_string_equal(claim(2)->doubt, "");
    /* A completion certificate has no level: nothing to hold against the class's. */
    seat_settled((struct trainee){.person = 9, .groups = VETERANS, .days = 20}, COMMON__CERTIFICATE_KIND__COMPLETION, 0,
                 "2020-06-01");
    assert_string_equal(claim(3)->doubt, "");
}

/* One seat of three cannot be judged: the others are paid what they would be without it. */
static void
the_others_of_the_class_do_not_wait(void **state)
{
    struct trainee three[] = {veteran, veteran, veteran};
    const Subsidy__ClassClaimsView *rows;

    (void)state;
    three[1].person = 8;
    three[1].groups |= 1u << 30;
    three[2].person = 9;
    classes++;
    filed(classes, class_no(classes));
    held_for(classes, three, 3);
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_int_equal(settled->claims, 2);
    assert_int_equal(settled->unjudged, 1);
    assert_int_equal(due(1, FREE), 180000);
    assert_int_equal(due(2, FREE), -1);
    assert_int_equal(due(3, FREE), 180000);
    rows = listed(classes);
    assert_int_equal(rows->n_rows, 3);
    assert_string_equal(rows->rows[0]->state, "published");
    assert_string_equal(rows->rows[1]->state, "unjudged");
    assert_string_equal(rows->rows[2]->state, "published");
}

/* ---- History that came late ---- */

static int64_t
taken(uint64_t number)
{
    const Subsidy__ClaimView *view = claim(number);

    assert_non_null(view);
    return view->taken_fen;
}

/* Another department tells, after the settlement, of the same occupation and level in 2019: nothing is due, 2.10-c. */
static void
what_is_told_after_the_settlement_counts(void **state)
{
    const Subsidy__Reassessed *event;

    (void)state;
    held_for_veteran(1, "L-1", "2020-05-31", 7);
    held_for_veteran(2, "L-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_int_equal(settled->claims, 2);
    paid_before(7, FREE, "2019-03-01", COOK, 5, 0);
    advance_to("2020-06-16");
    event = jn_world_last(w, EVENT_REASSESSED);
    assert_non_null(event);
    assert_int_equal(event->cause, SUBSIDY__CAUSE__HISTORY_CAME_LATE);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->n_rows, 1);
    assert_int_equal(event->rows[0]->before_fen, 180000);
    assert_int_equal(event->rows[0]->now_fen, 0);
    assert_int_equal(event->rows[0]->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_int_equal(taken(1), 180000);
    assert_non_null(strstr(claim(1)->changed, "told late"));
    assert_non_null(strstr(claim(1)->changed, "补录"));
    assert_int_equal(taken(2), 0);
}

static void
what_changes_nothing_says_nothing(void **state)
{
    (void)state;
    held_for_veteran(1, "L-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-10"), JN_OK);
    paid_before(7, FREE, "2020-03-01", ELECTRICIAN, 5, 0); /* the second of the year */
    advance_to("2020-06-16");
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 0);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_MOVED), 1);
    assert_int_equal(taken(1), 0);
    paid_before(9, FREE, "2020-03-01", ELECTRICIAN, 5, 0); /* nothing was settled for him */
    advance_to("2020-06-17");
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_MOVED), 1);
}

/* Three trainings of 2020, each of a level of its own. One that another place paid in 2020 is told of: of the four the
 * one that was settled last is too many, 2.10-b; the first two stay. */
static void
trainings_are_reckoned_again_in_their_order(void **state)
{
    static const char *const ends[] = {"2020-05-29", "2020-05-30", "2020-05-31"};

    (void)state;
    for (uint64_t i = 0; i < 3; i++) {
        course.level = 5 - (uint32_t)i;
        held_for_veteran(i + 1, class_no(i + 1), ends[i], 7);
    }
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_int_equal(settled->claims, 3);
    paid_before(7, FREE, "2020-01-10", ELECTRICIAN, 5, 0);
    advance_to("2020-06-16");
    assert_int_equal(taken(1), 0);
    assert_int_equal(taken(2), 0);
    assert_int_equal(taken(3), 180000);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_MOVED), 3);
    /* And another: now the second goes, and nothing of the third comes back. */
    paid_before(7, FREE, "2020-02-10", ELECTRICIAN, 4, 0);
    advance_to("2020-06-17");
    assert_int_equal(taken(1), 0);
    assert_int_equal(taken(2), 180000);
    assert_int_equal(taken(3), 180000);
}

/* A line with a month that cannot be: the person's trainings cannot be judged any more, and it is said. */
static void
late_history_that_cannot_be_is_said(void **state)
{
    const Subsidy__Reassessed *event;

    (void)state;
    held_for_veteran(1, "L-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-10"), JN_OK);
    paid_before(7, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, "2019-12-01", "", 0, 70000);
    advance_to("2020-06-16");
    event = jn_world_last(w, EVENT_REASSESSED);
    assert_non_null(event);
    assert_int_equal(event->n_rows, 0);
    assert_int_equal(event->n_unjudged, 1);
    assert_int_equal(taken(1), 0);
}

/* ---- Large classes ---- */

/* A class of 1,000 is settled by five settlements and more: the certificate of the last is revoked. */
static void
a_revocation_reaches_the_last_seat_of_a_large_class(void **state)
{
    static struct trainee all[1000];

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        all[i] = (struct trainee){.person = 1000 + i, .groups = VETERANS, .rank = i, .days = 20};
    filed(1, "M-1");
    for (uint32_t at = 0; at < 1000; at += JN_ROWS_MAX) {
        enrolled(1, &all[at], JN_ROWS_MAX);
        finished_part(1, at + 1, &all[at], JN_ROWS_MAX, 1000);
    }
    passed(1, 1000, SKILL, 5);
    closed(1, 1);
    do
        assert_int_equal(settle("2020-06-10"), JN_OK);
    while (!settled->done);
    assert_int_equal(due(1000, FREE), 180000);
    revoked(1, 1000);
    assert_int_equal(taken(1), 180000);
}

/* ---- Two classes at once ---- */

static void
held_in(uint64_t class, const char *number, uint32_t division, const char *end, const char *certified)
{
    course.division = division;
    filed_until(class, number, end);
    enrolled(class, &veteran, 1);
    finished(class, &veteran, 1);
    passed_on(class, 1, SKILL, course.level, certified);
    closed(class, 1);
}

static const char *
why(const char *number)
{
    Subsidy__ClaimRequest request = SUBSIDY__CLAIM_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)number;
    request.seat = 1;
    request.item = (Common__Item)FREE;
    assert_int_equal(jn_world_query(w, &auditor, "Claim", &request, &reply), JN_OK);
    return ((const Subsidy__ClaimView *)reply)->why;
}

/* Both end on the same day, in two divisions, and are settled by the same command: the one whose class number comes
 * first is paid, though it was filed last; 2.10-c. */
static void
of_two_that_end_together_one_is_paid(void **state)
{
    (void)state;
    held_in(1, "A-2", CHANG, "2020-05-31", "2020-05-31");
    held_in(2, "A-1", XINJI, "2020-05-31", "2020-06-02");
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_string_equal(claim(1)->class_no, "A-1");
    assert_non_null(strstr(why("A-2"), "same_occupation_level"));
    assert_int_equal(total_due(FREE), 1);
    assert_int_equal(total_refused(COMMON__REASON__SAME_OCCUPATION_LEVEL), 1);
}

/* Two were paid in 2020; of two more, of levels of their own, one is the third and the other one too many; 2.10-b. */
static void
of_two_that_would_be_the_third_one_is(void **state)
{
    (void)state;
    paid_before(7, FREE, "2020-01-10", ELECTRICIAN, 5, 0);
    paid_before(7, FREE, "2020-02-10", ELECTRICIAN, 4, 0);
    held_in(1, "A-2", CHANG, "2020-05-31", "2020-05-31");
    course.level = 4;
    held_in(2, "A-1", XINJI, "2020-05-31", "2020-05-31");
    assert_int_equal(settle("2020-06-10"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_string_equal(claim(1)->class_no, "A-1");
    assert_non_null(strstr(why("A-2"), "yearly_limit"));
}

/* Three ended in 2020. A fourth ends on 2020-12-31 and is certified in January: it is held against 2021, in whose
 * history nothing stands, and joins the history of 2020, when it ended; a fifth, certified in December, is one too
 * many. */
static void
the_certificates_year_is_the_one_that_is_counted(void **state)
{
    (void)state;
    paid_before(7, FREE, "2020-01-10", ELECTRICIAN, 5, 0);
    paid_before(7, FREE, "2020-02-10", ELECTRICIAN, 4, 0);
    paid_before(7, FREE, "2020-03-10", ELECTRICIAN, 3, 0);
    held_in(1, "A-1", CHANG, "2020-12-31", "2021-01-05");
    course.level = 4;
    held_in(2, "A-2", CHANG, "2020-12-31", "2020-12-31");
    advance_to("2021-01-20");
    assert_int_equal(settle("2020-12-31"), JN_OK);
    assert_int_equal(settled->claims, 1);
    assert_string_equal(claim(1)->class_no, "A-1");
    assert_non_null(strstr(why("A-2"), "yearly_limit"));
}

/* ---- Public notice ---- */

/* Five working days of the official calendar, the day of publication not among them; approved the day after. */
static void
notice_goes_by_the_official_calendar(void **state)
{
    static const struct {
        const char *published, *last;
    } notices[] = {
        {"2020-09-24", "2020-09-30"}, /* Fri 25, Sun 27 (made up), Mon 28, Tue 29, Wed 30 */
        {"2020-09-28", "2020-10-12"}, /* Tue 29, Wed 30; 1 to 8 October off; Fri 9, Sat 10 (made up), Mon 12 */
        {"2021-02-05", "2021-02-18"}, /* Sun 7 (made up), Mon 8, Tue 9, Wed 10; 11 to 17 off; Thu 18 */
        {"2021-02-10", "2021-02-23"}, /* Thu 18, Fri 19, Sat 20 (made up), Mon 22, Tue 23 */
        {"2021-02-13", "2021-02-23"}, /* in the midst of the Spring Festival: the same five */
        {"2021-09-24", "2021-09-30"}, /* Sun 26 (made up), Mon 27 to Thu 30 */
        {"2021-09-29", "2021-10-12"}, /* Thu 30; 1 to 7 October off; Fri 8, Sat 9 (made up), Mon 11, Tue 12 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
        const Subsidy__Published *published;

        held_for_veteran(i + 1, class_no(i + 1), "2020-05-31", 100 + i);
        advance_to(notices[i].published);
        assert_int_equal(settle(notices[i].published), JN_OK);
        published = jn_world_last(w, EVENT_PUBLISHED);
        assert_int_equal(published->from_day, day_of(notices[i].published));
        assert_int_equal(published->to_day, day_of(notices[i].last));
    }
}

static void
approval_is_the_day_after_the_notice(void **state)
{
    (void)state;
    advance_to("2020-09-28");
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-09-28"), JN_OK);
    advance_to("2020-10-12");
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 0);
    assert_string_equal(claim(1)->state, "published");
    advance_to("2020-10-13");
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 1);
    assert_string_equal(claim(1)->state, "approved");
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_cost_that_cannot_be_is_named),
        STORY(facts_of_a_person_that_cannot_be_are_named),
        STORY(facts_that_contradict_each_other_are_named),
        STORY(dates_out_of_order_are_named),
        STORY(a_certificate_that_cannot_be_is_named),
        STORY(a_level_that_the_class_did_not_train_for_is_shown_to_the_reviewer),
        STORY(the_others_of_the_class_do_not_wait),
        STORY(what_is_told_after_the_settlement_counts),
        STORY(what_changes_nothing_says_nothing),
        STORY(trainings_are_reckoned_again_in_their_order),
        STORY(late_history_that_cannot_be_is_said),
        STORY(a_revocation_reaches_the_last_seat_of_a_large_class),
        STORY(of_two_that_end_together_one_is_paid),
        STORY(of_two_that_would_be_the_third_one_is),
        STORY(the_certificates_year_is_the_one_that_is_counted),
        STORY(notice_goes_by_the_official_calendar),
        STORY(approval_is_the_day_after_the_notice),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

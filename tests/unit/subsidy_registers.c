/* What registers tell of a training (登记信息) in the service: in time, later, and beyond the window of a rule. */
#include "subsidy_given.h"

#define SKILL     COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define INSURANCE 23 /* lanting-2021 */
#define JOB_BONUS 24 /* qinghe-2022 */

static void
held_with(uint64_t class, const char *class_no, struct trainee trainee, uint32_t level)
{
    course.level = level;
    filed(class, class_no);
    held_for(class, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

static struct jn_agency employment;
static const Subsidy__RegisterReply *register_reply;

static enum jn_code
answered(enum jn_code code, const void *reply)
{
    static Subsidy__RegisterReply kept;

    register_reply = NULL;
    if (reply) {
        kept = *(const Subsidy__RegisterReply *)reply;
        register_reply = &kept;
    }
    return code;
}

static enum jn_code
outcome_told(const char *class_no, uint32_t seat, const char *day, int first, int second)
{
    Subsidy__RecordOutcomes request = SUBSIDY__RECORD_OUTCOMES__INIT;
    Subsidy__OutcomeRow row = SUBSIDY__OUTCOME_ROW__INIT, *rows[] = {&row};
    Policy__Outcome outcomes[] = {(Policy__Outcome)first, (Policy__Outcome)second};
    const void *reply = NULL;
    enum jn_code code;

    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    row.seat = seat;
    row.n_outcomes = second ? 2 : first ? 1 : 0;
    row.outcomes = outcomes;
    row.day = day_of(day);
    request.class_no = (char *)(uintptr_t)class_no;
    request.document = (char *)(uintptr_t) "石就服函〔2020〕8号";
    request.n_rows = 1;
    request.rows = rows;
    code = jn_world_command(w, &employment, "RecordOutcomes", &request, &reply);
    return answered(code, reply);
}

static enum jn_code
months_told(const char *class_no, uint32_t seat, const char *day, uint32_t months)
{
    Subsidy__RecordContributions request = SUBSIDY__RECORD_CONTRIBUTIONS__INIT;
    Subsidy__ContributionRow row = SUBSIDY__CONTRIBUTION_ROW__INIT, *rows[] = {&row};
    const void *reply = NULL;
    enum jn_code code;

    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    row.seat = seat;
    row.months = months;
    row.through_day = day_of(day);
    request.class_no = (char *)(uintptr_t)class_no;
    request.document = (char *)(uintptr_t) "石社保函〔2020〕8号";
    request.n_rows = 1;
    request.rows = rows;
    code = jn_world_command(w, &employment, "RecordContributions", &request, &reply);
    return answered(code, reply);
}

static void
must_move(int64_t more_fen, int64_t less_fen)
{
    assert_int_equal(register_reply->n_refused, 0);
    assert_true(register_reply->done_all);
    assert_int_equal(register_reply->more_fen, more_fen);
    assert_int_equal(register_reply->less_fen, less_fen);
}

static const struct trainee *
jobless(void)
{
    static struct trainee trainee;

    trainee = (struct trainee){
        .person = 7, .groups = GROUPS(COMMON__GROUP__UNEMPLOYED), .days = 20, .household = COMMON__HOUSEHOLD__RURAL};
    return &trainee;
}

/* What the class's seats wait for; 0: nothing. */
static int
awaited(const char *class_no, uint32_t seat, int item)
{
    Subsidy__AwaitedRequest request = SUBSIDY__AWAITED_REQUEST__INIT;
    const void *reply = NULL;
    const Subsidy__AwaitedView *view;

    request.class_no = (char *)(uintptr_t)class_no;
    assert_int_equal(jn_world_query(w, &auditor, "Awaited", &request, &reply), JN_OK);
    view = reply;
    for (size_t i = 0; i < view->n_rows; i++)
        if (view->rows[i]->seat == seat && (int)view->rows[i]->item == item)
            return (int)view->rows[i]->fact;
    return 0;
}

/* Qinghe: 1,800.00 for the course and 20 x 20.00 to live on. Who starts a job is paid 1,200.00 and no allowance:
 * 1,200.00 more, 400.00 less. Who turns out to have none is where he was. */
static void
what_waits_for_a_job_is_due_when_there_is_one(void **state)
{
    const Subsidy__Reassessed *moved;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    held_with(1, "A-1", *jobless(), 5);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
    assert_int_equal(due(1, COMMON__ITEM__HARDSHIP_LIVING), 40000);
    assert_int_equal(refused(1, JOB_BONUS), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(awaited("A-1", 1, JOB_BONUS), POLICY__FACT__OUTCOME);
    assert_int_equal(awaited("A-1", 1, COMMON__ITEM__FREE_TRAINING), 0);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__COMPLETED, POLICY__OUTCOME__EMPLOYED),
                     JN_OK);
    must_move(120000, 40000);
    assert_int_equal(awaited("A-1", 1, JOB_BONUS), 0);
    moved = jn_world_last(w, EVENT_REASSESSED);
    assert_int_equal(moved->cause, SUBSIDY__CAUSE__REGISTER_TOLD);
    assert_int_equal(due(1, JOB_BONUS), 120000);
    assert_non_null(strstr(claim(2)->changed, "a register has told"));
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__COMPLETED, POLICY__OUTCOME__EMPLOYED),
                     JN_OK);
    must_move(0, 0);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-12", POLICY__OUTCOME__COMPLETED, 0), JN_OK);
    must_move(40000, 120000);
}

/* As it was settled it stays explained: without the job, with the allowance. */
static void
what_was_told_later_does_not_explain_what_was_settled(void **state)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    Subsidy__IssueReceipt receipt = SUBSIDY__ISSUE_RECEIPT__INIT;
    const void *reply = NULL;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    held_with(1, "A-1", *jobless(), 5);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = 1;
    request.item = JOB_BONUS;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    assert_true(((const Subsidy__ExplainView *)reply)->reproduced);
    receipt.claim = 2;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &receipt, NULL), JN_OK);
    said = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(said->facts->outcomes, 0);
    assert_int_equal(said->amount_fen, 40000);
}

static void
what_is_told_in_time_decides_at_once(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    filed(1, "A-1");
    held_for(1, jobless(), 1);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    must_move(0, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, JOB_BONUS), 120000);
    assert_int_equal(refused(1, COMMON__ITEM__HARDSHIP_LIVING), COMMON__REASON__EXCLUDED_BY_ANOTHER);
}

/* Yunshan: 3,000.00 with the certificate, 6,000.00 for who stays; of 3,000.00 that everybody who passes gets half is
 * paid ahead, before anything is known. */
static void
the_outcome_decides_how_much(void **state)
{
    struct trainee apprentice = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
    const Subsidy__AdvanceGranted *granted;

    (void)state;
    assert_int_equal(adopt(place("yunshan-2021")), JN_OK);
    course.kind = COMMON__CLASS_KIND__APPRENTICESHIP;
    course.employer = FACTORY;
    course.advance = true;
    filed(1, "A-1");
    enrolled(1, &apprentice, 1);
    opened(1);
    granted = jn_world_last(w, EVENT_ADVANCE_GRANTED);
    assert_int_equal(granted->parts[0]->expected_fen, 300000);
    assert_int_equal(granted->parts[0]->amount_fen, 150000);
    finished(1, &apprentice, 1);
    passed(1, 1, SKILL, 5);
    closed(1, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__APPRENTICESHIP_TRAINING), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-01", POLICY__OUTCOME__COMPLETED, 0), JN_OK);
    must_move(300000, 0);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-14", POLICY__OUTCOME__EMPLOYED, POLICY__OUTCOME__RETAINED), JN_OK);
    must_move(300000, 0);
    revoked(1, 1);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-14", POLICY__OUTCOME__DROPPED_OUT, 0), JN_OK);
    must_move(0, 600000);
}

/* Lanting: 230.50 a month, from three on, for twelve at most: 1,613.50 for seven; 2,766.00 for fourteen. */
static void
months_of_contribution_are_told_by_date(void **state)
{
    struct trainee graduate = {.person = 7, .groups = GROUPS(COMMON__GROUP__COLLEGE_GRADUATE)};

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    held_with(1, "A-1", graduate, 5);
    assert_int_equal(months_told("A-1", 1, "2020-05-31", 2), JN_OK);
    must_move(0, 0);
    assert_int_equal(register_reply->changed, 1); /* the reason */
    assert_int_equal(months_told("A-1", 1, "2020-06-10", 7), JN_OK);
    must_move(161350, 0);
    assert_int_equal(months_told("A-1", 1, "2020-06-14", 14), JN_OK);
    must_move(115250, 0);
    assert_int_equal(months_told("A-1", 1, "2020-06-10", 7), JN_OK);
    assert_int_equal(register_reply->refused[0]->code, JN_WRONG_STATE);
}

/* A thousand as above, settled by two hundred. One message looks at four settlements: four of six at once, then the
 * other two by themselves. */
static void
what_is_told_of_a_large_class_goes_on_by_itself(void **state)
{
    static const uint32_t seats[] = {1, 250, 450, 650, 850, 1000};
    static struct trainee crowd[1000];
    Subsidy__RecordOutcomes request = SUBSIDY__RECORD_OUTCOMES__INIT;
    Subsidy__OutcomeRow rows[6], *list[6];
    Policy__Outcome outcome = POLICY__OUTCOME__EMPLOYED;
    const void *reply = NULL;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    for (uint32_t i = 0; i < 1000; i++) {
        crowd[i] = *jobless();
        crowd[i].person = 1000 + i;
        crowd[i].rank = i;
    }
    filed(1, "A-1");
    enrolled(1, crowd, 1000);
    for (uint32_t at = 0; at < 1000; at += 200)
        finished_part(1, at + 1, crowd + at, 200, 1000);
    closed(1, 0);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    for (size_t i = 0; i < 6; i++) {
        list[i] = &rows[i];
        subsidy__outcome_row__init(&rows[i]);
        rows[i].seat = seats[i];
        rows[i].outcomes = &outcome;
        rows[i].n_outcomes = 1;
        rows[i].day = day_of("2020-06-10");
    }
    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.document = (char *)(uintptr_t) "石就服函〔2020〕8号";
    request.n_rows = 6;
    request.rows = list;
    assert_int_equal(jn_world_command(w, &employment, "RecordOutcomes", &request, &reply), JN_OK);
    answered(JN_OK, reply);
    assert_int_equal(register_reply->done, 6);
    assert_false(register_reply->done_all);
    assert_int_equal(register_reply->more_fen, 4 * 120000);
    assert_int_equal(register_reply->less_fen, 4 * 40000);
    assert_int_equal(total_due(JOB_BONUS), 4);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(total_due(JOB_BONUS), 6);
    assert_int_equal(awaited("A-1", 1000, JOB_BONUS), 0);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_BEGUN), 1);
}

static void
row_refused(enum jn_code command, enum jn_code row)
{
    assert_int_equal(command, JN_OK);
    assert_int_equal(register_reply->done, 0);
    assert_int_equal(register_reply->refused[0]->code, row);
}

static void
what_registers_cannot_tell_is_refused(void **state)
{
    const int job = POLICY__OUTCOME__EMPLOYED;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    filed(1, "A-1");
    enrolled(1, jobless(), 1);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", job, 0), JN_WRONG_STATE);
    assert_int_equal(outcome_told("A-9", 1, "2020-06-10", job, 0), JN_NOT_FOUND);
    finished(1, jobless(), 1);
    passed(1, 1, SKILL, 5);
    closed(1, 1);
    row_refused(outcome_told("A-1", 2, "2020-06-10", job, 0), JN_NOT_FOUND);
    row_refused(outcome_told("A-1", 1, "2020-06-16", job, 0), JN_MALFORMED);
    row_refused(outcome_told("A-1", 1, "2020-06-10", 0, 0), JN_MALFORMED);
    row_refused(outcome_told("A-1", 1, "2020-06-10", 7, 0), JN_MALFORMED);
    row_refused(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__CERTIFIED, 0), JN_MALFORMED);
    row_refused(outcome_told("A-1", 1, "2020-06-10", POLICY__OUTCOME__DROPPED_OUT, 0), JN_REFUSED);
    row_refused(months_told("A-1", 1, "2020-06-10", 1201), JN_MALFORMED);
    assert_int_equal(outcome_told("A-1", 1, "2020-06-10", job, 0), JN_OK);
    row_refused(outcome_told("A-1", 1, "2020-06-09", POLICY__OUTCOME__FOUNDED, job), JN_WRONG_STATE);
}

/* ---- Windows: the class ends on 2020-05-31 ---- */

static Policy__Pack *
windowed(const char *name, int item, uint32_t months)
{
    Policy__Pack *pack = place(name);

    for (size_t i = 0; i < pack->n_rules; i++)
        if ((int)pack->rules[i]->item == item)
            pack->rules[i]->outcome_within_months = months;
    return pack;
}

static const Subsidy__AwaitedRow *
awaited_row(void)
{
    Subsidy__AwaitedRequest request = SUBSIDY__AWAITED_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t) "A-1";
    assert_int_equal(jn_world_query(w, &auditor, "Awaited", &request, &reply), JN_OK);
    assert_int_equal(((const Subsidy__AwaitedView *)reply)->n_rows, 1);
    return ((const Subsidy__AwaitedView *)reply)->rows[0];
}

static const Subsidy__OverdueView *
overdue(void)
{
    Subsidy__OverdueRequest request = SUBSIDY__OVERDUE_REQUEST__INIT;
    const void *reply = NULL;

    assert_int_equal(jn_world_query(w, &auditor, "Overdue", &request, &reply), JN_OK);
    return reply;
}

/* Six months: through 2020-11-30. Ten working days are from one reminder to the next. */
static void
what_is_awaited_past_its_window_is_reminded_of(void **state)
{
    const Subsidy__TermOver *over;

    (void)state;
    assert_int_equal(adopt(windowed("qinghe-2022", JOB_BONUS, 6)), JN_OK);
    held_with(1, "A-1", *jobless(), 5);
    assert_int_equal(refused(1, JOB_BONUS), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(awaited_row()->until_day, day_of("2020-11-30"));
    advance_to("2020-11-30");
    assert_false(awaited_row()->overdue);
    assert_int_equal(overdue()->n_rows, 0);
    advance_to("2020-12-01");
    assert_true(awaited_row()->overdue);
    over = jn_world_last(w, EVENT_TERM_OVER);
    assert_int_equal(over->what, SUBSIDY__DUE__DUE_AWAITED);
    assert_int_equal(over->number, 1);
    assert_int_equal(over->by, 4);                          /* the employment service */
    assert_int_equal(over->next_day, day_of("2020-12-15")); /* 2-4, 7-11, 14 15 */
    assert_int_equal(overdue()->n_rows, 1);
    assert_int_equal(overdue()->rows[0]->due_day, day_of("2020-11-30"));
    assert_string_equal(overdue()->rows[0]->class_no, "A-1");
    advance_to("2021-06-30");
    assert_int_equal(jn_world_count(w, EVENT_TERM_OVER), 4);
    assert_int_equal(outcome_told("A-1", 1, "2020-11-30", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    must_move(120000, 40000); /* the bonus; with it there is no allowance */
    assert_int_equal(overdue()->n_rows, 0);
}

/* A day that was told too late is put right; what was so in time stays so, whatever is told later. */
static void
a_job_after_the_window_earns_nothing(void **state)
{
    (void)state;
    assert_int_equal(adopt(windowed("qinghe-2022", JOB_BONUS, 6)), JN_OK);
    held_with(1, "A-1", *jobless(), 5);
    advance_to("2021-03-31");
    assert_int_equal(outcome_told("A-1", 1, "2020-12-01", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    must_move(0, 0);
    assert_int_equal(((const Subsidy__Reassessed *)jn_world_last(w, EVENT_REASSESSED))->rows[0]->reason,
                     COMMON__REASON__OUTCOME_TOO_LATE);
    assert_int_equal(overdue()->n_rows, 0);
    assert_int_equal(outcome_told("A-1", 1, "2020-11-30", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    must_move(120000, 40000);
    assert_int_equal(outcome_told("A-1", 1, "2021-03-01", POLICY__OUTCOME__EMPLOYED, POLICY__OUTCOME__RETAINED), JN_OK);
    must_move(0, 0);
    assert_int_equal(outcome_told("A-1", 1, "2021-03-15", POLICY__OUTCOME__COMPLETED, 0), JN_OK);
    must_move(40000, 120000);
    assert_int_equal(outcome_told("A-1", 1, "2021-03-20", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    must_move(0, 0);
}

/* One month: through 2020-06-30. */
static void
what_came_too_late_is_explained_with_its_day(void **state)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    Subsidy__IssueReceipt receipt = SUBSIDY__ISSUE_RECEIPT__INIT;
    const Subsidy__ExplainView *view;
    const Subsidy__Receipted *said;
    const void *reply = NULL;

    (void)state;
    assert_int_equal(adopt(windowed("qinghe-2022", JOB_BONUS, 1)), JN_OK);
    course.level = 5;
    filed(1, "A-1");
    held_for(1, jobless(), 1);
    advance_to("2020-07-06");
    assert_int_equal(outcome_told("A-1", 1, "2020-07-05", POLICY__OUTCOME__EMPLOYED, 0), JN_OK);
    assert_int_equal(settle("2020-07-06"), JN_OK);
    assert_int_equal(refused(1, JOB_BONUS), COMMON__REASON__OUTCOME_TOO_LATE);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = 1;
    request.item = (Common__Item)JOB_BONUS;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    view = reply;
    assert_true(view->reproduced);
    assert_int_equal(view->n_what_if, 1);
    assert_non_null(strstr(view->what_if[0]->en, "had come by 2020-06-30"));
    assert_non_null(strstr(view->what_if[0]->en, "1200.00 yuan would be due"));
    receipt.class_no = request.class_no;
    receipt.seat = 1;
    receipt.item = request.item;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &receipt, NULL), JN_OK);
    said = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(said->reason, COMMON__REASON__OUTCOME_TOO_LATE);
    assert_int_equal(said->facts->n_outcome_days, 2); /* certified on the class's last day, employed */
    assert_int_equal(said->facts->outcome_days[0], day_of("2020-05-31"));
    assert_int_equal(said->facts->outcome_days[1], day_of("2020-07-05"));
}

/* Lanting: 230.50 a month. Of eight through January nobody knows how many were paid by the end of November; it was six:
 * 1,383.00. Seven by the middle of it cannot be. */
static void
months_after_the_window_do_not_count(void **state)
{
    struct trainee graduate = {.person = 7, .groups = GROUPS(COMMON__GROUP__COLLEGE_GRADUATE)};

    (void)state;
    assert_int_equal(adopt(windowed("lanting-2021", INSURANCE, 6)), JN_OK);
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    held_with(1, "A-1", graduate, 5);
    advance_to("2021-02-28");
    assert_int_equal(months_told("A-1", 1, "2021-01-15", 8), JN_OK);
    must_move(0, 0);
    assert_int_equal(awaited_row()->fact, POLICY__FACT__CONTRIBUTION_MONTHS);
    assert_int_equal(overdue()->n_rows, 1);
    assert_int_equal(months_told("A-1", 1, "2020-11-30", 6), JN_OK);
    must_move(138300, 0);
    assert_int_equal(overdue()->n_rows, 0);
    assert_int_equal(months_told("A-1", 1, "2021-02-28", 9), JN_OK);
    must_move(0, 0);
    row_refused(months_told("A-1", 1, "2020-11-15", 7), JN_WRONG_STATE);
    row_refused(months_told("A-1", 1, "2020-12-15", 5), JN_WRONG_STATE);
    row_refused(months_told("A-1", 1, "2020-11-30", 6), JN_WRONG_STATE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_waits_for_a_job_is_due_when_there_is_one),
        STORY(what_was_told_later_does_not_explain_what_was_settled),
        STORY(what_is_told_in_time_decides_at_once),
        STORY(the_outcome_decides_how_much),
        STORY(months_of_contribution_are_told_by_date),
        STORY(what_is_told_of_a_large_class_goes_on_by_itself),
        STORY(what_registers_cannot_tell_is_refused),
        STORY(what_is_awaited_past_its_window_is_reminded_of),
        STORY(a_job_after_the_window_earns_nothing),
        STORY(what_came_too_late_is_explained_with_its_day),
        STORY(months_after_the_window_do_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

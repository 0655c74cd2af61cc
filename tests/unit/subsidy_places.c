/* Other places' rules in the service: which of their facts it has, and what it refuses while it has not. */
#include "subsidy_given.h"

#define SKILL     COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define BY_HOURS  19 /* lanting-2021 */
#define BY_DAYS   21
#define JOB_BONUS 24 /* qinghe-2022 */

static void
a_number_means_one_item_in_all_packs(void **state)
{
    Policy__Pack *pack = place("lanting-2021");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    pack = place("lanting-2021");
    pack->id[0] = 'm';
    assert_int_equal(adopt(pack), JN_OK); /* the same meanings */
    pack->id[0] = 'n';
    pack->items[0]->name[0] = 'k';
    assert_int_equal(adopt(pack), JN_REFUSED);
    assert_non_null(strstr(sentence(), "item 19 is course_by_hours in a pack that was adopted before"));
    pack->items[0]->name[0] = 'c';
    pack->items[0]->number = 30;
    pack->rules[1]->item = 30;
    assert_int_equal(adopt(pack), JN_REFUSED);
    assert_non_null(strstr(sentence(), "with another number"));
}

/* Each once, whichever packs have it: who prints items asks for them. */
static void
packs_say_what_their_own_items_are_called(void **state)
{
    Subsidy__PacksRequest request = SUBSIDY__PACKS_REQUEST__INIT;
    struct jn_agency finance = {.name = "finance", .roles = ROLE_FINANCE};
    const Subsidy__PacksView *view;
    const void *reply;
    Policy__Pack *pack = place("lanting-2021");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    pack = place("lanting-2021");
    pack->id[0] = 'm';
    assert_int_equal(adopt(pack), JN_OK);
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    assert_int_equal(jn_world_query(w, &finance, "Packs", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 4); /* and the plan's, which has none of its own */
    assert_int_equal(view->n_items, 6);
    assert_int_equal(view->items[2]->number, 21);
    assert_string_equal(view->items[2]->name, "attendance_allowance");
    assert_string_equal(view->items[2]->zh, "培训期间生活补贴");
    assert_string_equal(view->items[5]->name, "job_start_bonus");
}

static void
an_explanation_names_the_packs_own_item(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__RURAL_MIGRANT), .rank = 0};
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    const void *reply;

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 80;
    course.level = 5;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = 1;
    request.item = (Common__Item)BY_HOURS;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    view = reply;
    assert_ptr_equal(strstr(view->summary_en, "course_by_hours is due: 1000.00 yuan"), view->summary_en);
    assert_ptr_equal(strstr(view->summary_zh, "应发分档培训补贴1000.00元"), view->summary_zh);
}

static void
held_with(uint64_t class, const char *class_no, struct trainee trainee, uint32_t level)
{
    course.level = level;
    filed(class, class_no);
    held_for(class, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

static void
hours_come_from_the_project(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__RURAL_MIGRANT)};

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 79;
    held_with(1, "A-1", trainee, 5);
    assert_int_equal(due(1, BY_HOURS), 60000);
    course.hours = 80;
    held_with(2, "A-2", trainee, 5);
    assert_int_equal(due(1, BY_HOURS), 100000);
    assert_int_equal(total_due(BY_HOURS), 2);
    course.hours = 39;
    held_with(3, "A-3", trainee, 5);
    assert_int_equal(refused(1, BY_HOURS), COMMON__REASON__TOO_FEW_HOURS);
    course.hours = 0; /* a class filed before hours were told */
    held_with(4, "A-4", trainee, 5);
    assert_int_equal(refused(1, BY_HOURS), COMMON__REASON__FACT_NOT_KNOWN);
}

/* qinghe-2022: men until 59, women until 54; then it asks for contributions, which nobody has told. */
static int
certified(uint64_t class, const char *class_no, uint32_t age, uint32_t sex)
{
    struct trainee trainee = {
        .person = class, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .age = age, .sex = sex};

    course.kind = COMMON__CLASS_KIND__ON_JOB;
    held_with(class, class_no, trainee, 4);
    return refused(1, COMMON__ITEM__CERTIFIED_TRAINING);
}

static void
age_and_sex_come_from_the_roster(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    assert_int_equal(certified(1, "A-1", 60, POLICY__SEX__MALE), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(2, "A-2", 59, POLICY__SEX__MALE), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(certified(3, "A-3", 55, POLICY__SEX__FEMALE), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(4, "A-4", 15, 0), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(5, "A-5", 0, 0), COMMON__REASON__FACT_NOT_KNOWN);
}

/* A cap of 3,000.00 a year: 2,000.00 were paid before the suite, 1,000.00 of 1,500.00 fall due here, then nothing. */
static void
what_was_paid_is_added_up(void **state)
{
    struct trainee veteran = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    amount_paid = 200000;
    paid_before(7, JOB_BONUS, "2020-01-10", "", 0, 0);
    amount_paid = 0;
    held_with(1, "A-1", veteran, 4);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    held_with(2, "A-2", veteran, 3);
    assert_int_equal(refused(1, COMMON__ITEM__SKILL_UPGRADE), COMMON__REASON__YEARLY_CAP);
}

static void
an_amount_that_was_not_told_is_not_guessed(void **state)
{
    struct trainee veteran = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    amount_paid = 0;
    paid_before(7, JOB_BONUS, "2020-01-10", "", 0, 0);
    held_with(1, "A-1", veteran, 4);
    assert_int_equal(refused(1, COMMON__ITEM__SKILL_UPGRADE), COMMON__REASON__FACT_NOT_KNOWN);
}

static void
must_tell_what_if(const char *class_no, int item, const char *sentence)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = 1;
    request.item = (Common__Item)item;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    view = reply;
    for (size_t i = 0; i < view->n_what_if; i++)
        if (!strcmp(view->what_if[i]->en, sentence))
            return;
    for (size_t i = 0; i < view->n_what_if; i++)
        print_message("what if: %s\n", view->what_if[i]->en);
    fail_msg("not said: %s", sentence);
}

/* The first row begins at 40 hours, with 600.00; at the first day, with 50.00. */
static void
a_row_that_was_not_reached_is_named(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__UNEMPLOYED)};

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 39;
    held_with(1, "A-1", trainee, 5);
    must_tell_what_if("A-1", BY_HOURS,
                      "If class-hours of the course were 40 (1 more than the 39 on record), 600.00 yuan would be due.");
    must_tell_what_if("A-1", BY_DAYS,
                      "If attended days were 1 (1 more than the 0 on record), 50.00 yuan would be due.");
    course.hours = 79;
    trainee.person = 8;
    trainee.days = 10;
    held_with(2, "A-2", trainee, 5);
    must_tell_what_if("A-2", BY_HOURS,
                      "If class-hours of the course were 80 (1 more than the 79 on record), 1000.00 yuan would be due, "
                      "400.00 yuan more.");
    must_tell_what_if("A-2", BY_DAYS,
                      "If attended days were 11 (1 more than the 10 on record), 530.00 yuan would be due, 30.00 yuan "
                      "more.");
}

/* ---- What the enterprise was paid: 10,000.00 within 36 months; each gets half of a cost of 4,500.00 ---- */

static void
employees_of(uint64_t employer, uint64_t class, const char *class_no, uint32_t count)
{
    struct trainee trainees[6];

    for (uint32_t i = 0; i < count; i++)
        trainees[i] =
            (struct trainee){.person = class * 10 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .rank = i};
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = employer;
    course.cost_fen = 450000;
    filed(class, class_no);
    held_for(class, trainees, count);
}

static void
must_be(const int64_t amounts[], uint32_t count)
{
    for (uint32_t seat = 1; seat <= count; seat++) {
        assert_int_equal(due(seat, COMMON__ITEM__PRE_JOB_TRAINING), amounts[seat - 1]);
        if (amounts[seat - 1] < 0)
            assert_int_equal(refused(seat, COMMON__ITEM__PRE_JOB_TRAINING), COMMON__REASON__ENTERPRISE_CAP);
    }
}

/* 4 x 2,250.00 are 9,000.00: the fifth gets what is left, the sixth and the next class nothing. */
static const int64_t capped[] = {225000, 225000, 225000, 225000, 100000, -1}, whole[] = {225000}, nothing[] = {-1};

static void
an_enterprise_is_paid_no_more_than_its_cap(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(capped, 6);
    employees_of(FACTORY, 2, "A-2", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(nothing, 1);
    must_tell_what_if(
        "A-2", COMMON__ITEM__PRE_JOB_TRAINING,
        "The limit of the enterprise is 10000.00 yuan within 36 months, and 10000.00 yuan of it were used "
        "before; the first of it counts no longer for a training that ends from 2023-05-31 on. Nothing "
        "that the person can change would help.");
    employees_of(UNINSURED, 3, "A-3", 1); /* another enterprise */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(whole, 1);
}

static void
employees_until(uint64_t class, const char *class_no, const char *end)
{
    struct trainee trainee = {.person = class * 10, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    filed_until(class, class_no, end);
    held_for(class, &trainee, 1);
    assert_int_equal(settle(end), JN_OK);
}

/* Classes that end on 2020-05-31: three years later to the day they count, one day later they do not. */
static void
what_lies_longer_ago_does_not_count(void **state)
{
    Policy__Pack *pack = place("qinghe-2022");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2023-06-10");
    employees_until(2, "A-2", "2023-05-30");
    must_be(nothing, 1);
    employees_until(3, "A-3", "2023-05-31");
    must_be(whole, 1);
}

/* The most of it in numbers: a limit of two people a year. */
static void
people_are_counted_as_well_as_money(void **state)
{
    static const int64_t two[] = {225000, 225000, -1};
    Policy__Pack *pack = place("qinghe-2022");
    Policy__Limit *limit = pack->limits[pack->n_limits - 1];

    (void)state;
    limit->kind = POLICY__LIMIT_KIND__TIMES_PAID;
    limit->cap_fen = 0;
    limit->most = 2;
    limit->within = POLICY__WITHIN__YEAR;
    limit->months = 0;
    assert_int_equal(adopt(pack), JN_OK);
    employees_of(FACTORY, 1, "A-1", 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(two, 3);
}

static const Subsidy__ReassessReply *
reassessed(const char *class_no)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    order.class_no = (char *)(uintptr_t)class_no;
    order.document = order.reason = (char *)(uintptr_t) "X-2";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
    return reply;
}

static bool
reproduced(const char *class_no, uint32_t seat)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = COMMON__ITEM__PRE_JOB_TRAINING;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    return ((const Subsidy__ExplainView *)reply)->reproduced;
}

/* Nothing has changed: nothing moves. The first class is cancelled: its 10,000.00 are free, and the second, reckoned
 * again, gets its 2,250.00; then 10,000.00 - 2,250.00 = 7,750.00 are left: three times 2,250.00, and 1,000.00. What was
 * settled before stays explained as it stood then. */
static void
what_is_taken_back_is_free_again(void **state)
{
    static const int64_t rest[] = {225000, 225000, 225000, 100000, -1};
    Enrollment__ClassCancelled cancelled = ENROLLMENT__CLASS_CANCELLED__INIT;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    employees_of(FACTORY, 2, "A-2", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(reassessed("A-1")->changed, 0);
    assert_int_equal(reassessed("A-2")->changed, 0);
    cancelled.class_ = 1;
    cancelled.document = cancelled.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &cancelled);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(reassessed("A-2")->more_fen, 225000);
    employees_of(FACTORY, 3, "A-3", 5);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(rest, 5);
    for (uint32_t seat = 1; seat <= 6; seat++)
        assert_true(reproduced("A-1", seat));
    assert_true(reproduced("A-2", 1));
    assert_true(reproduced("A-3", 4));
}

/* A receipt's sum comes out with nothing but the receipt: it tells what the enterprise was paid. */
static void
a_receipt_tells_what_the_enterprise_was_paid(void **state)
{
    Subsidy__IssueReceipt command = SUBSIDY__ISSUE_RECEIPT__INIT;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    command.claim = 5;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &command, NULL), JN_OK);
    said = jn_world_last(w, EVENT_RECEIPTED);
    assert_true(said->facts->enterprise_known);
    assert_int_equal(said->facts->n_enterprise_history, 1);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 900000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 4);
}

static const Subsidy__Receipted *
receipted(uint64_t claim)
{
    Subsidy__IssueReceipt command = SUBSIDY__ISSUE_RECEIPT__INIT;

    command.claim = claim;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &command, NULL), JN_OK);
    return jn_world_last(w, EVENT_RECEIPTED);
}

/* Five find nothing left; the class that took all is cancelled, and they are reckoned again: four times 2,250.00, and
 * 1,000.00 to the fifth. Each one's receipt counts those before him, and still does when others have come. */
static void
what_a_reassessment_finds_has_its_receipt_under_a_cap(void **state)
{
    Enrollment__ClassCancelled cancelled = ENROLLMENT__CLASS_CANCELLED__INIT;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6); /* claims 1 to 5 */
    employees_of(FACTORY, 2, "A-2", 5);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    cancelled.class_ = 1;
    cancelled.document = cancelled.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &cancelled);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(reassessed("A-2")->more_fen, 1000000); /* claims 6 to 10 */
    employees_of(FACTORY, 3, "A-3", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(nothing, 1);

    said = receipted(6);
    assert_int_equal(said->amount_fen, 225000);
    assert_true(said->facts->enterprise_known);
    assert_int_equal(said->facts->n_enterprise_history, 0);
    said = receipted(8);
    assert_int_equal(said->facts->n_enterprise_history, 1);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 450000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 2);
    said = receipted(10);
    assert_int_equal(said->amount_fen, 100000);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 900000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 4);
    assert_int_equal(said->reassessment, 2); /* the first took all of A-1 back */
}

/* 50 % of one rule's 2,000.00, in a plan that pays 60 % ahead. */
static void
a_rule_may_have_less_paid_ahead(void **state)
{
    struct trainee employee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
    const Subsidy__AdvanceGranted *granted;
    Policy__Pack *pack = plan();

    (void)state;
    pack->id[0] = 't';
    pack->rules[1]->own_advance = true;
    pack->rules[1]->advance_bp = 5000;
    assert_int_equal(adopt(pack), JN_OK);
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.employer = FACTORY;
    course.advance = true;
    filed(1, "A-1");
    enrolled(1, &employee, 1);
    opened(1);
    granted = jn_world_last(w, EVENT_ADVANCE_GRANTED);
    assert_int_equal(granted->parts[0]->expected_fen, 200000);
    assert_int_equal(granted->parts[0]->amount_fen, 100000);
}

/* ---- What registers tell ---- */

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
    row_refused(outcome_told("A-1", 1, "2020-06-09", job, 0), JN_WRONG_STATE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_number_means_one_item_in_all_packs),
        STORY(packs_say_what_their_own_items_are_called),
        STORY(an_explanation_names_the_packs_own_item),
        STORY(hours_come_from_the_project),
        STORY(age_and_sex_come_from_the_roster),
        STORY(what_was_paid_is_added_up),
        STORY(an_amount_that_was_not_told_is_not_guessed),
        STORY(a_row_that_was_not_reached_is_named),
        STORY(an_enterprise_is_paid_no_more_than_its_cap),
        STORY(what_lies_longer_ago_does_not_count),
        STORY(people_are_counted_as_well_as_money),
        STORY(what_is_taken_back_is_free_again),
        STORY(a_receipt_tells_what_the_enterprise_was_paid),
        STORY(what_a_reassessment_finds_has_its_receipt_under_a_cap),
        STORY(a_rule_may_have_less_paid_ahead),
        STORY(what_waits_for_a_job_is_due_when_there_is_one),
        STORY(what_was_told_later_does_not_explain_what_was_settled),
        STORY(what_is_told_in_time_decides_at_once),
        STORY(the_outcome_decides_how_much),
        STORY(months_of_contribution_are_told_by_date),
        STORY(what_registers_cannot_tell_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

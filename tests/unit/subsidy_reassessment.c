/* Reassessments: facts that change after settlement, and what then moves; 2.12-e. Amounts by hand: an employment course
 * at 2,000 yuan earns min(2,000, the standard of 1,800). */
#include "subsidy_given.h"

#define REVOKED SUBSIDY__CAUSE__CERTIFICATE_REVOKED

static const Subsidy__ReassessReply *told;
static Subsidy__Reassess order;

static enum jn_code
reassess_as(const struct jn_agency *who, const char *class_no)
{
    static Subsidy__ReassessReply kept;
    const void *reply = NULL;
    enum jn_code code;

    order.class_no = (char *)(uintptr_t)class_no;
    code = jn_world_command(w, who, "Reassess", &order, &reply);
    told = NULL;
    if (reply) {
        kept = *(const Subsidy__ReassessReply *)reply;
        told = &kept;
    }
    return code;
}

static enum jn_code
reassess_class(const char *class_no)
{
    subsidy__reassess__init(&order);
    order.document = (char *)(uintptr_t) "石人社核〔2020〕1号";
    order.reason = (char *)(uintptr_t) "facts have changed";
    return reassess_as(&administration, class_no);
}

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

static int64_t
taken_of(int item)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_due; i++)
        if ((int)view->due[i]->item == item)
            return view->due[i]->taken_fen;
    return 0;
}

static int64_t
due_of(int item)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_due; i++)
        if ((int)view->due[i]->item == item)
            return view->due[i]->amount_fen;
    return 0;
}

static void
a_veteran_is_settled(uint64_t class, const char *class_no, const char *end, uint64_t person)
{
    held_for_veteran(class, class_no, end, person);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

/* ---- A certificate is revoked ---- */

static void
what_hung_on_a_revoked_certificate_is_no_longer_due(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK); /* free training 1,800; living allowance 10 x 100 */
    revoked(1, 1);
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 1);
    assert_int_equal(last()->cause, REVOKED);
    assert_int_equal(last()->n_rows, 2);
    assert_true(row(1, COMMON__ITEM__POVERTY_LIVING)->due); /* days were attended all the same */
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->now_fen, 100000);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->n_taken, 0);
    assert_int_equal(row(1, COMMON__ITEM__POVERTY_LIVING)->level, 0); /* it was 5 */
    assert_false(row(1, COMMON__ITEM__FREE_TRAINING)->due);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->reason, COMMON__REASON__NO_CERTIFICATE);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->before_fen, 180000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->now_fen, 0);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->claim, 1);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->amount_fen, 180000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->rest_fen, 0);
    assert_string_equal(row(1, COMMON__ITEM__FREE_TRAINING)->clause, "2.2-a");
    assert_int_equal(taken_of(COMMON__ITEM__FREE_TRAINING), 180000);
    assert_int_equal(due_of(COMMON__ITEM__FREE_TRAINING), 180000); /* as it was settled */
    assert_int_equal(taken_of(COMMON__ITEM__POVERTY_LIVING), 0);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 1);
}

/* 2.10-c: it no longer stands in the way of the same occupation and level. */
static void
what_is_no_longer_due_counts_for_no_limit(void **state)
{
    (void)state;
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    revoked(1, 1);
    a_veteran_is_settled(2, "A-2", "2020-06-10", 7);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
    assert_int_equal(reassess_class("A-1"), JN_OK); /* nor does the later one stand in its own way */
    assert_int_equal(told->changed, 0);
}

/* Of the two that would pay for the training the larger one stayed: 2,000 against 50 % of 2,000. */
static void
what_another_stood_in_the_way_of_is_due_now(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20};
    const Subsidy__Settled *topup;
    const Subsidy__Published *published;

    (void)state;
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__CERTIFIED_TRAINING), 200000);
    assert_int_equal(refused(1, COMMON__ITEM__PRE_JOB_TRAINING), COMMON__REASON__ANOTHER_PAYS_THIS_TRAINING);
    advance_to("2020-07-01");
    revoked(1, 1);
    assert_int_equal(row(1, COMMON__ITEM__CERTIFIED_TRAINING)->taken[0]->amount_fen, 200000);
    assert_true(row(1, COMMON__ITEM__PRE_JOB_TRAINING)->due);
    assert_int_equal(row(1, COMMON__ITEM__PRE_JOB_TRAINING)->before_fen, 0);
    assert_int_equal(row(1, COMMON__ITEM__PRE_JOB_TRAINING)->now_fen, 100000);
    assert_int_equal(row(1, COMMON__ITEM__PRE_JOB_TRAINING)->topup, 2);
    topup = last_settled();
    assert_int_equal(topup->settlement, 2);
    assert_int_equal(topup->reassessment, 1);
    assert_false(topup->last);
    assert_int_equal(topup->rows, 0);
    assert_int_equal(topup->employer, FACTORY);
    assert_int_equal(topup->n_claims, 1);
    assert_int_equal(topup->claims[0]->claim, 2);
    assert_int_equal(topup->claims[0]->amount_fen, 100000);
    assert_int_equal(topup->claims[0]->fund, COMMON__FUND__SKILLS_ACCOUNT);
    assert_int_equal(topup->claims[0]->payee, COMMON__PAYEE__PAYEE_ENTERPRISE);
    assert_int_equal(topup->claims[0]->tops, 0);
    assert_true(topup->claims[0]->trace->n_steps > 1);
    published = jn_world_last(w, EVENT_PUBLISHED);
    assert_int_equal(published->settlement, 2);
    assert_int_equal(published->to_day, day_of("2020-07-08"));
    assert_string_equal(claim(2)->state, "published");
    advance_to("2020-07-09");
    assert_string_equal(claim(2)->state, "approved");
}

/* It comes while its class is settled in part: those who were settled with it are reckoned again, the others without
 * it. */
static void
a_class_settled_in_part_is_reckoned_seat_by_seat(void **state)
{
    static struct trainee trainees[450];

    (void)state;
    for (uint32_t i = 0; i < 450; i++)
        trainees[i] =
            (struct trainee){.person = 1000 + i, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20, .rank = i};
    filed(1, "A-1");
    enrolled(1, trainees, 450);
    for (uint32_t at = 0; at < 450; at += 150)
        finished_part(1, at + 1, trainees + at, 150, 450);
    for (uint32_t seat = 1; seat <= 450; seat++)
        passed(1, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 450);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_false(settled->done);
    assert_int_equal(settled->claims, 400);
    revoked(1, 3);
    revoked(1, 420);
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 1);
    assert_int_equal(row(3, COMMON__ITEM__FREE_TRAINING)->taken[0]->amount_fen, 180000);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 49);
    assert_int_equal(refused(420, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__NO_CERTIFICATE);
}

/* ---- A class is cancelled ---- */

static void
cancelled(uint64_t class)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;

    event.class_ = class;
    event.document = (char *)(uintptr_t) "X-1";
    event.reason = (char *)(uintptr_t) "it was never held";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
    jn_world_advance(w, jn_world_now(w) + 1000);
}

static void
large_class(void)
{
    static struct trainee trainees[450];

    for (uint32_t i = 0; i < 450; i++)
        trainees[i] =
            (struct trainee){.person = 1000 + i, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20, .rank = i};
    filed(1, "A-1");
    enrolled(1, trainees, 450);
    for (uint32_t at = 0; at < 450; at += 150)
        finished_part(1, at + 1, trainees + at, 150, 450);
    for (uint32_t seat = 1; seat <= 450; seat++)
        passed(1, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 450);
}

static void
of_a_cancelled_class_nothing_is_due(void **state)
{
    (void)state;
    large_class();
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    cancelled(1);
    assert_true(jn_world_count(w, EVENT_REASSESSED) > 1); /* several steps */
    assert_int_equal(last()->cause, SUBSIDY__CAUSE__CLASS_CANCELLED);
    assert_string_equal(last()->document, "X-1");
    assert_int_equal(taken_of(COMMON__ITEM__FREE_TRAINING), 450 * 180000);
    assert_int_equal(reassess_class("A-1"), JN_OK); /* and stays so */
    assert_int_equal(told->changed, 0);
}

static void
one_that_is_settled_in_part_is_settled_and_then_reckoned_again(void **state)
{
    (void)state;
    large_class();
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_false(settled->done);
    cancelled(1);
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_true(settled->done);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(due_of(COMMON__ITEM__FREE_TRAINING), 450 * 180000);
    assert_int_equal(taken_of(COMMON__ITEM__FREE_TRAINING), 450 * 180000);
}

static void
one_that_is_not_settled_yet_never_is(void **state)
{
    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    cancelled(1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 0);
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 0);
    assert_int_equal(reassess_class("A-1"), JN_WRONG_STATE);
}

/* ---- By order ---- */

/* 2.10-b: three a year. What was imported late counts; what fell due later does not. */
static void
late_history_counts_and_later_trainings_do_not(void **state)
{
    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-01", ELECTRICIAN, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-03-01", ELECTRICIAN, 4, 0);
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000); /* the third */
    course.level = 4;
    a_veteran_is_settled(2, "A-2", "2020-06-10", 7);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__YEARLY_LIMIT);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    assert_true(told->done);
    assert_int_equal(told->seats, 1);
    assert_int_equal(told->changed, 0);
    assert_int_equal(told->reassessment, 1);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-04-01", ELECTRICIAN, 3, 0);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    assert_int_equal(told->changed, 1);
    assert_int_equal(told->less_fen, 180000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->reason, COMMON__REASON__YEARLY_LIMIT);
}

/* The first training is over: the second, in its turn, is the third of the year; and stands where it always stood. */
static void
later_trainings_are_reckoned_again_when_asked_in_their_order(void **state)
{
    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-01", ELECTRICIAN, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-03-01", ELECTRICIAN, 4, 0);
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    course.level = 4;
    a_veteran_is_settled(2, "A-2", "2020-06-10", 7);
    revoked(1, 1);
    assert_int_equal(reassess_class("A-2"), JN_OK);
    assert_int_equal(told->more_fen, 180000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->origin, 2);
    assert_int_equal(reassess_class("A-1"), JN_OK); /* the later one does not count for it */
    assert_int_equal(told->changed, 0);
    course.level = 3;
    a_veteran_is_settled(3, "A-3", "2020-06-12", 7);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__YEARLY_LIMIT);
}

/* A standard of 2,000 that was set late: 200 more; then one of 1,500: the 200 come back first, then 300. */
static void
the_latest_claim_is_taken_off_first(void **state)
{
    const Subsidy__Settled *topup;

    (void)state;
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    assert_int_equal(told->more_fen, 20000);
    topup = last_settled();
    assert_int_equal(topup->claims[0]->amount_fen, 20000);
    assert_int_equal(topup->claims[0]->tops, 1);
    assert_int_equal(claim(2)->tops, 1);
    assert_non_null(strstr(claim(1)->changed, "石人社核〔2020〕1号"));
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 150000, "2020-03-01")), JN_OK);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    assert_int_equal(told->less_fen, 50000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->n_taken, 2);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->claim, 2);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[0]->amount_fen, 20000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[1]->claim, 1);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[1]->amount_fen, 30000);
    assert_int_equal(row(1, COMMON__ITEM__FREE_TRAINING)->taken[1]->rest_fen, 150000);
    assert_int_equal(claim(1)->taken_fen, 30000);
    assert_int_equal(claim(2)->taken_fen, 20000);
    assert_int_equal(taken_of(COMMON__ITEM__FREE_TRAINING), 50000);
    assert_int_equal(due_of(COMMON__ITEM__FREE_TRAINING), 200000);
}

/* 450 seats: as many as one message may do, then the next; the sum is every seat's 300. */
static void
a_large_class_is_reckoned_in_steps(void **state)
{
    static struct trainee trainees[450];
    int64_t less = 0;
    uint32_t seats = 0, steps = 0, from = 0;

    (void)state;
    for (uint32_t i = 0; i < 450; i++)
        trainees[i] =
            (struct trainee){.person = 1000 + i, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20, .rank = i};
    filed(1, "A-1");
    enrolled(1, trainees, 450);
    for (uint32_t at = 0; at < 450; at += 150)
        finished_part(1, at + 1, trainees + at, 150, 450);
    for (uint32_t seat = 1; seat <= 450; seat++)
        passed(1, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    closed(1, 450);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 150000, "2020-03-01")), JN_OK);
    do {
        subsidy__reassess__init(&order);
        order.document = (char *)(uintptr_t) "D";
        order.reason = (char *)(uintptr_t) "a late standard";
        order.from_rank = from;
        assert_int_equal(reassess_as(&administration, "A-1"), JN_OK);
        assert_true(told->done || told->next_rank > from);
        assert_true(told->seats <= 200);
        less += told->less_fen;
        seats += told->seats;
        from = told->next_rank;
    } while (!told->done && ++steps < 50);
    assert_int_equal(seats, 450);
    assert_int_equal(less, 450 * 30000);
    assert_int_equal(taken_of(COMMON__ITEM__FREE_TRAINING), 450 * 30000);
}

static void
named_seats_alone_are_reckoned(void **state)
{
    struct trainee two[] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20},
                            {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20}};
    uint32_t second = 2;

    (void)state;
    filed(1, "A-1");
    held_for(1, two, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 150000, "2020-03-01")), JN_OK);
    subsidy__reassess__init(&order);
    order.document = order.reason = (char *)(uintptr_t) "D";
    order.seats = &second;
    order.n_seats = 1;
    order.fraud = true;
    assert_int_equal(reassess_as(&administration, "A-1"), JN_OK);
    assert_int_equal(told->seats, 1);
    assert_int_equal(told->less_fen, 30000);
    assert_int_equal(row(2, COMMON__ITEM__FREE_TRAINING)->now_fen, 150000);
    assert_true(last()->fraud);
    assert_int_equal(claim(1)->taken_fen, 0);
}

/* ---- What the ledger says ---- */

static void
reversed(uint64_t number, int64_t fen)
{
    Ledger__Reversed event = LEDGER__REVERSED__INIT;

    event.claim = number;
    event.amount_fen = fen;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_REVERSED, &event);
}

static void
what_the_ledger_takes_back_is_said_of_the_claim(void **state)
{
    Ledger__CommitmentReleased released = LEDGER__COMMITMENT_RELEASED__INIT;
    Ledger__ReleasedRow part = LEDGER__RELEASED_ROW__INIT, *parts[] = {&part};
    Ledger__Paid paid = LEDGER__PAID__INIT;
    Ledger__PaidRow paid_row = LEDGER__PAID_ROW__INIT, *paid_rows[] = {&paid_row};

    (void)state;
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    part.claim = paid_row.claim = 1;
    part.amount_fen = 30000;
    released.n_rows = paid.n_rows = 1;
    released.rows = parts;
    paid.rows = paid_rows;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_COMMITMENT_RELEASED, &released);
    assert_int_equal(claim(1)->released_fen, 30000);
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_PAID, &paid);
    assert_int_equal(totals()->paid, 1);
    reversed(1, 50000);
    assert_string_equal(claim(1)->state, "paid");
    assert_int_equal(claim(1)->reversed_fen, 50000);
    reversed(1, 100000); /* 1,800 - 300 - 500 - 1,000: nothing is left of it */
    assert_string_equal(claim(1)->state, "reversed");
    assert_int_equal(claim(1)->reversed_fen, 150000);
    assert_int_equal(totals()->paid, 0);
    assert_int_equal(hold(&reviewer, 1, "too late"), JN_WRONG_STATE);
    reversed(99, 100); /* the ledger's own business */
}

/* ---- What is told, and refused ---- */

static void
each_reassessment_is_told_with_its_cause(void **state)
{
    Subsidy__ReassessmentsRequest request = SUBSIDY__REASSESSMENTS_REQUEST__INIT;
    Subsidy__ClassClaimsRequest listed = SUBSIDY__CLASS_CLAIMS_REQUEST__INIT;
    const Subsidy__ReassessmentsView *view;
    const Subsidy__ClassClaimsView *claims;
    const void *reply = NULL;
    struct jn_agency other = jn_world_agency("elsewhere", ROLE_REVIEWER);

    (void)state;
    a_veteran_is_settled(1, "A-1", "2020-05-31", 7);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    revoked(1, 1);
    request.class_no = listed.class_no = (char *)(uintptr_t) "A-1";
    assert_int_equal(jn_world_query(w, &auditor, "Reassessments", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 2);
    assert_int_equal(view->rows[0]->cause, SUBSIDY__CAUSE__REVIEWED);
    assert_int_equal(view->rows[0]->more_fen, 20000);
    assert_int_equal(view->rows[0]->rows[0]->topup, 2);
    assert_int_equal(view->rows[1]->cause, REVOKED);
    assert_int_equal(view->rows[1]->less_fen, 200000);
    assert_int_equal(view->rows[1]->rows[0]->refused, COMMON__REASON__NO_CERTIFICATE);
    request.after = 1;
    assert_int_equal(jn_world_query(w, &auditor, "Reassessments", &request, &reply), JN_OK);
    assert_int_equal(((const Subsidy__ReassessmentsView *)reply)->n_rows, 1);
    assert_int_equal(jn_world_query(w, &auditor, "ClassClaims", &listed, &reply), JN_OK);
    claims = reply;
    assert_int_equal(claims->n_rows, 2); /* the claim, and the one over what was missing */
    assert_int_equal(claims->rows[1]->claim, 2);
    other.divisions[0] = XINJI;
    other.divisions_count = 1;
    assert_int_equal(jn_world_query(w, &other, "Reassessments", &request, &reply), JN_NOT_FOUND);
}

static void
what_cannot_be_ordered_is_refused(void **state)
{
    static uint32_t seats[JN_ROWS_MAX + 1];
    static char long_text[500];
    struct jn_agency county = administration;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(reassess_class("A-1"), JN_WRONG_STATE);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(reassess_class("A-9"), JN_NOT_FOUND);
    assert_int_equal(reassess_class("A-1"), JN_OK);
    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    assert_int_equal(reassess_as(&county, "A-1"), JN_NOT_FOUND);
    assert_int_equal(reassess_as(&reviewer, "A-1"), JN_DENIED);
    memset(long_text, 'x', sizeof(long_text) - 1);
    order.document = long_text;
    assert_int_equal(reassess_as(&administration, "A-1"), JN_MALFORMED);
    order.document = (char *)(uintptr_t) "";
    assert_int_equal(reassess_as(&administration, "A-1"), JN_MALFORMED);
    order.document = (char *)(uintptr_t) "D";
    order.reason = (char *)(uintptr_t) "";
    assert_int_equal(reassess_as(&administration, "A-1"), JN_MALFORMED);
    order.reason = long_text;
    assert_int_equal(reassess_as(&administration, "A-1"), JN_MALFORMED);
    order.reason = (char *)(uintptr_t) "R";
    order.seats = seats;
    order.n_seats = 1; /* seat 0 */
    assert_int_equal(reassess_as(&administration, "A-1"), JN_MALFORMED);
    order.n_seats = JN_ROWS_MAX + 1;
    assert_int_equal(reassess_as(&administration, "A-1"), JN_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(what_hung_on_a_revoked_certificate_is_no_longer_due),
        STORY(what_is_no_longer_due_counts_for_no_limit),
        STORY(what_another_stood_in_the_way_of_is_due_now),
        STORY(a_class_settled_in_part_is_reckoned_seat_by_seat),
        STORY(of_a_cancelled_class_nothing_is_due),
        STORY(one_that_is_settled_in_part_is_settled_and_then_reckoned_again),
        STORY(one_that_is_not_settled_yet_never_is),
        STORY(late_history_counts_and_later_trainings_do_not),
        STORY(later_trainings_are_reckoned_again_when_asked_in_their_order),
        STORY(the_latest_claim_is_taken_off_first),
        STORY(a_large_class_is_reckoned_in_steps),
        STORY(named_seats_alone_are_reckoned),
        STORY(what_the_ledger_takes_back_is_said_of_the_claim),
        STORY(each_reassessment_is_told_with_its_cause),
        STORY(what_cannot_be_ordered_is_refused),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

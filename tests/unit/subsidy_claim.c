/* A claim's life after settlement: public notice, holds, money, and what one can ask about it. */
#include "subsidy_given.h"

static const Subsidy__Published *
published(void)
{
    return jn_world_last(w, EVENT_PUBLISHED);
}

static const Subsidy__Approved *
approved(void)
{
    return jn_world_last(w, EVENT_APPROVED);
}

static void
two_claims(void)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 2);
}

/* ---- Public notice ---- */

static void
notice_lasts_five_working_days(void **state)
{
    (void)state;
    two_claims(); /* on Monday, 2020-06-15 */
    assert_int_equal(published()->from_day, day_of("2020-06-15"));
    assert_int_equal(published()->to_day, day_of("2020-06-22"));
    advance_to("2020-06-22");
    assert_null(approved());
    assert_string_equal(claim(1)->state, "published");
    assert_int_equal(totals()->published, 2);
    advance_to("2020-06-23");
    assert_int_equal(approved()->first_claim, 1);
    assert_int_equal(approved()->claims, 2);
    assert_int_equal(approved()->n_held, 0);
    assert_string_equal(claim(1)->state, "approved");
    assert_int_equal(totals()->published, 0);
    assert_int_equal(totals()->approved, 2);
    advance_to("2020-12-31");
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 1);
}

static void
notice_over(const char *published_on, const char *last_day)
{
    advance_to(published_on);
    two_claims();
    assert_int_equal(published()->to_day, day_of(last_day));
}

/* 2020: rest from 1 to 8 October, work on Sunday 27 September. */
static void
notice_rests_over_the_national_day_and_counts_make_up_days(void **state)
{
    (void)state;
    notice_over("2020-09-25", "2020-10-09");
    advance_to("2020-10-09");
    assert_null(approved());
    advance_to("2020-10-10");
    assert_non_null(approved());
}

/* 2021: rest from 11 to 17 February, work on Sunday 7 and Saturday 20 February. */
static void
notice_rests_over_the_spring_festival(void **state)
{
    (void)state;
    notice_over("2021-02-05", "2021-02-18");
}

static void
a_day_settled_ahead_of_the_clock_is_published_with_the_class_end(void **state)
{
    (void)state;
    held_for_veteran(1, "A-1", "2020-07-31", 7);
    assert_int_equal(settle("2020-07-31"), JN_OK);
    assert_int_equal(published()->from_day, day_of("2020-07-31"));
}

static void
each_settlement_has_a_notice_of_its_own(void **state)
{
    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2020-06-17");
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2020-06-23");
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 2);
    advance_to("2020-06-30"); /* over the Dragon Boat Festival */
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 3);
}

/* ---- Holds ---- */

static void
a_held_claim_is_not_approved_with_the_others(void **state)
{
    const Subsidy__Released *released;

    (void)state;
    two_claims();
    assert_int_equal(hold(&reviewer, 2, "register under review"), JN_OK);
    assert_int_equal(totals()->held, 1);
    assert_string_equal(claim(2)->state, "held");
    advance_to("2020-06-23");
    assert_int_equal(approved()->n_held, 1);
    assert_int_equal(approved()->held[0], 2);
    assert_int_equal(totals()->approved, 1);
    assert_int_equal(release(&reviewer, 2, "found in order"), JN_OK);
    released = jn_world_last(w, EVENT_RELEASED);
    assert_true(released->approved);
    assert_int_equal(totals()->approved, 2);
    assert_int_equal(totals()->held, 0);
    assert_string_equal(claim(2)->state, "approved");
}

static void
a_claim_released_during_its_notice_is_approved_with_the_others(void **state)
{
    const Subsidy__Released *released;

    (void)state;
    two_claims();
    assert_int_equal(hold(&reviewer, 1, "doubt"), JN_OK);
    assert_int_equal(release(&reviewer, 1, "none left"), JN_OK);
    released = jn_world_last(w, EVENT_RELEASED);
    assert_false(released->approved);
    advance_to("2020-06-23");
    assert_int_equal(approved()->n_held, 0);
    assert_int_equal(totals()->approved, 2);
    assert_int_equal(hold(&reviewer, 1, "doubt again"), JN_OK);
    assert_int_equal(release(&reviewer, 1, "none left again"), JN_OK);
    assert_int_equal(totals()->approved, 2);
}

static void
money(int what, uint64_t first, uint64_t last)
{
    Ledger__Paid paid = LEDGER__PAID__INIT;
    Ledger__PaidRow paid_rows[8], *paid_list[8];
    Ledger__Committed committed = LEDGER__COMMITTED__INIT;
    Ledger__CommittedRow committed_rows[8], *committed_list[8];
    Ledger__Queued queued = LEDGER__QUEUED__INIT;
    Ledger__QueuedRow queued_rows[8], *queued_list[8];
    Ledger__Instructed instructed = LEDGER__INSTRUCTED__INIT;
    Ledger__InstructedRow instructed_rows[8], *instructed_list[8];
    Ledger__Failed failed = LEDGER__FAILED__INIT;
    Ledger__FailedRow failed_rows[8], *failed_list[8];
    size_t count = 0;

    for (uint64_t number = first; number <= last; number++, count++) {
        paid_rows[count] = (Ledger__PaidRow)LEDGER__PAID_ROW__INIT;
        committed_rows[count] = (Ledger__CommittedRow)LEDGER__COMMITTED_ROW__INIT;
        queued_rows[count] = (Ledger__QueuedRow)LEDGER__QUEUED_ROW__INIT;
        instructed_rows[count] = (Ledger__InstructedRow)LEDGER__INSTRUCTED_ROW__INIT;
        failed_rows[count] = (Ledger__FailedRow)LEDGER__FAILED_ROW__INIT;
        paid_rows[count].claim = committed_rows[count].claim = queued_rows[count].claim = number;
        instructed_rows[count].claim = failed_rows[count].claim = number;
        paid_list[count] = &paid_rows[count];
        committed_list[count] = &committed_rows[count];
        queued_list[count] = &queued_rows[count];
        instructed_list[count] = &instructed_rows[count];
        failed_list[count] = &failed_rows[count];
    }
    paid.n_rows = committed.n_rows = queued.n_rows = instructed.n_rows = failed.n_rows = count;
    paid.rows = paid_list;
    committed.rows = committed_list;
    queued.rows = queued_list;
    instructed.rows = instructed_list;
    failed.rows = failed_list;
    if (what == SUBSIDY__MONEY__COMMITTED)
        jn_world_event(w, "ledger", LEDGER__EVENT__BODY_COMMITTED, &committed);
    if (what == SUBSIDY__MONEY__WAITING)
        jn_world_event(w, "ledger", LEDGER__EVENT__BODY_QUEUED, &queued);
    if (what == SUBSIDY__MONEY__INSTRUCTED)
        jn_world_event(w, "ledger", LEDGER__EVENT__BODY_INSTRUCTED, &instructed);
    if (what == SUBSIDY__MONEY__PAID)
        jn_world_event(w, "ledger", LEDGER__EVENT__BODY_PAID, &paid);
    if (what == SUBSIDY__MONEY__FAILED)
        jn_world_event(w, "ledger", LEDGER__EVENT__BODY_FAILED, &failed);
}

static void
what_the_bank_has_been_told_cannot_be_held(void **state)
{
    (void)state;
    two_claims();
    money(SUBSIDY__MONEY__INSTRUCTED, 1, 1);
    assert_int_equal(hold(&reviewer, 1, "too late"), JN_WRONG_STATE);
    assert_non_null(strstr(sentence(), "recover"));
    money(SUBSIDY__MONEY__PAID, 1, 1);
    assert_int_equal(hold(&reviewer, 1, "too late"), JN_WRONG_STATE);
    money(SUBSIDY__MONEY__FAILED, 1, 1);
    assert_int_equal(hold(&reviewer, 1, "in time"), JN_OK);
    assert_int_equal(hold(&reviewer, 1, "twice"), JN_WRONG_STATE);
    assert_int_equal(release(&reviewer, 2, "was never held"), JN_WRONG_STATE);
}

static void
the_womens_federation_holds_what_concerns_women(void **state)
{
    struct jn_agency federation = jn_world_agency("womens_federation", ROLE_REVIEWER);
    struct trainee both[] = {
        {.person = 8, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10, .sex = POLICY__SEX__FEMALE},
        {.person = 9, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10, .sex = POLICY__SEX__MALE},
    };

    (void)state;
    federation.department = COMMON__DEPARTMENT__WOMENS_FEDERATION;
    women = 0;
    two_claims();
    assert_int_equal(hold(&federation, 1, "no woman on that class"), JN_NOT_FOUND);
    women = 1;
    filed(2, "A-2");
    held_for(2, both, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    women = 0;
    assert_int_equal(hold(&federation, 3, "a woman's"), JN_OK);
    assert_int_equal(hold(&federation, 5, "a man's on her class"), JN_NOT_FOUND);
}

/* Seat 1 is a veteran's, seat 2 a poor household's; seat 3's veteran was denied and is poor, too. A claim of each. */
static uint64_t first_of[4];

static void
three_on_one_class(void)
{
    uint32_t poor = GROUPS(COMMON__GROUP__REGISTERED_POOR), veteran = GROUPS(COMMON__GROUP__VETERAN);
    struct trainee trainees[] = {
        {.person = 7, .groups = veteran, .days = 10},
        {.person = 8, .groups = poor, .days = 10},
        {.person = 9, .groups = poor, .denied = veteran, .days = 10},
    };

    filed(1, "A-1");
    held_for(1, trainees, 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    for (size_t i = last_settled()->n_claims; i-- > 0;)
        first_of[last_settled()->claims[i]->seat] = last_settled()->claims[i]->claim;
    assert_true(first_of[1] && first_of[2] && first_of[3]);
}

static enum jn_code
seen_by(const struct jn_agency *who, const char *method, uint64_t claim)
{
    Subsidy__ClaimRequest one = SUBSIDY__CLAIM_REQUEST__INIT;
    Subsidy__ExplainRequest why = SUBSIDY__EXPLAIN_REQUEST__INIT;

    one.claim = why.claim = claim;
    return jn_world_query(w, who, method, strcmp(method, "Claim") ? &why.base : &one.base, NULL);
}

static enum jn_code
objects(const struct jn_agency *who, uint64_t claim)
{
    Subsidy__Object request = SUBSIDY__OBJECT__INIT;

    request.claim = claim;
    request.reference = request.reason = (char *)(uintptr_t) "x";
    return jn_world_command(w, who, "Object", &request, NULL);
}

static enum jn_code
opens_case(const struct jn_agency *who, uint64_t claim)
{
    Subsidy__OpenCase request = SUBSIDY__OPEN_CASE__INIT;

    request.claim = claim;
    request.kind = SUBSIDY__CASE_KIND__CASE_ERROR;
    request.document = request.reason = (char *)(uintptr_t) "x";
    return jn_world_command(w, who, "OpenCase", &request, NULL);
}

static size_t
cases_seen(const struct jn_agency *who)
{
    Subsidy__CasesRequest request = SUBSIDY__CASES_REQUEST__INIT;
    const void *reply = NULL;

    assert_int_equal(jn_world_query(w, who, "Cases", &request, &reply), JN_OK);
    return ((const Subsidy__CasesView *)reply)->n_rows;
}

/* It is enough that a veteran sits beside him: his claim is none of the veterans' department's all the same. */
static void
a_department_sees_its_own_groups_seats_alone(void **state)
{
    struct jn_agency veterans = jn_world_agency("veterans.here", ROLE_REVIEWER);
    Subsidy__ClassClaimsRequest listed = SUBSIDY__CLASS_CLAIMS_REQUEST__INIT;
    const Subsidy__ClassClaimsView *view;
    const void *reply = NULL;

    (void)state;
    three_on_one_class();
    veterans.groups = GROUPS(COMMON__GROUP__VETERAN);
    for (int seat = 2; seat <= 3; seat++) {
        assert_int_equal(hold(&veterans, first_of[seat], "not a veteran's"), JN_NOT_FOUND);
        assert_int_equal(hold(&reviewer, first_of[seat], "anybody's"), JN_OK);
        assert_int_equal(release(&veterans, first_of[seat], "not a veteran's"), JN_NOT_FOUND);
        assert_int_equal(seen_by(&veterans, "Claim", first_of[seat]), JN_NOT_FOUND);
        assert_int_equal(seen_by(&veterans, "Explain", first_of[seat]), JN_NOT_FOUND);
        assert_int_equal(objects(&veterans, first_of[seat]), JN_NOT_FOUND);
        assert_int_equal(opens_case(&veterans, first_of[seat]), JN_NOT_FOUND);
    }
    assert_int_equal(opens_case(&reviewer, first_of[2]), JN_OK);
    assert_int_equal(cases_seen(&veterans), 0);
    assert_int_equal(hold(&veterans, first_of[1], "a veteran's"), JN_OK);
    assert_int_equal(release(&veterans, first_of[1], "a veteran's"), JN_OK);
    assert_int_equal(seen_by(&veterans, "Claim", first_of[1]), JN_OK);
    assert_int_equal(seen_by(&veterans, "Explain", first_of[1]), JN_OK);
    assert_int_equal(objects(&veterans, first_of[1]), JN_OK);
    assert_int_equal(opens_case(&veterans, first_of[1]), JN_OK);
    assert_int_equal(cases_seen(&veterans), 1);
    assert_int_equal(cases_seen(&reviewer), 2);

    listed.class_no = (char *)(uintptr_t) "A-1";
    assert_int_equal(jn_world_query(w, &veterans, "ClassClaims", &listed, &reply), JN_OK);
    view = reply;
    assert_true(view->n_rows > 0);
    for (size_t i = 0; i < view->n_rows; i++)
        assert_int_equal(view->rows[i]->seat, 1);
}

static void
a_reviewer_holds_what_lies_in_its_scope(void **state)
{
    struct jn_agency other = jn_world_agency("veterans.elsewhere", ROLE_REVIEWER);
    struct jn_agency veterans = jn_world_agency("veterans.here", ROLE_REVIEWER);
    Subsidy__ClassClaimsRequest listed = SUBSIDY__CLASS_CLAIMS_REQUEST__INIT;
    Subsidy__ClaimRequest seen = SUBSIDY__CLAIM_REQUEST__INIT;

    (void)state;
    two_claims();
    listed.class_no = "A-1";
    other.divisions[0] = XINJI;
    other.divisions_count = 1;
    assert_int_equal(hold(&other, 1, "not mine"), JN_NOT_FOUND);
    assert_int_equal(release(&other, 1, "not mine"), JN_NOT_FOUND);
    veterans.groups = GROUPS(COMMON__GROUP__VETERAN);
    assert_int_equal(hold(&veterans, 1, "no veteran on that class"), JN_NOT_FOUND);
    seen.claim = 1;
    assert_int_equal(jn_world_query(w, &other, "Claim", &seen, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(w, &veterans, "Claim", &seen, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(w, &veterans, "ClassClaims", &listed, NULL), JN_NOT_FOUND);
    veterans.groups = GROUPS(COMMON__GROUP__VETERAN, COMMON__GROUP__REGISTERED_POOR);
    assert_int_equal(hold(&veterans, 1, "mine"), JN_OK);
    assert_int_equal(jn_world_query(w, &veterans, "Claim", &seen, NULL), JN_OK);
    assert_int_equal(jn_world_query(w, &veterans, "ClassClaims", &listed, NULL), JN_OK);
    assert_int_equal(hold(&operations, 2, "no reviewer"), JN_DENIED);
    assert_int_equal(hold(&reviewer, 3, "not there"), JN_NOT_FOUND);
    assert_int_equal(hold(&reviewer, 0, "not there"), JN_NOT_FOUND);
    assert_int_equal(hold(&reviewer, 2, ""), JN_MALFORMED);
    assert_int_equal(release(&reviewer, 1, ""), JN_MALFORMED);
}

/* ---- Money ---- */

static void
a_claim_says_what_it_waits_for(void **state)
{
    (void)state;
    two_claims();
    money(SUBSIDY__MONEY__COMMITTED, 1, 1);
    money(SUBSIDY__MONEY__WAITING, 2, 2);
    assert_string_equal(claim(1)->state, "published");
    assert_non_null(strstr(claim(1)->why, "2020-06-22"));
    assert_non_null(strstr(claim(1)->why, "公示"));
    advance_to("2020-06-23");
    assert_string_equal(claim(1)->state, "committed");
    assert_string_equal(claim(2)->state, "waiting");
    money(SUBSIDY__MONEY__INSTRUCTED, 1, 1);
    assert_string_equal(claim(1)->state, "instructed");
    money(SUBSIDY__MONEY__FAILED, 1, 1);
    assert_string_equal(claim(1)->state, "failed");
    money(SUBSIDY__MONEY__PAID, 1, 2);
    assert_string_equal(claim(1)->state, "paid");
    assert_string_equal(claim(2)->state, "paid");
    assert_int_equal(totals()->paid, 2);
    money(SUBSIDY__MONEY__FAILED, 2, 2); /* the bank took it back */
    assert_int_equal(totals()->paid, 1);
}

/* One event of the ledger may speak of several settlements, and of claims that are not known here. */
static void
news_of_several_settlements_are_told_apart(void **state)
{
    const Subsidy__PaymentNoted *noted;

    (void)state;
    two_claims();
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    money(SUBSIDY__MONEY__COMMITTED, 1, 5);
    assert_int_equal(jn_world_count(w, EVENT_PAYMENT_NOTED), 2);
    noted = jn_world_last(w, EVENT_PAYMENT_NOTED);
    assert_int_equal(noted->settlement, 2);
    assert_int_equal(noted->first_claim, 3);
    assert_int_equal(noted->count, 1);
    assert_int_equal(noted->n_claims, 0);
}

/* ---- Questions ---- */

static void
a_claim_is_explained_by_its_trace(void **state)
{
    const Subsidy__ClaimView *view;

    (void)state;
    two_claims();
    view = claim(1);
    assert_string_equal(view->class_no, "A-1");
    assert_int_equal(view->item, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(view->amount_fen, 180000);
    assert_int_equal(view->fund, COMMON__FUND__EMPLOYMENT_SUBSIDY);
    assert_int_equal(view->payee, COMMON__PAYEE__PAYEE_INSTITUTION);
    assert_string_equal(view->clause, "2.2-a");
    assert_int_equal(view->notice_to_day, day_of("2020-06-22"));
    assert_true(view->n_trace > 3);
    assert_non_null(strstr(view->trace[0]->en, "rule 106"));
    assert_non_null(strstr(view->trace[0]->zh, "2.2-a"));
    assert_string_equal(view->trace[view->n_trace - 1]->clause, "2.10-b");
    assert_null(claim(99));
}

static enum jn_code
ask(const char *class_no, uint32_t seat, int item, const Subsidy__ClaimView **view)
{
    Subsidy__ClaimRequest request = SUBSIDY__CLAIM_REQUEST__INIT;
    const void *reply = NULL;
    enum jn_code code;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = (Common__Item)item;
    code = jn_world_query(w, &auditor, "Claim", &request, &reply);
    *view = reply;
    return code;
}

static void
a_claim_is_found_by_class_seat_and_item(void **state)
{
    const Subsidy__ClaimView *view;

    (void)state;
    two_claims();
    assert_int_equal(ask("A-1", 1, COMMON__ITEM__POVERTY_LIVING, &view), JN_OK);
    assert_int_equal(view->claim, 2);
    assert_int_equal(ask("A-1", 2, COMMON__ITEM__POVERTY_LIVING, &view), JN_NOT_FOUND);
    assert_int_equal(ask("A-7", 1, COMMON__ITEM__POVERTY_LIVING, &view), JN_NOT_FOUND);
    assert_int_equal(ask("A-1", 0, COMMON__ITEM__POVERTY_LIVING, &view), JN_MALFORMED);
    assert_int_equal(ask("", 1, COMMON__ITEM__POVERTY_LIVING, &view), JN_MALFORMED);
}

static void
a_refusal_is_explained_too(void **state)
{
    const Subsidy__ClaimView *view;
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(ask("A-1", 1, COMMON__ITEM__FREE_TRAINING, &view), JN_OK);
    assert_string_equal(view->state, "refused");
    assert_non_null(strstr(view->why, "no_certificate"));
    assert_int_equal(view->claim, 0);
    assert_true(view->n_trace >= 2);
}

static const Subsidy__ClassClaimsView *
claims_of(const char *class_no, uint32_t after_seat)
{
    Subsidy__ClassClaimsRequest request = SUBSIDY__CLASS_CLAIMS_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.after_seat = after_seat;
    jn_world_query(w, &auditor, "ClassClaims", &request, &reply);
    return reply;
}

static void
a_classs_claims_are_listed_by_seat(void **state)
{
    static struct trainee trainees[JN_ROWS_MAX];
    const Subsidy__ClassClaimsView *view;
    uint32_t last;

    (void)state;
    for (uint32_t i = 0; i < JN_ROWS_MAX; i++)
        trainees[i] = (struct trainee){.person = 100 + i,
                                       .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR),
                                       .rank = JN_ROWS_MAX - 1 - i,
                                       .days = i == 0 ? 0 : 10};
    filed(1, "A-1");
    held_for(1, trainees, JN_ROWS_MAX);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    view = claims_of("A-1", 0);
    assert_int_equal(view->n_rows, 200);
    assert_true(view->more);
    assert_int_equal(view->rows[0]->seat, 1);
    assert_int_equal(view->rows[0]->item, COMMON__ITEM__FREE_TRAINING);
    assert_string_equal(view->rows[0]->state, "published");
    assert_int_equal(view->rows[1]->seat, 1);
    assert_string_equal(view->rows[1]->state, "refused");
    assert_int_equal(view->rows[1]->refused, COMMON__REASON__NO_ATTENDED_DAY);
    last = view->rows[view->n_rows - 1]->seat;
    assert_int_equal(last, 100);
    view = claims_of("A-1", last);
    assert_int_equal(view->n_rows, 200);
    assert_false(view->more);
    assert_int_equal(view->rows[199]->seat, 200);
    assert_int_equal(claims_of("A-1", 200)->n_rows, 0);
    assert_null(claims_of("A-2", 0));
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(notice_lasts_five_working_days),
        STORY(notice_rests_over_the_national_day_and_counts_make_up_days),
        STORY(notice_rests_over_the_spring_festival),
        STORY(a_day_settled_ahead_of_the_clock_is_published_with_the_class_end),
        STORY(each_settlement_has_a_notice_of_its_own),
        STORY(a_held_claim_is_not_approved_with_the_others),
        STORY(a_claim_released_during_its_notice_is_approved_with_the_others),
        STORY(what_the_bank_has_been_told_cannot_be_held),
        STORY(the_womens_federation_holds_what_concerns_women),
        STORY(a_reviewer_holds_what_lies_in_its_scope),
        STORY(a_department_sees_its_own_groups_seats_alone),
        STORY(a_claim_says_what_it_waits_for),
        STORY(news_of_several_settlements_are_told_apart),
        STORY(a_claim_is_explained_by_its_trace),
        STORY(a_claim_is_found_by_class_seat_and_item),
        STORY(a_refusal_is_explained_too),
        STORY(a_classs_claims_are_listed_by_seat),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

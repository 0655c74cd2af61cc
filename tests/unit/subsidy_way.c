/* The way of a claim: confirmed, reviewed, published, each step in its term; what is suspended goes on alone. Working
 * days in June 2020 by hand: the Dragon Boat Festival rests from Thursday 25 to Saturday 27, Sunday 28 is worked. */
#include "subsidy_going.h"

static const Subsidy__Stepped *
stepped(void)
{
    return jn_world_last(w, EVENT_STEPPED);
}

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

static const Subsidy__OverdueView *
overdue(void)
{
    Subsidy__OverdueRequest request = SUBSIDY__OVERDUE_REQUEST__INIT;
    const void *reply = NULL;

    assert_int_equal(jn_world_query(w, &auditor, "Overdue", &request, &reply), JN_OK);
    return reply;
}

/* ---- Together ---- */

static void
a_settlement_goes_its_way_step_by_step(void **state)
{
    (void)state;
    assert_null(published());
    assert_string_equal(claim(1)->state, "confirming");
    assert_int_equal(claim(1)->due_day, day_of("2020-06-18")); /* 16, 17, 18 */
    assert_int_equal(staged(SUBSIDY__STAGE__CONFIRMING), 2);
    advance_to("2020-06-16");
    assert_int_equal(confirm_all(1), JN_OK);
    assert_string_equal(claim(2)->state, "reviewing");
    assert_int_equal(stepped()->due_day, day_of("2020-07-01")); /* 17 18 19, 22 23 24, 28, 29 30 1 */
    advance_to("2020-06-22");
    assert_int_equal(review_all(&hr, 1), JN_OK);
    assert_int_equal(stepped()->due_day, day_of("2020-07-14")); /* 23 24, 28, 29 30 1 2 3, 6-10, 13 14 */
    assert_int_equal(staged(SUBSIDY__STAGE__REVIEWING), 2);
    assert_null(published());
    advance_to("2020-06-23");
    assert_int_equal(review_all(&finance, 1), JN_OK);
    assert_int_equal(published()->from_day, day_of("2020-06-23"));
    assert_int_equal(published()->to_day, day_of("2020-07-01")); /* 24, 28, 29 30 1 */
    assert_string_equal(claim(1)->state, "published");
    assert_int_equal(totals()->published, 2);
    advance_to("2020-07-01");
    assert_null(approved());
    advance_to("2020-07-02");
    assert_int_equal(approved()->n_held, 0);
    assert_int_equal(approved()->gates, 0x3e); /* the five that the pack names */
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 2);
    assert_int_equal(totals()->published, 0);
    assert_string_equal(claim(1)->state, "approved");
    assert_string_equal(claim(1)->passed_by[0], "human_resources.employment_service");
    assert_string_equal(claim(1)->passed_by[1], "human_resources.administration");
    assert_string_equal(claim(1)->passed_by[2], "finance");
    advance_to("2021-06-30");
    assert_int_equal(jn_world_count(w, EVENT_APPROVED), 1);
    assert_int_equal(jn_world_count(w, EVENT_TERM_OVER), 0);
}

static void
who_does_not_confirm_has_agreed(void **state)
{
    (void)state;
    advance_to("2020-06-18");
    assert_string_equal(claim(1)->state, "confirming");
    advance_to("2020-06-19");
    assert_true(stepped()->lapsed);
    assert_string_equal(stepped()->by, "");
    assert_int_equal(stepped()->due_day, day_of("2020-07-06")); /* 22 23 24, 28, 29 30 1 2 3, 6 */
    assert_string_equal(claim(1)->state, "reviewing");
}

static void
a_late_review_is_told_and_listed_and_never_let_go(void **state)
{
    const Subsidy__TermOver *over;

    (void)state;
    advance_to("2020-06-16");
    assert_int_equal(confirm_all(1), JN_OK);
    advance_to("2020-07-01");
    assert_int_equal(overdue()->n_rows, 0);
    advance_to("2020-07-02");
    over = jn_world_last(w, EVENT_TERM_OVER);
    assert_int_equal(over->what, SUBSIDY__DUE__DUE_STEP);
    assert_int_equal(over->number, 1);
    assert_int_equal(over->reminders, 1);
    assert_int_equal(over->next_day, day_of("2020-07-16")); /* 3, 6-10, 13-16 */
    assert_int_equal(over->by, 0xc);                        /* the employment service or the administration */
    assert_int_equal(overdue()->n_rows, 1);
    assert_string_equal(overdue()->rows[0]->class_no, "A-1");
    assert_int_equal(overdue()->rows[0]->due_day, day_of("2020-07-01"));
    assert_int_equal(totals()->overdue, 1);
    advance_to("2020-07-17");
    assert_int_equal(overdue()->rows[0]->reminders, 2);
    advance_to("2021-07-01");
    assert_int_equal(jn_world_count(w, EVENT_TERM_OVER), 4);
    assert_string_equal(claim(1)->state, "reviewing");
    assert_int_equal(review_all(&hr, 1), JN_OK);
    assert_int_equal(overdue()->n_rows, 0);
    assert_int_equal(totals()->overdue, 0);
}

static void
a_class_goes_by_its_number(void **state)
{
    (void)state;
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(confirm_all(2), JN_OK);
    assert_int_equal(review_class(&hr, "A-2"), JN_OK);
    assert_string_equal(claim(3)->state, "reviewing");
    assert_int_equal(claim(3)->step, 3);
    assert_int_equal(claim(1)->step, 2);
    assert_int_equal(review_class(&hr, "A-2"), JN_WRONG_STATE);
    assert_int_equal(review_class(&hr, "A-9"), JN_NOT_FOUND);
}

/* ---- Whose turn it is ---- */

static void
every_step_is_somebodys(void **state)
{
    struct jn_agency both = jn_world_agency("everything", ROLE_ADMINISTRATION | ROLE_FINANCE);
    struct jn_agency elsewhere = jn_world_agency("hr.xinji", ROLE_ADMINISTRATION);
    Subsidy__ReviewClaims empty_request = SUBSIDY__REVIEW_CLAIMS__INIT;

    (void)state;
    elsewhere.divisions[0] = XINJI;
    elsewhere.divisions_count = 1;
    assert_int_equal(review_all(&hr, 1), JN_WRONG_STATE); /* not confirmed yet */
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(confirm_all(1), JN_WRONG_STATE);
    assert_int_equal(review_all(&finance, 1), JN_WRONG_STATE); /* human resources come first */
    assert_int_equal(review_all(&elsewhere, 1), JN_NOT_FOUND);
    assert_int_equal(review_class(&elsewhere, "A-1"), JN_NOT_FOUND);
    assert_int_equal(review_one(&elsewhere, 1), JN_NOT_FOUND);
    assert_int_equal(review_all(&hr, 9), JN_NOT_FOUND);
    assert_int_equal(review_one(&hr, 1), JN_WRONG_STATE); /* it goes with its settlement */
    assert_int_equal(review_but(&hr, 1, 9), JN_NOT_FOUND);
    assert_string_equal(claim(1)->state, "reviewing");
    assert_int_equal(claim(1)->step, 2);
    assert_int_equal(told(&hr, "ReviewClaims", &empty_request, NULL), JN_MALFORMED);
    assert_int_equal(told(&reviewer, "ReviewClaims", &empty_request, NULL), JN_DENIED);
    empty_request.reference = (char *)"1";
    assert_int_equal(told(&hr, "ReviewClaims", &empty_request, NULL), JN_MALFORMED);
    assert_int_equal(review_all(&both, 1), JN_OK);
    assert_int_equal(review_all(&both, 1), JN_REFUSED); /* not twice by the same, 2.12-c */
    assert_int_equal(review_all(&finance, 1), JN_OK);
}

/* ---- Alone ---- */

static void
what_is_returned_goes_on_alone_when_it_is_mended(void **state)
{
    const Subsidy__ClaimReturned *returned;

    (void)state;
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(review_but(&hr, 1, 2), JN_OK);
    returned = jn_world_last(w, EVENT_CLAIM_RETURNED);
    assert_int_equal(returned->step, 2);
    assert_int_equal(returned->to, SUBSIDY__RETURN_TO__TO_INSTITUTION);
    assert_string_equal(claim(2)->state, "returned");
    assert_true(claim(2)->alone);
    assert_int_equal(claim(1)->step, 3);
    assert_int_equal(review_all(&finance, 1), JN_OK);
    assert_int_equal(published()->n_apart, 1);
    assert_int_equal(published()->apart[0], 2);
    assert_int_equal(review_one(&hr, 2), JN_WRONG_STATE); /* not mended yet */
    advance_to("2020-06-16");
    assert_int_equal(confirm_one(2), JN_OK);
    assert_string_equal(claim(2)->state, "reviewing");
    assert_int_equal(confirm_one(2), JN_WRONG_STATE);
    assert_int_equal(review_one(&finance, 2), JN_WRONG_STATE);
    assert_int_equal(review_one(&hr, 2), JN_OK);
    assert_int_equal(review_one(&finance, 2), JN_OK);
    assert_true(published()->alone);
    assert_int_equal(published()->first_claim, 2);
    assert_int_equal(published()->to_day, day_of("2020-06-23"));
    advance_to("2020-06-23"); /* the others' notice, from the 15th, is over since the 22nd */
    assert_int_equal(approved()->first_claim, 1);
    assert_int_equal(approved()->n_held, 1);
    assert_int_equal(approved()->held[0], 2);
    assert_int_equal(approved()->failed[0], 0); /* it goes on alone */
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 1);
    assert_int_equal(staged(SUBSIDY__STAGE__ON_NOTICE), 1);
    advance_to("2020-06-24");
    assert_true(approved()->alone);
    assert_int_equal(approved()->first_claim, 2);
    assert_int_equal(approved()->n_held, 0);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 2);
}

static void
a_return_that_cannot_be_made_passes_nothing(void **state)
{
    (void)state;
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(review_but(&hr, 1, 1), JN_OK);
    assert_int_equal(review_but(&finance, 1, 1), JN_WRONG_STATE); /* it is with the institution */
    assert_int_equal(claim(2)->step, 3);
    assert_int_equal(review_all(&finance, 1), JN_OK);
}

static void
a_return_of_all_leaves_nobody_to_go_on(void **state)
{
    (void)state;
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(confirm_all(2), JN_OK);
    assert_int_equal(review_but(&hr, 2, 3), JN_WRONG_STATE); /* the row; the return stands */
    assert_string_equal(claim(3)->state, "returned");
    assert_int_equal(confirm_one(3), JN_OK);
    assert_int_equal(review_one(&hr, 3), JN_OK);
    assert_int_equal(claim(3)->step, 3);
}

static void
what_is_held_stays_behind(void **state)
{
    (void)state;
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(hold(&reviewer, 1, "register under review"), JN_OK);
    assert_int_equal(review_all(&hr, 1), JN_OK);
    assert_int_equal(stepped()->n_left, 1);
    assert_int_equal(stepped()->left[0], 1);
    assert_string_equal(claim(1)->state, "held");
    assert_int_equal(claim(1)->step, 2);
    assert_int_equal(claim(2)->step, 3);
    assert_int_equal(review_one(&hr, 1), JN_WRONG_STATE);
    assert_int_equal(release(&reviewer, 1, "found in order"), JN_OK);
    assert_int_equal(review_one(&hr, 1), JN_OK);
    assert_int_equal(claim(1)->step, 3);
    /* Held as a whole, a settlement stays where it is. */
    assert_int_equal(hold(&reviewer, 2, "doubt"), JN_OK);
    assert_int_equal(review_all(&finance, 1), JN_WRONG_STATE);
    assert_int_equal(release(&reviewer, 2, "none"), JN_OK);
    assert_int_equal(review_all(&finance, 1), JN_OK);
}

static void
a_hold_has_a_term_and_is_not_released_by_it(void **state)
{
    (void)state;
    assert_int_equal(hold(&reviewer, 1, "register under review"), JN_OK);
    assert_int_equal(((const Subsidy__Held *)jn_world_last(w, EVENT_HELD))->due_day, day_of("2020-06-30"));
    assert_int_equal(confirm_all(1), JN_OK);
    advance_to("2020-06-30");
    assert_int_equal(overdue()->n_rows, 1); /* its confirmation, in which it was left behind, is late since the 18th */
    advance_to("2020-07-01");
    assert_int_equal(overdue()->n_rows, 3); /* and the review of the others, due on the 30th as well */
    assert_string_equal(claim(1)->state, "held");
    assert_int_equal(release(&reviewer, 1, "found in order"), JN_OK);
    assert_int_equal(totals()->overdue, 2);
    assert_int_equal(confirm_one(1), JN_OK);
    assert_int_equal(review_class(&hr, "A-1"), JN_OK);
    assert_int_equal(totals()->overdue, 0);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        GOING(a_settlement_goes_its_way_step_by_step),
        GOING(who_does_not_confirm_has_agreed),
        GOING(a_late_review_is_told_and_listed_and_never_let_go),
        GOING(a_class_goes_by_its_number),
        GOING(every_step_is_somebodys),
        GOING(what_is_returned_goes_on_alone_when_it_is_mended),
        GOING(a_return_that_cannot_be_made_passes_nothing),
        GOING(a_return_of_all_leaves_nobody_to_go_on),
        GOING(what_is_held_stays_behind),
        GOING(a_hold_has_a_term_and_is_not_released_by_it),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}

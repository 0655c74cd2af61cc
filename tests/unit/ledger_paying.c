/* Maker and checker, limits, frozen payees, and where the bank leaves something open or contradicts. */
#include <stdio.h>

#include "ledger_story.h"

#include <string.h>

static uint64_t
listed(struct story *s, Ledger__BatchState state)
{
    Ledger__BatchesRequest request = LEDGER__BATCHES_REQUEST__INIT;
    const void *reply;

    request.state = state;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Batches", &request, &reply), JN_OK);
    return ((const Ledger__BatchesView *)reply)->n_rows;
}

/* ---- Maker and checker ---- */

static void
two_keys_make_a_batch_the_banks(void **state)
{
    struct story *s = *state;
    Ledger__RecordBankResults all = LEDGER__RECORD_BANK_RESULTS__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(300));
    approve(s, 1, 1, 2);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__DRAFT);
    all.batch = 1;
    all.all = true;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &all, NULL), JN_WRONG_STATE);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_WRONG_STATE);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 90000), JN_REFUSED); /* another count */
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 90001), JN_REFUSED); /* another total */
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 90000), JN_OK);
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 90000), JN_WRONG_STATE);
    assert_string_equal(batch_head(s, 1)->maker, "finance");
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &all, NULL), JN_WRONG_STATE);
    assert_int_equal(release_batch_as(s, &s->finance, 1), JN_REFUSED); /* 2.12-c: the same key */
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_string_equal(batch_head(s, 1)->checker, "finance.checker");
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__RELEASED);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_WRONG_STATE);
    assert_int_equal(send_back(s, &s->checker, 1), JN_WRONG_STATE); /* it is the bank's */
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &all, NULL), JN_OK);
    counts(totals(s)->paid, 2, 900);
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 90000), JN_WRONG_STATE);
}

static void
neither_two_keys_of_one_agency_nor_one_key_twice_will_do(void **state)
{
    struct story *s = *state;
    struct jn_agency other_key = s->finance, other_name = s->finance;

    other_key.key[0] ^= 1;
    snprintf(other_name.name, sizeof(other_name.name), "finance.other");
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    one_draft(s, CHANGAN, 100);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 10000), JN_OK);
    assert_int_equal(release_batch_as(s, &other_key, 1), JN_REFUSED);
    assert_int_equal(release_batch_as(s, &other_name, 1), JN_REFUSED);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
}

static void
what_is_sent_back_is_a_draft_again(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    one_draft(s, CHANGAN, 100);
    assert_int_equal(send_back(s, &s->checker, 1), JN_WRONG_STATE); /* a draft is nobody's yet */
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 10000), JN_OK);
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__DRAFT);
    assert_string_equal(batch_head(s, 1)->sent_back, "look at it again");
    assert_string_equal(batch_head(s, 1)->maker, "");
    /* The hands may change: who checked it first may make it now. */
    assert_int_equal(submit_as(s, &s->checker, 1, 1, 10000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(release_batch_as(s, &s->finance, 1), JN_OK);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    is(s, 1, "paid");
}

static void
batches_are_listed_by_state_and_moved_in_bulk(void **state)
{
    struct story *s = *state;
    Ledger__SubmitBatches submit = LEDGER__SUBMIT_BATCHES__INIT;
    Ledger__ReleaseBatches release_all = LEDGER__RELEASE_BATCHES__INIT;
    Ledger__Declaration rows[3], *list[3];
    uint64_t numbers[] = {1, 2, 2, 9};
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    for (size_t i = 0; i < 3; i++) {
        ledger__declaration__init(&rows[i]);
        rows[i].batch = one_draft(s, CHANGAN, 100);
        rows[i].rows = 1;
        rows[i].amount_fen = 10000;
        list[i] = &rows[i];
    }
    assert_int_equal(listed(s, LEDGER__BATCH_STATE__DRAFT), 3);
    rows[2].amount_fen = 9999;
    submit.n_rows = 3;
    submit.rows = list;
    assert_int_equal(jn_world_command(s->w, &s->finance, "SubmitBatches", &submit, &reply), JN_OK);
    assert_int_equal(((const Ledger__Outcomes *)reply)->done, 2);
    assert_int_equal(((const Ledger__Outcomes *)reply)->n_refused, 1);
    assert_int_equal(((const Ledger__Outcomes *)reply)->refused[0]->row, 2);
    assert_int_equal(listed(s, LEDGER__BATCH_STATE__DRAFT), 1);
    assert_int_equal(listed(s, LEDGER__BATCH_STATE__SUBMITTED), 2);
    release_all.n_batches = 4;
    release_all.batches = numbers;
    assert_int_equal(jn_world_command(s->w, &s->checker, "ReleaseBatches", &release_all, &reply), JN_OK);
    assert_int_equal(((const Ledger__Releases *)reply)->done, 2);
    assert_int_equal(((const Ledger__Releases *)reply)->n_refused, 2);
    assert_int_equal(((const Ledger__Releases *)reply)->refused[0]->code, JN_WRONG_STATE); /* twice */
    assert_int_equal(((const Ledger__Releases *)reply)->refused[1]->code, JN_NOT_FOUND);
    assert_int_equal(listed(s, LEDGER__BATCH_STATE__RELEASED), 2);
    assert_int_equal(listed(s, LEDGER__BATCH_STATE__BATCH_STATE_UNSPECIFIED), 3);
    release_all.n_batches = 0;
    assert_int_equal(jn_world_command(s->w, &s->checker, "ReleaseBatches", &release_all, NULL), JN_MALFORMED);
    assert_int_equal(release_batch_as(s, &s->county, 1), JN_NOT_FOUND); /* not its division */
    assert_int_equal(release_batch_as(s, &s->auditor, 1), JN_DENIED);
}

static void
what_needs_no_bank_needs_no_hands(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    settle(s, CHANGAN, TRAINING(200));
    approve(s, 1, 1, 1);
    is(s, 1, "paid"); /* earned of the advance, whole */
    assert_int_equal(batch_head(s, 2)->state, LEDGER__BATCH_STATE__RELEASED);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__DRAFT); /* the advance itself */
    assert_int_equal(bank_pays(s, 1), JN_OK);
}

/* ---- Limits ---- */

static enum jn_code
limit_as(struct story *s, const struct jn_agency *who, const char *method, uint32_t division, int64_t batch_yuan,
         int64_t row_yuan, int64_t day_yuan, const char *from)
{
    Ledger__SetPaymentLimits cmd = LEDGER__SET_PAYMENT_LIMITS__INIT;
    Ledger__ConfirmPaymentLimits confirm_cmd = LEDGER__CONFIRM_PAYMENT_LIMITS__INIT;
    bool sets = strcmp(method, "SetPaymentLimits") == 0;
    Ledger__PaymentLimit row = LEDGER__PAYMENT_LIMIT__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    row.division = division;
    row.batch_fen = batch_yuan * 100;
    row.row_fen = row_yuan * 100;
    row.day_fen = day_yuan * 100;
    row.document = (char *)(uintptr_t) "石财库〔2020〕8号";
    assert_true(date_parse(from, &row.from_day));
    cmd.n_rows = confirm_cmd.n_rows = 1;
    cmd.rows = confirm_cmd.rows = rows;
    code = jn_world_command(s->w, who, method, sets ? (const void *)&cmd : (const void *)&confirm_cmd, &reply);
    if (code == JN_OK && ((const Ledger__Outcomes *)reply)->n_refused)
        code = (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
    return code;
}

static enum jn_code
limit(struct story *s, const struct jn_agency *who, uint32_t division, int64_t batch_yuan, int64_t row_yuan,
      int64_t day_yuan, const char *from)
{
    return limit_as(s, who, "SetPaymentLimits", division, batch_yuan, row_yuan, day_yuan, from);
}

static enum jn_code
confirm(struct story *s, const struct jn_agency *who, uint32_t division, int64_t batch_yuan, int64_t row_yuan,
        int64_t day_yuan, const char *from)
{
    return limit_as(s, who, "ConfirmPaymentLimits", division, batch_yuan, row_yuan, day_yuan, from);
}

static const Ledger__PaymentLimitsView *
limits(struct story *s, uint32_t division)
{
    Ledger__PaymentLimitsRequest request = LEDGER__PAYMENT_LIMITS_REQUEST__INIT;
    const void *reply;

    request.division = division;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "PaymentLimits", &request, &reply), JN_OK);
    return reply;
}

static void
over_a_limit_a_third_key_must_agree(void **state)
{
    struct story *s = *state;
    struct jn_agency director = jn_world_agency("finance.director", ROLE_FINANCE);

    appropriate(s, EMPLOYMENT, CHANGAN, 10000);
    assert_int_equal(limit(s, &s->finance, CITY, 500, 0, 0, "2019-11-02"), JN_OK);
    one_draft(s, CHANGAN, 501); /* today it holds not yet */
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 50100), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__RELEASED);
    on(s, "2019-11-02");
    one_draft(s, CHANGAN, 500); /* up to it, not over */
    assert_int_equal(submit_as(s, &s->finance, 2, 1, 50000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 2), JN_OK);
    assert_int_equal(batch_head(s, 2)->state, LEDGER__BATCH_STATE__RELEASED);
    one_draft(s, CHANGAN, 501);
    assert_int_equal(submit_as(s, &s->finance, 3, 1, 50100), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 3), JN_OK);
    assert_int_equal(batch_head(s, 3)->state, LEDGER__BATCH_STATE__CHECKED);
    assert_int_equal(release_batch_as(s, &s->finance, 3), JN_REFUSED);
    assert_int_equal(release_batch_as(s, &s->checker, 3), JN_REFUSED);
    assert_int_equal(release_batch_as(s, &director, 3), JN_OK);
    assert_int_equal(batch_head(s, 3)->state, LEDGER__BATCH_STATE__RELEASED);
    assert_string_equal(batch_head(s, 3)->authorizer, "finance.director");
    /* What is checked may be sent back, too; then all begins anew. */
    one_draft(s, CHANGAN, 600);
    submit_as(s, &s->finance, 4, 1, 60000);
    release_batch_as(s, &s->checker, 4);
    assert_int_equal(send_back(s, &director, 4), JN_OK);
    assert_int_equal(batch_head(s, 4)->state, LEDGER__BATCH_STATE__DRAFT);
    assert_string_equal(batch_head(s, 4)->checker, "");
}

static void
a_large_row_has_its_batch_looked_at_twice(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 10000);
    assert_int_equal(limit(s, &s->finance, CHANGAN, 0, 250, 0, "2019-11-02"), JN_OK);
    on(s, "2019-11-05");
    settle(s, CHANGAN, TRAINING(250), TRAINING(250));
    settle(s, CHANGAN, TRAINING(1), TRAINING(251));
    approve(s, 1, 1, 2);
    approve(s, 2, 3, 2);
    submit_as(s, &s->finance, 1, 2, 50000);
    submit_as(s, &s->finance, 2, 2, 25200);
    release_batch_as(s, &s->checker, 1);
    release_batch_as(s, &s->checker, 2);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__RELEASED);
    assert_int_equal(batch_head(s, 2)->state, LEDGER__BATCH_STATE__CHECKED);
}

static void
a_day_has_a_ceiling(void **state)
{
    struct story *s = *state;
    Ledger__PaymentLimitsRequest request = LEDGER__PAYMENT_LIMITS_REQUEST__INIT;
    const void *reply;
    const Ledger__PaymentLimitsView *view;

    appropriate(s, EMPLOYMENT, CITY, 10000);
    assert_int_equal(limit(s, &s->finance, CITY, 0, 0, 1000, "2019-11-02"), JN_OK);
    assert_int_equal(limit(s, &s->finance, QIAOXI, 0, 0, 300, "2019-11-02"), JN_OK);
    on(s, "2019-11-02");
    one_draft(s, CHANGAN, 600);
    one_draft(s, QIAOXI, 300);
    one_draft(s, QIAOXI, 1);
    one_draft(s, CHANGAN, 101);
    one_draft(s, CHANGAN, 100);
    for (uint64_t i = 1; i <= 5; i++)
        assert_int_equal(submit_as(s, &s->finance, i, 1, batch_head(s, i)->amount_fen), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 2), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 3), JN_OUT_OF_LIMITS); /* the county's: 300 of 300 */
    assert_int_equal(release_batch_as(s, &s->checker, 4), JN_OUT_OF_LIMITS); /* the city's: 600 + 300 + 101 */
    assert_int_equal(release_batch_as(s, &s->checker, 5), JN_OK);            /* to the last yuan */
    request.division = CITY;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "PaymentLimits", &request, &reply), JN_OK);
    view = reply;
    counts(view->released_today, 3, 1000);
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->day_fen, 100000);
    assert_string_equal(view->rows[0]->by, "finance");
    on(s, "2019-11-03");
    assert_int_equal(release_batch_as(s, &s->checker, 3), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 4), JN_OK);
}

static void
limits_are_set_for_days_to_come(void **state)
{
    struct story *s = *state;
    Ledger__SetPaymentLimits none = LEDGER__SET_PAYMENT_LIMITS__INIT;

    assert_int_equal(limit(s, &s->finance, CITY, 1, 1, 1, "2019-11-01"), JN_OUT_OF_LIMITS); /* today: for nobody */
    assert_int_equal(limit(s, &s->finance, CITY, 1, 1, 1, "2019-10-01"), JN_OUT_OF_LIMITS);
    assert_int_equal(limit(s, &s->finance, CITY, 1, 1, 1, "2039-11-01"), JN_OUT_OF_LIMITS);
    assert_int_equal(limit(s, &s->finance, 7, 1, 1, 1, "2019-11-02"), JN_MALFORMED);
    assert_int_equal(limit(s, &s->finance, CITY, -1, 0, 0, "2019-11-02"), JN_MALFORMED);
    assert_int_equal(limit(s, &s->finance, CITY, 0, 0, -1, "2019-11-02"), JN_MALFORMED);
    assert_int_equal(limit(s, &s->county, CITY, 1, 1, 1, "2019-11-02"), JN_DENIED);
    assert_int_equal(limit(s, &s->county, QIAOXI, 1, 1, 1, "2019-11-02"), JN_OK);
    assert_int_equal(limit(s, &s->auditor, QIAOXI, 1, 1, 1, "2019-11-02"), JN_DENIED);
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetPaymentLimits", &none, NULL), JN_MALFORMED);
    /* The later one holds from its day on. */
    appropriate(s, EMPLOYMENT, CITY, 10000);
    assert_int_equal(limit(s, &s->finance, CHANGAN, 0, 0, 100, "2019-11-02"), JN_OK);
    assert_int_equal(limit(s, &s->finance, CHANGAN, 0, 0, 200, "2019-11-04"), JN_OK);
    assert_int_equal(confirm(s, &s->checker, CHANGAN, 0, 0, 200, "2019-11-04"), JN_OK);
    one_draft(s, CHANGAN, 150);
    submit_as(s, &s->finance, 1, 1, 15000);
    on(s, "2019-11-03");
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OUT_OF_LIMITS);
    on(s, "2019-11-04");
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
}

static void
a_higher_limit_waits_for_another_key(void **state)
{
    struct story *s = *state;
    struct jn_agency twin = s->finance; /* the same key under another name */
    Ledger__ConfirmPaymentLimits none = LEDGER__CONFIRM_PAYMENT_LIMITS__INIT;

    snprintf(twin.name, sizeof(twin.name), "finance.twin");
    assert_int_equal(limit(s, &s->finance, CITY, 500, 0, 1000, "2019-11-02"), JN_OK); /* there was none: it protects */
    assert_int_equal(limits(s, CITY)->n_rows, 1);
    /* Higher in one figure, lower in another; then no limit at all. */
    assert_int_equal(limit(s, &s->finance, CITY, 400, 0, 1001, "2019-11-05"), JN_OK);
    assert_int_equal(limit(s, &s->finance, CITY, 500, 0, 0, "2019-11-06"), JN_OK);
    assert_int_equal(limits(s, CITY)->n_rows, 1);
    assert_int_equal(limits(s, CITY)->n_asked, 2);
    assert_int_equal(limits(s, CITY)->asked[1]->day_fen, 100100);
    assert_string_equal(limits(s, CITY)->asked[1]->by, "finance");
    assert_int_equal(confirm(s, &s->finance, CITY, 400, 0, 1001, "2019-11-05"), JN_REFUSED);
    assert_int_equal(confirm(s, &twin, CITY, 400, 0, 1001, "2019-11-05"), JN_REFUSED);
    assert_int_equal(confirm(s, &s->checker, CITY, 400, 0, 1002, "2019-11-05"), JN_REFUSED); /* not what was asked */
    assert_int_equal(confirm(s, &s->checker, CITY, 400, 0, 1001, "2019-11-07"), JN_NOT_FOUND);
    assert_int_equal(confirm(s, &s->checker, 7, 400, 0, 1001, "2019-11-05"), JN_MALFORMED);
    assert_int_equal(confirm(s, &s->county, CITY, 400, 0, 1001, "2019-11-05"), JN_DENIED);
    assert_int_equal(jn_world_command(s->w, &s->checker, "ConfirmPaymentLimits", &none, NULL), JN_MALFORMED);
    assert_int_equal(limits(s, CITY)->n_rows, 1);
    assert_int_equal(confirm(s, &s->checker, CITY, 400, 0, 1001, "2019-11-05"), JN_OK);
    assert_int_equal(limits(s, CITY)->n_rows, 2);
    assert_int_equal(limits(s, CITY)->n_asked, 1);
    assert_int_equal(limits(s, CITY)->rows[0]->day_fen, 100100);
    assert_string_equal(limits(s, CITY)->rows[0]->by, "finance");
    assert_string_equal(limits(s, CITY)->rows[0]->confirmed_by, "finance.checker");
    assert_int_equal(confirm(s, &s->checker, CITY, 400, 0, 1001, "2019-11-05"), JN_NOT_FOUND); /* once */
    /* One that protects takes back what was asked for its day. */
    assert_int_equal(limit(s, &s->checker, CITY, 400, 0, 900, "2019-11-06"), JN_OK);
    assert_int_equal(limits(s, CITY)->n_asked, 0);
    assert_int_equal(confirm(s, &s->checker, CITY, 500, 0, 0, "2019-11-06"), JN_NOT_FOUND);
    assert_string_equal(limits(s, CITY)->rows[0]->confirmed_by, "");
    /* A day that has come is nobody's to change any more. */
    assert_int_equal(limit(s, &s->finance, CITY, 0, 0, 0, "2019-11-07"), JN_OK);
    on(s, "2019-11-07");
    assert_int_equal(confirm(s, &s->checker, CITY, 0, 0, 0, "2019-11-07"), JN_OUT_OF_LIMITS);
}

/* ---- Frozen payees ---- */

static const Ledger__FrozenPayeesView *
frozen(struct story *s, bool institutions)
{
    Ledger__FrozenPayeesRequest request = LEDGER__FROZEN_PAYEES_REQUEST__INIT;
    const void *reply;

    request.institutions = institutions;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "FrozenPayees", &request, &reply), JN_OK);
    return reply;
}

static void
who_is_frozen_is_sent_nothing_until_thawed(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_WRONG_STATE);
    settle(s, CHANGAN, TRAINING(100), LIVING(50), TRAINING(30));
    approve(s, 1, 1, 3);
    is(s, 1, "committed");
    is(s, 2, "instructed"); /* another's row */
    is(s, 3, "committed");
    assert_true(claim(s, 1)->approved);
    assert_non_null(strstr(claim(s, 1)->why, "frozen"));
    assert_int_equal(frozen(s, true)->n_rows, 1);
    assert_int_equal(frozen(s, true)->rows[0]->institution, PROVIDER);
    assert_string_equal(frozen(s, true)->rows[0]->reason, "rosters are looked into");
    counts(frozen(s, true)->rows[0]->kept, 2, 130);
    assert_int_equal(frozen(s, false)->n_rows, 0);
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    is(s, 1, "instructed");
    is(s, 3, "instructed");
    assert_int_equal(claim(s, 1)->batch, 2);
    assert_int_equal(claim(s, 3)->batch, 2); /* together */
    assert_int_equal(frozen(s, true)->n_rows, 0);
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_WRONG_STATE);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    counts(totals(s)->paid, 3, 180);
}

static void
a_batch_with_a_frozen_row_waits_or_lets_it_go(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50), LIVING(30));
    approve(s, 1, 1, 3);
    assert_int_equal(submit_as(s, &s->finance, 1, 3, 18000), JN_OK);
    assert_int_equal(freeze(s, 0, 0, 2), JN_OK); /* by his claim: person 101 */
    assert_int_equal(frozen(s, false)->rows[0]->person, 101);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(withdraw(s, 1, 2), JN_WRONG_STATE); /* what was declared is held */
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 1), JN_WRONG_STATE); /* nothing keeps it */
    assert_int_equal(withdraw(s, 1, 9), JN_NOT_FOUND);
    assert_int_equal(withdraw(s, 1, 2), JN_OK);
    assert_int_equal(withdraw(s, 1, 2), JN_NOT_FOUND);
    is(s, 2, "committed");
    assert_int_equal(claim(s, 2)->batch, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->committed_fen, 5000);
    assert_int_equal(batch_head(s, 1)->rows, 2);
    assert_int_equal(batch_head(s, 1)->amount_fen, 13000);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    counts(totals(s)->paid, 2, 130);
    assert_int_equal(withdraw(s, 1, 3), JN_WRONG_STATE);
    assert_int_equal(thaw(s, 101, 0, 0), JN_OK);
    is(s, 2, "instructed");
    assert_int_equal(bank_pays(s, 2), JN_OK);
    counts(totals(s)->paid, 3, 180);
}

static void
a_draft_that_loses_every_row_is_void(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(50));
    approve(s, 1, 1, 1);
    hold(s, 1);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 5000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED); /* 2.12-e: a reviewer's hold counts, too */
    assert_int_equal(send_back(s, &s->finance, 1), JN_OK);             /* the maker himself */
    assert_int_equal(withdraw(s, 1, 1), JN_OK);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__VOID);
    assert_int_equal(totals(s)->open_batches, 0);
    assert_int_equal(submit_as(s, &s->finance, 1, 0, 0), JN_WRONG_STATE);
    release(s, 1, false);
    is(s, 1, "instructed");
    assert_int_equal(claim(s, 1)->batch, 2);
}

static void
freezing_waits_with_the_queue_and_the_hold(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, LIVING(50));
    approve(s, 1, 1, 1);
    assert_int_equal(freeze(s, 100, 0, 0), JN_OK);
    counts(frozen(s, false)->rows[0]->kept, 0, 0);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000); /* money comes: it is committed, no more */
    is(s, 1, "committed");
    counts(frozen(s, false)->rows[0]->kept, 1, 50);
    hold(s, 1);
    counts(frozen(s, false)->rows[0]->kept, 0, 0);
    assert_int_equal(thaw(s, 100, 0, 0), JN_OK);
    is(s, 1, "committed"); /* the hold stands */
    assert_int_equal(freeze(s, 100, 0, 0), JN_OK);
    release(s, 1, false);
    is(s, 1, "committed"); /* the freeze stands */
    assert_int_equal(thaw(s, 100, 0, 0), JN_OK);
    is(s, 1, "instructed");
}

static void
what_failed_is_not_sent_again_to_who_is_frozen(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50));
    approve(s, 1, 1, 2);
    bank_says(s, 1, 1, false, "closed");
    bank_says(s, 1, 2, false, "closed");
    assert_int_equal(freeze(s, 0, 0, 1), JN_OK);
    assert_int_equal(resend(s, 0, 1), JN_REFUSED);
    assert_int_equal(resend(s, 1, 0), JN_OK); /* the other one goes */
    is(s, 1, "failed");
    is(s, 2, "instructed");
    assert_int_equal(thaw(s, 0, 0, 1), JN_OK);
    is(s, 1, "failed"); /* a thaw sends nothing that the bank refused */
    assert_int_equal(resend(s, 0, 1), JN_OK);
}

static void
an_advance_to_who_is_frozen_is_not_given(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    has(s, EMPLOYMENT, CHANGAN, 900); /* the second took nothing */
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 10000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 0), JN_REFUSED);
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(bank_says(s, 1, 0, false, "closed"), JN_OK);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(resend(s, 1, 0), JN_REFUSED);
}

/* More than one block sends: the clock's turn goes on with it. */
static void
a_long_thaw_goes_on_by_itself(void **state)
{
    struct story *s = *state;
    struct due rows[500];

    for (size_t i = 0; i < 500; i++)
        rows[i] = (struct due)TRAINING(1);
    appropriate(s, EMPLOYMENT, CHANGAN, 10000);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    for (uint64_t i = 1; i <= 3; i++) {
        settle_rows(s, CHANGAN, rows, 500);
        approve(s, i, 500 * (i - 1) + 1, 500);
    }
    counts(frozen(s, true)->rows[0]->kept, 1500, 1500);
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    is(s, 1, "instructed");
    on(s, "2019-11-02");
    is(s, 1500, "instructed");
    assert_int_equal(frozen(s, true)->n_rows, 0);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_PAYEE_FROZEN), 4); /* frozen, thawed, so far, all */
    for (uint64_t i = 1; i <= batches_so_far(s); i++)
        assert_int_equal(bank_pays(s, i), JN_OK);
    counts(totals(s)->paid, 1500, 1500);
}

static void
a_thaw_takes_two_keys_and_a_freeze_one(void **state)
{
    struct story *s = *state;
    struct jn_agency twin = s->finance;

    snprintf(twin.name, sizeof(twin.name), "finance.twin");
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    settle(s, CHANGAN, TRAINING(100));
    approve(s, 1, 1, 1);
    assert_int_equal(confirm_thaw_as(s, &s->checker, 0, PROVIDER, 0), JN_WRONG_STATE); /* nobody asked */
    assert_int_equal(ask_thaw_as(s, &s->county, 0, PROVIDER, 0), JN_DENIED);
    assert_int_equal(ask_thaw_as(s, &s->finance, 0, PROVIDER, 0), JN_OK);
    is(s, 1, "committed");
    assert_string_equal(frozen(s, true)->rows[0]->thaw_by, "finance");
    assert_string_equal(frozen(s, true)->rows[0]->thaw_document, "石人社监〔2020〕3号");
    assert_int_equal(confirm_thaw_as(s, &s->finance, 0, PROVIDER, 0), JN_REFUSED);
    assert_int_equal(confirm_thaw_as(s, &twin, 0, PROVIDER, 0), JN_REFUSED);
    assert_int_equal(confirm_thaw_as(s, &s->county, 0, PROVIDER, 0), JN_DENIED);
    is(s, 1, "committed");
    /* Frozen anew, what was asked is taken back. */
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(confirm_thaw_as(s, &s->checker, 0, PROVIDER, 0), JN_WRONG_STATE);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_WRONG_STATE);
    counts(frozen(s, true)->rows[0]->kept, 1, 100);
    /* Who asks last is the maker: his checker may have been the first. */
    assert_int_equal(ask_thaw_as(s, &s->finance, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(ask_thaw_as(s, &s->checker, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(confirm_thaw_as(s, &s->checker, 0, PROVIDER, 0), JN_REFUSED);
    assert_int_equal(confirm_thaw_as(s, &s->finance, 0, PROVIDER, 0), JN_OK);
    is(s, 1, "instructed");
    assert_int_equal(frozen(s, true)->n_rows, 0);
}

static void
payees_are_named_in_one_way(void **state)
{
    struct story *s = *state;
    Ledger__FreezePayees none = LEDGER__FREEZE_PAYEES__INIT;
    Ledger__FrozenPayeesRequest request = LEDGER__FROZEN_PAYEES_REQUEST__INIT;
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT, *rows[] = {&row};
    const void *reply;

    assert_int_equal(freeze(s, 1, 2, 0), JN_MALFORMED);
    assert_int_equal(freeze(s, 0, 0, 0), JN_MALFORMED);
    assert_int_equal(freeze(s, 0, 0, 77), JN_NOT_FOUND);
    assert_int_equal(freeze(s, UINT64_MAX, 0, 0), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->finance, "FreezePayees", &none, NULL), JN_MALFORMED);
    row.person = 1;
    none.n_rows = 1;
    none.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->county, "FreezePayees", &none, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(s->w, &s->county, "FrozenPayees", &request, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(s->w, &s->finance, "FreezePayees", &none, &reply), JN_OK);
    assert_int_equal(((const Ledger__Outcomes *)reply)->refused[0]->code, JN_MALFORMED); /* no document */
    assert_int_equal(thaw(s, 1, 0, 0), JN_WRONG_STATE);
}

/* ---- Debts ---- */

static uint64_t
reversed(struct story *s, uint64_t claim_number, int64_t fen, Ledger__DebtKind kind)
{
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;
    const void *reply;

    cmd.claim = claim_number;
    cmd.amount_fen = fen;
    cmd.kind = kind;
    cmd.document = (char *)(uintptr_t) "石审〔2020〕7号";
    cmd.clause = (char *)(uintptr_t) "2.10-b";
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, &reply), JN_OK);
    return ((const Ledger__Posted *)reply)->number;
}

static void
repaid(struct story *s, uint64_t receivable, int64_t fen)
{
    Ledger__RecordRepayment cmd = LEDGER__RECORD_REPAYMENT__INIT;

    cmd.receivable = receivable;
    cmd.amount_fen = fen;
    cmd.document = (char *)(uintptr_t) "R-2";
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRepayment", &cmd, NULL), JN_OK);
}

/* A claim of the same person's each time. */
static void
due_to_him(struct story *s, int64_t yuan)
{
    settle(s, CHANGAN, LIVING(yuan));
    approve(s, s->settlement, s->claim, 1);
}

static void
what_fraud_stops_leaves_its_draft_and_a_freeze_outlasts_it(void **state)
{
    struct story *s = *state;
    uint64_t debt;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    due_to_him(s, 90);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    due_to_him(s, 50);
    debt = reversed(s, 1, 9000, LEDGER__DEBT_KIND__DEBT_FRAUD);
    assert_int_equal(submit_as(s, &s->finance, 2, 1, 5000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 2), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 2), JN_OK);
    assert_int_equal(withdraw(s, 2, 2), JN_OK);
    is(s, 2, "committed");
    assert_non_null(strstr(claim(s, 2)->why, "stopped"));
    assert_int_equal(freeze(s, 100, 0, 0), JN_OK);
    counts(frozen(s, false)->rows[0]->kept, 0, 0); /* the stop keeps it already */
    repaid(s, debt, 9000);
    on(s, "2019-11-02");
    is(s, 2, "committed"); /* now the freeze does */
    counts(frozen(s, false)->rows[0]->kept, 1, 50);
    assert_int_equal(thaw(s, 100, 0, 0), JN_OK);
    is(s, 2, "instructed");
    assert_int_equal(bank_pays(s, 3), JN_OK);
}

static void
a_thaw_lets_go_nothing_that_fraud_stops(void **state)
{
    struct story *s = *state;
    uint64_t debt;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    due_to_him(s, 90);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(freeze(s, 100, 0, 0), JN_OK);
    due_to_him(s, 50);
    debt = reversed(s, 1, 9000, LEDGER__DEBT_KIND__DEBT_FRAUD);
    counts(frozen(s, false)->rows[0]->kept, 1, 50);
    assert_int_equal(thaw(s, 100, 0, 0), JN_OK);
    is(s, 2, "committed");
    assert_int_equal(frozen(s, false)->n_rows, 0);
    repaid(s, debt, 9000);
    on(s, "2019-11-02");
    is(s, 2, "instructed");
}

/* What is taken off for a debt goes with the row: what is declared is what the bank sends. */
static void
a_row_that_leaves_its_draft_owes_as_before(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    due_to_him(s, 90);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    reversed(s, 1, 3000, LEDGER__DEBT_KIND__DEBT_ERROR);
    settle(s, CHANGAN, LIVING(50), LIVING(40));
    approve(s, 2, 2, 2);
    assert_int_equal(batch_head(s, 2)->amount_fen, 6000); /* 50 - 30 + 40 */
    assert_int_equal(claim(s, 2)->setoff_fen, 3000);
    hold(s, 2);
    assert_int_equal(withdraw(s, 2, 2), JN_OK);
    assert_int_equal(batch_head(s, 2)->amount_fen, 4000);
    assert_int_equal(claim(s, 2)->setoff_fen, 0);
    release(s, 2, false);
    assert_int_equal(claim(s, 2)->setoff_fen, 3000);
    assert_int_equal(batch_head(s, 3)->amount_fen, 2000);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    assert_int_equal(bank_pays(s, 3), JN_OK);
}

const struct CMUnitTest ledger_paying[] = {
    STORY(two_keys_make_a_batch_the_banks),
    STORY(neither_two_keys_of_one_agency_nor_one_key_twice_will_do),
    STORY(what_is_sent_back_is_a_draft_again),
    STORY(batches_are_listed_by_state_and_moved_in_bulk),
    STORY(what_needs_no_bank_needs_no_hands),
    STORY(over_a_limit_a_third_key_must_agree),
    STORY(a_large_row_has_its_batch_looked_at_twice),
    STORY(a_day_has_a_ceiling),
    STORY(limits_are_set_for_days_to_come),
    STORY(a_higher_limit_waits_for_another_key),
    STORY(who_is_frozen_is_sent_nothing_until_thawed),
    STORY(a_batch_with_a_frozen_row_waits_or_lets_it_go),
    STORY(a_draft_that_loses_every_row_is_void),
    STORY(freezing_waits_with_the_queue_and_the_hold),
    STORY(what_failed_is_not_sent_again_to_who_is_frozen),
    STORY(an_advance_to_who_is_frozen_is_not_given),
    STORY(a_long_thaw_goes_on_by_itself),
    STORY(a_thaw_takes_two_keys_and_a_freeze_one),
    STORY(payees_are_named_in_one_way),
    STORY(what_fraud_stops_leaves_its_draft_and_a_freeze_outlasts_it),
    STORY(a_thaw_lets_go_nothing_that_fraud_stops),
    STORY(a_row_that_leaves_its_draft_owes_as_before),
};
const size_t ledger_paying_count = sizeof(ledger_paying) / sizeof(ledger_paying[0]);

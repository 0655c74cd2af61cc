/* What is spoiled of grants, pools, releases, forecasts and statements. */
#include "ledger_audit.h"

#include "ledger/accounts/books.h"

static void
change_grant(struct jn_tables *t, int64_t paid_fen, int64_t released_fen)
{
    Ledger__GrantRow *row = ROW(t, Ledger__GrantRow, TABLE_GRANT, 1);

    row->paid_fen += paid_fen;
    row->released_fen += released_fen;
    jn_put(t, TABLE_GRANT, JN_KEY(1), row);
}

void
a_grant_was_paid_by_hand(struct jn_tables *t)
{
    change_grant(t, 1, 0);
}

void
a_grant_was_released_by_hand(struct jn_tables *t)
{
    change_grant(t, 0, 1);
}

void
a_grant_vanished(struct jn_tables *t)
{
    jn_delete(t, TABLE_GRANT, JN_KEY(1));
}

void
a_grants_use_was_improved(struct jn_tables *t)
{
    struct jn_key key = JN_KEY(2019 * 4 + 3, EMPLOYMENT, CHANGAN, COMMON__PURPOSE__TRAINING_BASE);

    jn_delete(t, TABLE_GRANT_USE, key);
}

void
a_release_was_forgotten(struct jn_tables *t)
{
    Ledger__Claims *claims = claims_take(t, 11);

    claims->released_fen[0] = 1;
    claims_put(t, claims);
}

void
a_term_runs_for_who_waits(struct jn_tables *t)
{
    Ledger__Expiry expiry = LEDGER__EXPIRY__INIT;
    uint32_t place = 0;

    expiry.n_place = 1;
    expiry.place = &place;
    jn_put(t, TABLE_EXPIRY, JN_KEY(9, 1), &expiry);
}

void
a_rate_fell_below_nothing(struct jn_tables *t)
{
    Ledger__Rate *rate = ROW(t, Ledger__Rate, TABLE_RATE, EMPLOYMENT, CHANGAN, 0);

    rate->fen[0] = -1;
    jn_put(t, TABLE_RATE, JN_KEY(EMPLOYMENT, CHANGAN, 0), rate);
}

void
a_statement_vanished(struct jn_tables *t)
{
    jn_delete(t, TABLE_EDUCATION_PAST, JN_KEY(EMPLOYER, 2019, 1));
}

void
a_queues_need_was_changed(struct jn_tables *t)
{
    Ledger__WaitingChunk *row = ROW(t, Ledger__WaitingChunk, TABLE_WAITING_CHUNK, EMPLOYMENT, CHANGAN, 9);

    row->net_fen++;
    jn_put(t, TABLE_WAITING_CHUNK, JN_KEY(EMPLOYMENT, CHANGAN, 9), row);
}

void
a_waiting_item_was_miscounted(struct jn_tables *t)
{
    Ledger__WaitingItem *row =
        ROW(t, Ledger__WaitingItem, TABLE_WAITING_ITEM, EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 9);

    row->count++;
    jn_put(t, TABLE_WAITING_ITEM, JN_KEY(EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 9), row);
}

/* In a queue that nothing stands in. */
void
a_waiting_item_was_invented(struct jn_tables *t)
{
    Ledger__WaitingItem row = LEDGER__WAITING_ITEM__INIT;

    row.count = 1;
    jn_put(t, TABLE_WAITING_ITEM, JN_KEY(EMPLOYMENT, QIAOXI, COMMON__ITEM__FREE_TRAINING, 9), &row);
}

/* Two waiting claims are of 5,000 and 60 yuan. */
void
an_earmark_was_left_idle(struct jn_tables *t)
{
    struct account account = {EMPLOYMENT, CHANGAN, 2019, COMMON__ITEM__FREE_TRAINING};
    Ledger__Balances balances = LEDGER__BALANCES__INIT;

    balances.appropriated_fen = -500000;
    balances.available_fen = 500000;
    jn_put(t, TABLE_ACCOUNT, account_key(account), &balances);
    account_use(t, account);
}

static void
change_pool(struct jn_tables *t, int64_t left_fen, int64_t paid_fen)
{
    Ledger__PoolRow *pool = ROW(t, Ledger__PoolRow, TABLE_POOL, 2019, CHANGAN);

    pool->sources[0]->left_fen += left_fen;
    pool->sources[0]->paid_fen += paid_fen;
    jn_put(t, TABLE_POOL, JN_KEY(2019, CHANGAN), pool);
}

void
a_pools_source_was_relieved(struct jn_tables *t)
{
    change_pool(t, 1, -1);
}

void
a_share_was_shifted(struct jn_tables *t)
{
    Ledger__GrantRow *row = ROW(t, Ledger__GrantRow, TABLE_GRANT, 2);

    row->shares[0]->paid_fen++;
    jn_put(t, TABLE_GRANT, JN_KEY(2), row);
}

void
a_claims_share_was_shifted(struct jn_tables *t)
{
    Ledger__Claims *claims = claims_take(t, 12);

    claims->pooled[0]->shares[0]->amount_fen++;
    claims_put(t, claims);
}

/* 5,000 yuan wait in the division. */
void
a_pool_was_left_idle(struct jn_tables *t)
{
    Ledger__PoolRow *pool = ROW(t, Ledger__PoolRow, TABLE_POOL, 2019, CHANGAN);

    pool->sources[0]->fund = EMPLOYMENT;
    pool->sources[0]->left_fen = 500000;
    jn_put(t, TABLE_POOL, JN_KEY(2019, CHANGAN), pool);
}

void
an_order_was_forgotten(struct jn_tables *t)
{
    Ledger__GrantRow *row = ROW(t, Ledger__GrantRow, TABLE_GRANT, 2);

    row->ordered_fen = 0;
    jn_put(t, TABLE_GRANT, JN_KEY(2), row);
}

void
a_disbursement_vanished(struct jn_tables *t)
{
    jn_delete(t, TABLE_DISBURSEMENT, JN_KEY(1));
}

void
a_disbursement_was_paid_by_hand(struct jn_tables *t)
{
    Ledger__DisbursementRow *row = ROW(t, Ledger__DisbursementRow, TABLE_DISBURSEMENT, 1);

    row->state = LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_PAID;
    jn_put(t, TABLE_DISBURSEMENT, JN_KEY(1), row);
}

static void
put_bookings(struct jn_tables *t, uint64_t batch, uint64_t claim_number, size_t count)
{
    Ledger__BookingRow row = LEDGER__BOOKING_ROW__INIT;
    char *references[] = {(char *)(uintptr_t) "B-1", (char *)(uintptr_t) "B-2"};

    row.booked = references;
    row.n_booked = count;
    jn_put(t, TABLE_BOOKING, JN_KEY(batch, claim_number), &row);
}

/* Claim 7 is instructed, claim 2 is paid. */
void
a_booking_was_made_up(struct jn_tables *t)
{
    put_bookings(t, 6, 7, 1);
}

void
a_second_debit_was_hidden(struct jn_tables *t)
{
    put_bookings(t, 2, 2, 2);
}

void
a_grant_was_reversed_by_hand(struct jn_tables *t)
{
    Ledger__GrantRow *row = ROW(t, Ledger__GrantRow, TABLE_GRANT, 2);

    row->reversed_fen++;
    row->shares[0]->reversed_fen++;
    jn_put(t, TABLE_GRANT, JN_KEY(2), row);
}

void
file_statement(struct story *s)
{
    Ledger__StaffEducation of = LEDGER__STAFF_EDUCATION__INIT;

    of.enterprise = EMPLOYER;
    of.year = 2019;
    of.wages_fen = of.spent_fen = 100;
    of.division = CHANGAN;
    of.document = (char *)(uintptr_t) "E-1";
    assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &of, NULL), JN_OK);
}

void
pool_and_grant(struct story *s)
{
    Ledger__Pool pool = LEDGER__POOL__INIT;
    Ledger__PoolShare share = LEDGER__POOL_SHARE__INIT, *sources[] = {&share};
    Ledger__Grant grant = LEDGER__GRANT__INIT;
    Ledger__GrantAsked row = LEDGER__GRANT_ASKED__INIT, *rows[] = {&row};
    Ledger__DisburseGrants disburse = LEDGER__DISBURSE_GRANTS__INIT;
    Ledger__Disburse order = LEDGER__DISBURSE__INIT, *orders[] = {&order};
    Ledger__OpenRecovery recovery = LEDGER__OPEN_RECOVERY__INIT;

    appropriate(s, COMMON__FUND__LOCAL_TALENT, CHANGAN, 10);
    share.fund = COMMON__FUND__LOCAL_TALENT;
    share.amount_fen = 500;
    pool.division = row.division = CHANGAN;
    pool.document = row.document = row.id = (char *)(uintptr_t) "P-1";
    pool.n_sources = 1;
    pool.sources = sources;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Pool", &pool, NULL), JN_OK);
    row.purpose = COMMON__PURPOSE__COMPETITION;
    row.institution = PROVIDER;
    row.amount_fen = 300;
    row.pooled = true;
    grant.n_rows = 1;
    grant.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Grant", &grant, NULL), JN_OK);
    assert_int_equal(pay_grant(s, 2, 1, "P-1"), JN_OK);
    order.grant = recovery.grant = 2;
    order.amount_fen = 100;
    order.document = (char *)(uintptr_t) "P-2";
    disburse.n_rows = 1;
    disburse.rows = orders;
    assert_int_equal(jn_world_command(s->w, &s->finance, "DisburseGrants", &disburse, NULL), JN_OK);
    recovery.amount_fen = 10;
    recovery.kind = LEDGER__DEBT_KIND__DEBT_ERROR;
    recovery.document = recovery.clause = (char *)(uintptr_t) "2.11-d";
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &recovery, NULL), JN_OK);
}

void
pool_and_claim(struct story *s)
{
    Ledger__Pool pool = LEDGER__POOL__INIT;
    Ledger__PoolShare share = LEDGER__POOL_SHARE__INIT, *sources[] = {&share};

    appropriate(s, EMPLOYMENT, QIAOXI, 1);
    share.fund = EMPLOYMENT;
    share.amount_fen = 50;
    pool.division = QIAOXI;
    pool.document = (char *)(uintptr_t) "P-2";
    pool.n_sources = 1;
    pool.sources = sources;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Pool", &pool, NULL), JN_OK);
    settle(s, QIAOXI, {COMMON__ITEM__FREE_TRAINING, 40, EMPLOYMENT, COMMON__PAYEE__PAYEE_INSTITUTION});
    assert_int_equal(claim(s, 12)->n_shares, 1);
}

/* Random play, seeded, of advances, payments, cases, repayments, plans and the bank's refusals, held against the cash:
 * what went to the bank and came from payees is what accounts hold as paid, advanced, owed and given up. */
#include "ledger_story.h"

#include <string.h>

#define PAYEES 3

struct play {
    uint64_t seed;
    int64_t out_fen, in_fen; /* the bank's: sent and credited; paid back */
    uint64_t class;
    int32_t day;
};

static uint64_t
dice(struct play *p, uint64_t sides)
{
    p->seed = p->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (p->seed >> 33) % sides;
}

static int64_t
some(struct play *p, int64_t most)
{
    return 1 + (int64_t)dice(p, (uint64_t)most);
}

/* ---- What may happen ---- */

static void
money_comes(struct story *s, struct play *p)
{
    appropriate(s, EMPLOYMENT, dice(p, 2) ? CHANGAN : CITY, some(p, 800));
}

/* Advances leave as soon as they are granted: they are a batch of their own. */
static void
a_class_is_advanced_and_settled(struct story *s, struct play *p)
{
    struct due rows[3];
    size_t refused = jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID);
    const Ledger__AdvancePaid *paid;

    s->class = ++p->class;
    s->provider = 50 + dice(p, PAYEES);
    if (dice(p, 2)) {
        grant_advance(s, s->class, CHANGAN, EMPLOYMENT, s->provider, some(p, 300));
        paid = jn_world_last(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID);
        assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID), refused + 1);
        if (!paid->refused) {
            p->out_fen += paid->amount_fen;
            assert_int_equal(bank_pays(s, paid->batch), JN_OK);
        }
    }
    for (size_t i = 0; i < 3; i++)
        rows[i] = dice(p, 3) ? (struct due)TRAINING(some(p, 200)) : (struct due)LIVING(some(p, 60));
    s->last = true;
    settle_rows(s, CHANGAN, rows, dice(p, 4));
    s->last = false;
    s->provider = PROVIDER;
}

static void
a_notice_ends(struct story *s, struct play *p)
{
    uint64_t claim_number = s->claim ? 1 + dice(p, s->claim) : 0;

    if (claim_number)
        approve(s, 0, claim_number, 1);
}

/* By two keys; not while a row of it is held, or its payee stopped. */
static bool
it_is_let_out(struct story *s, uint64_t number)
{
    const Ledger__BatchShort *head = batch(s, number)->head;
    uint32_t rows = head->rows;
    int64_t fen = head->amount_fen;
    Ledger__BatchState state = head->state;

    if (state == LEDGER__BATCH_STATE__DRAFT && submit_as(s, &s->finance, number, rows, fen) != JN_OK)
        return false;
    return state == LEDGER__BATCH_STATE__RELEASED || release_batch_as(s, &s->checker, number) == JN_OK;
}

/* What the bank sends of each row it says itself. */
static void
the_bank_answers(struct story *s, struct play *p)
{
    Ledger__BatchesRequest request = LEDGER__BATCHES_REQUEST__INIT;
    const void *reply;
    const Ledger__BatchView *view;
    uint64_t number;

    assert_int_equal(jn_world_query(s->w, &s->finance, "Batches", &request, &reply), JN_OK);
    if (((const Ledger__BatchesView *)reply)->n_rows == 0)
        return;
    number = ((const Ledger__BatchesView *)reply)->rows[dice(p, ((const Ledger__BatchesView *)reply)->n_rows)]->batch;
    if (!it_is_let_out(s, number))
        return;
    view = batch(s, number);
    if (dice(p, 4) == 0) {
        bank_says(s, number, view->rows[0]->claim, false, "closed");
        return;
    }
    for (size_t i = 0; i < view->n_rows; i++) {
        if (strcmp(view->rows[i]->state, "instructed") == 0)
            p->out_fen += view->rows[i]->amount_fen - view->rows[i]->offset_fen - view->rows[i]->setoff_fen;
    }
    assert_int_equal(bank_pays(s, number), JN_OK);
}

static void
finance_sends_again(struct story *s, struct play *p)
{
    uint64_t claim_number = s->claim ? 1 + dice(p, s->claim) : 0;

    if (claim_number && strcmp(claim(s, claim_number)->state, "failed") == 0)
        resend(s, 0, claim_number);
}

static void
a_case_is_opened(struct story *s, struct play *p)
{
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;

    if (s->claim == 0)
        return;
    cmd.claim = 1 + dice(p, s->claim);
    cmd.amount_fen = dice(p, 2) ? 0 : some(p, 9000);
    cmd.kind = dice(p, 4) ? LEDGER__DEBT_KIND__DEBT_ERROR : LEDGER__DEBT_KIND__DEBT_FRAUD;
    cmd.document = cmd.clause = (char *)(uintptr_t) "2.12-e";
    jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, NULL);
}

static const Ledger__ReceivableView *
somebodys_debt(struct story *s, struct play *p)
{
    Ledger__ReceivablesRequest request = LEDGER__RECEIVABLES_REQUEST__INIT;
    const void *reply;
    const Ledger__ReceivablesView *view;

    assert_int_equal(jn_world_query(s->w, &s->finance, "Receivables", &request, &reply), JN_OK);
    view = reply;
    return view->n_rows ? view->rows[dice(p, view->n_rows)] : NULL;
}

static void
somebody_pays_back(struct story *s, struct play *p)
{
    Ledger__RecordRepayment cmd = LEDGER__RECORD_REPAYMENT__INIT;
    const Ledger__ReceivableView *debt = somebodys_debt(s, p);
    int64_t owed = debt ? debt->left_fen - debt->offset_fen : 0;

    if (owed == 0)
        return;
    cmd.receivable = debt->row->number;
    cmd.amount_fen = dice(p, 2) ? owed : some(p, owed);
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRepayment", &cmd, NULL), JN_OK);
    p->in_fen += cmd.amount_fen;
}

static void
it_is_arranged(struct story *s, struct play *p)
{
    Ledger__ArrangeRecovery cmd = LEDGER__ARRANGE_RECOVERY__INIT;
    Ledger__Instalment a = LEDGER__INSTALMENT__INIT, b = a, *plan[] = {&a, &b};
    const Ledger__ReceivableView *debt = somebodys_debt(s, p);
    int64_t owed = debt ? debt->left_fen - debt->offset_fen : 0;

    if (owed < 2)
        return;
    cmd.receivable = debt->row->number;
    cmd.document = (char *)(uintptr_t) "P-1";
    cmd.offset = debt->row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD;
    cmd.n_plan = cmd.offset ? 0 : 2;
    cmd.plan = plan;
    a.day = p->day + (int32_t)dice(p, 30);
    b.day = a.day + 1 + (int32_t)dice(p, 30);
    a.amount_fen = some(p, owed - 1);
    b.amount_fen = owed - a.amount_fen;
    if (!debt->row->offset_ordered)
        assert_int_equal(jn_world_command(s->w, &s->finance, "ArrangeRecovery", &cmd, NULL), JN_OK);
}

static void
it_is_given_up(struct story *s, struct play *p)
{
    Ledger__WriteOff cmd = LEDGER__WRITE_OFF__INIT;
    const Ledger__ReceivableView *debt = somebodys_debt(s, p);

    if (!debt)
        return;
    cmd.receivable = debt->row->number;
    cmd.document = (char *)(uintptr_t) "W-1";
    jn_world_command(s->w, &s->finance, "WriteOff", &cmd, NULL);
}

static void
a_reviewer_acts(struct story *s, struct play *p)
{
    uint64_t claim_number = s->claim ? 1 + dice(p, s->claim) : 0;

    if (!claim_number)
        return;
    if (dice(p, 2))
        hold(s, claim_number);
    else
        release(s, claim_number, true);
}

static void
time_passes(struct story *s, struct play *p)
{
    p->day += (int32_t)dice(p, 30);
    jn_world_advance(s->w, date_to_ms(p->day));
}

static void (*const happenings[])(struct story *, struct play *) = {
    money_comes,      a_class_is_advanced_and_settled,
    a_notice_ends,    a_class_is_advanced_and_settled,
    a_notice_ends,    a_notice_ends,
    the_bank_answers, a_notice_ends,
    the_bank_answers, finance_sends_again,
    a_case_is_opened, a_case_is_opened,
    it_is_arranged,   somebody_pays_back,
    it_is_given_up,   a_reviewer_acts,
    time_passes,      the_bank_answers,
};

/* ---- And whether the cash agrees ---- */

static void
the_cash_agrees(struct story *s, struct play *p)
{
    int64_t held = 0;

    for (uint32_t year = 2019; year <= (uint32_t)date_of(p->day).year; year++) {
        Ledger__AccountsRequest request = LEDGER__ACCOUNTS_REQUEST__INIT;
        const void *reply;
        const Ledger__AccountsView *view;

        request.year = year;
        assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &request, &reply), JN_OK);
        view = reply;
        for (size_t i = 0; i < view->n_rows; i++)
            held += view->rows[i]->paid_fen + view->rows[i]->advanced_fen + view->rows[i]->receivable_fen +
                    view->rows[i]->written_off_fen;
    }
    assert_int_equal(held, p->out_fen - p->in_fen);
}

static void
play(uint64_t seed, int steps, size_t *seen)
{
    struct story *s = story_open();
    struct play *p = calloc(1, sizeof(*p));

    assert_non_null(p);
    p->seed = seed;
    p->day = 18201; /* 2019-11-01 */
    for (int i = 0; i < steps; i++) {
        happenings[dice(p, sizeof(happenings) / sizeof(happenings[0]))](s, p);
        the_cash_agrees(s, p);
    }
    for (uint32_t type = LEDGER__EVENT__BODY_SETOFF_TAKEN; type <= LEDGER__EVENT__BODY_PAYMENTS_STOPPED; type++)
        seen[type] += jn_world_count(s->w, type);
    free(p);
    story_close(s);
}

static void
random_play_agrees_with_the_cash(void **state)
{
    size_t seen[64] = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        play(seed, 250, seen);
    for (uint32_t type = LEDGER__EVENT__BODY_SETOFF_TAKEN; type <= LEDGER__EVENT__BODY_PAYMENTS_STOPPED; type++)
        assert_true(seen[type] > 5); /* it did happen */
}

const struct CMUnitTest ledger_recovery_play[] = {
    cmocka_unit_test(random_play_agrees_with_the_cash),
};
const size_t ledger_recovery_play_count = sizeof(ledger_recovery_play) / sizeof(ledger_recovery_play[0]);

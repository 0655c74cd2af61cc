/* What stories of recovery are told with. */
#include "ledger_owing.h"

#include <string.h>

uint64_t last_number;

static enum jn_code
number_of(enum jn_code code, const void *reply)
{
    last_number = code == JN_OK ? ((const Ledger__Posted *)reply)->number : 0;
    return code;
}

enum jn_code
open_case(struct story *s, uint64_t claim_number, int64_t fen, Ledger__DebtKind kind)
{
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;
    const void *reply = NULL;
    enum jn_code code;

    cmd.claim = claim_number;
    cmd.amount_fen = fen;
    cmd.kind = kind;
    cmd.document = (char *)(uintptr_t) "石审〔2020〕7号";
    cmd.clause = (char *)(uintptr_t) "2.10-b";
    code = jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, &reply);
    return number_of(code, reply);
}

enum jn_code
repay(struct story *s, uint64_t receivable, int64_t fen)
{
    Ledger__RecordRepayment cmd = LEDGER__RECORD_REPAYMENT__INIT;
    const void *reply = NULL;
    enum jn_code code;

    cmd.receivable = receivable;
    cmd.amount_fen = fen;
    cmd.document = (char *)(uintptr_t) "R-2";
    code = jn_world_command(s->w, &s->finance, "RecordRepayment", &cmd, &reply);
    return number_of(code, reply);
}

enum jn_code
write_off(struct story *s, uint64_t receivable, const char *document)
{
    Ledger__WriteOff cmd = LEDGER__WRITE_OFF__INIT;

    cmd.receivable = receivable;
    cmd.document = (char *)(uintptr_t)document;
    return jn_world_command(s->w, &s->finance, "WriteOff", &cmd, NULL);
}

enum jn_code
arrange(struct story *s, uint64_t receivable, const struct instalment *plan, size_t count, bool offset)
{
    Ledger__ArrangeRecovery cmd = LEDGER__ARRANGE_RECOVERY__INIT;
    Ledger__Instalment rows[64], *pointers[64];

    cmd.receivable = receivable;
    cmd.offset = offset;
    cmd.document = (char *)(uintptr_t) "P-1";
    cmd.n_plan = count;
    cmd.plan = pointers;
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &rows[i];
        ledger__instalment__init(&rows[i]);
        assert_true(date_parse(plan[i].day, &rows[i].day));
        rows[i].amount_fen = plan[i].fen;
    }
    return jn_world_command(s->w, &s->finance, "ArrangeRecovery", &cmd, NULL);
}

const Ledger__ReceivablesView *
owed_to(struct story *s, const struct jn_agency *who, uint64_t person, uint64_t institution, uint64_t after)
{
    Ledger__ReceivablesRequest request = LEDGER__RECEIVABLES_REQUEST__INIT;
    const void *reply;

    request.person = person;
    request.institution = institution;
    request.after = after;
    assert_int_equal(jn_world_query(s->w, who, "Receivables", &request, &reply), JN_OK);
    return reply;
}

const Ledger__ReceivableView *
receivable(struct story *s, uint64_t number)
{
    Ledger__ReceivablesRequest request = LEDGER__RECEIVABLES_REQUEST__INIT;
    const void *reply;

    request.number = number;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Receivables", &request, &reply), JN_OK);
    return ((const Ledger__ReceivablesView *)reply)->rows[0];
}

void
is_aged(const Ledger__Aging *aging, int64_t not_due, int64_t d30, int64_t d90, int64_t d180, int64_t d365, int64_t over)
{
    assert_int_equal(aging->not_due_fen, not_due);
    assert_int_equal(aging->days_30_fen, d30);
    assert_int_equal(aging->days_90_fen, d90);
    assert_int_equal(aging->days_180_fen, d180);
    assert_int_equal(aging->days_365_fen, d365);
    assert_int_equal(aging->over_fen, over);
}

/* A class whose provider has so much as an advance, earns less of it, and owes the rest. */
void
owes(struct story *s, uint64_t class, uint32_t division, int64_t advance, int64_t earned)
{
    s->class = class;
    grant_advance(s, class, division, EMPLOYMENT, PROVIDER, advance);
    assert_int_equal(bank_pays(s, batches_so_far(s)), JN_OK);
    s->last = true;
    if (earned)
        settle(s, division, TRAINING(earned));
    else
        settle_rows(s, division, NULL, 0);
    s->last = false;
    s->class = 100 + class;
}

/* A claim that is settled, approved and paid; its number. */
uint64_t
paid(struct story *s, uint32_t division, struct due due)
{
    settle_rows(s, division, &due, 1);
    approve(s, s->settlement, s->claim, 1);
    if (strcmp(claim(s, s->claim)->state, "paid") != 0) /* not all of it was taken off */
        assert_int_equal(bank_pays(s, batches_so_far(s)), JN_OK);
    is(s, s->claim, "paid");
    return s->claim;
}

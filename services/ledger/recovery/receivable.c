/* Receivables (应收款): what is owed back to an account, by whom, since when, and how it comes back.
 *
 *   kind      opened by        comes back                                     a rest
 *   advance   AdvanceSettled   repaid, or taken off other payments            is owed until it comes, 2.10-f
 *   error     Reversed         repaid, taken off, or by a plan                of little may be written off, as the pack
 * says fraud     Reversed         repaid at once; taken off only by decision     is owed; payments stop
 * meanwhile, 2.12-e
 *
 * Its parts are the accounts that paid, a claim's own or each source of the pool that bore it, and an advance's: what
 * comes back goes to them in proportion to what each has left. A pooled grant that is reversed makes a receivable for
 * each source, since money goes back to its fund. The balance `receivable` of an account is what its parts have left.
 */
#include "ledger/ledger.h"

#include "domain/date.h"

/* ---- Tables ---- */

struct payee
receivable_payee(const Ledger__Receivable *row)
{
    return payee_named(row->person, row->institution);
}

const Ledger__Receivable *
receivable_get(const struct jn_view *view, uint64_t number)
{
    return number ? jn_get(view, TABLE_RECEIVABLE, JN_KEY(number)) : NULL;
}

int64_t
receivable_left(const Ledger__Receivable *row)
{
    int64_t left = 0;

    for (size_t i = 0; i < row->n_parts; i++)
        left += row->parts[i]->left_fen;
    return left;
}

int64_t
receivable_on_its_way(const Ledger__Receivable *row)
{
    int64_t fen = 0;

    for (size_t i = 0; i < row->n_parts; i++)
        fen += row->parts[i]->setoff_fen;
    return fen;
}

struct account
receivable_account(const Ledger__Receivable *row, size_t part)
{
    const Ledger__ReceivablePart *of = row->parts[part];

    return (struct account){of->fund ? of->fund : row->fund, of->account_division, of->year,
                            (uint32_t)of->item + (uint32_t)of->purpose};
}

/* What is left is the last instalments' first. */
int64_t
instalment_left(const Ledger__Receivable *row, size_t instalment)
{
    int64_t left = receivable_left(row);

    for (size_t i = row->n_plan - 1; i > instalment; i--)
        left -= row->plan[i]->amount_fen;
    if (left <= 0)
        return 0;
    return left < row->plan[instalment]->amount_fen ? left : row->plan[instalment]->amount_fen;
}

uint32_t
instalment_watched(const Ledger__Receivable *row)
{
    uint32_t next = row->overdue;

    while (next < row->n_plan && instalment_left(row, next) == 0)
        next++;
    return next;
}

int64_t
receivable_due(const Ledger__Receivable *row, int32_t today)
{
    int64_t due = 0;

    if (row->n_plan == 0)
        return receivable_left(row);
    for (size_t i = 0; i < row->n_plan; i++)
        due += row->plan[i]->day < today ? instalment_left(row, i) : 0;
    return due;
}

const Ledger__Receivable *
receivable_meant(struct jn_decision *d, uint64_t number, enum jn_code *code)
{
    const Ledger__Receivable *row = receivable_get(d->view, number);

    if (row && jn_in_scope_division(d->who, row->division))
        return row;
    *code = number == 0
                ? jn_refuse(d, JN_MALFORMED, "name the receivable (应收款) by its number")
                : jn_refuse(d, JN_NOT_FOUND, "no receivable (应收款) has the number %llu", (unsigned long long)number);
    return NULL;
}

/* Sequential: a part's share of what is left to share, by its share of what is left to come. */
void
receivable_split(const Ledger__Receivable *row, int64_t fen, int64_t *shares)
{
    int64_t whole = receivable_left(row) - receivable_on_its_way(row);

    for (size_t i = 0; i < row->n_parts; i++) {
        int64_t part = row->parts[i]->left_fen - row->parts[i]->setoff_fen;

        shares[i] = money_share(fen, part, whole);
        fen -= shares[i];
        whole -= part;
    }
    JN_ASSERT(fen == 0);
}

/* ---- What apply does with them ---- */

Ledger__Receivable *
receivable_take(struct jn_tables *t, uint64_t number)
{
    const Ledger__Receivable *row = receivable_get(jn_view_of(t), number);

    JN_ASSERT(row);
    return (Ledger__Receivable *)(uintptr_t)row;
}

/* An instalment is late when its day is over. */
static int64_t
late_ms(int32_t day)
{
    return date_to_ms(day + 1);
}

/* The timer waits for the first instalment that is neither paid nor told of. One that was paid may be owed again: an
 * advance's debt grows when less was earned than was thought. */
static void
watch(struct jn_tables *t, Ledger__Receivable *row)
{
    uint32_t next = instalment_watched(row);
    int32_t day = next < row->n_plan ? row->plan[next]->day : 0;

    if (day == row->watch_day)
        return;
    if (row->watch_day)
        jn_timer_clear(t, late_ms(row->watch_day), TIMER_INSTALMENT, row->number);
    if (day)
        jn_timer_set(t, late_ms(day), TIMER_INSTALMENT, row->number);
    row->watch_day = day;
}

void
receivable_put(struct jn_tables *t, const Ledger__Receivable *row)
{
    Ledger__Receivable kept = *row;
    Ledger__Owed owed = LEDGER__OWED__INIT;

    for (size_t i = 0; i < row->n_parts; i++)
        owed.pooled = owed.pooled || receivable_account(row, i).fund != row->fund;
    for (size_t i = 0; i < row->n_parts; i++)
        JN_ASSERT(row->parts[i]->setoff_fen >= 0 && row->parts[i]->setoff_fen <= row->parts[i]->left_fen);
    watch(t, &kept);
    jn_put(t, TABLE_RECEIVABLE, JN_KEY(row->number), &kept);
    owed.kind = row->kind;
    owed.fund = row->fund;
    if (receivable_left(row) > 0)
        jn_put(t, TABLE_OWED, payee_key_of(receivable_payee(row), row->number), &owed);
    else
        jn_delete(t, TABLE_OWED, payee_key_of(receivable_payee(row), row->number));
}

void
receivable_open(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, enum balance from)
{
    for (size_t i = 0; i < row->n_parts; i++) {
        row->parts[i]->left_fen = row->parts[i]->amount_fen;
        account_post(t, books, receivable_account(row, i), from, RECEIVABLE, row->parts[i]->amount_fen);
        if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE)
            books->owed_advances_fen += row->parts[i]->amount_fen;
    }
    jn_counter_set(t, COUNTER_RECEIVABLES, row->number);
    receivable_put(t, row);
}

void
receivable_post(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, size_t part, enum balance to,
                uint32_t year, int64_t fen)
{
    Ledger__ReceivablePart *of = row->parts[part];
    struct account account = receivable_account(row, part);

    JN_ASSERT(fen >= 0 && fen <= of->left_fen);
    of->left_fen -= fen;
    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE)
        books->owed_advances_fen -= fen;
    if (to == AVAILABLE) {
        of->returned_fen += fen;
        account_give_back(t, books, account, RECEIVABLE, year, fen);
        return;
    }
    JN_ASSERT(to == ADVANCED || to == WRITTEN_OFF);
    *(to == ADVANCED ? &of->earned_fen : &of->written_off_fen) += fen;
    account_post(t, books, account, RECEIVABLE, to, fen);
}

/* An advance's debt: more of it is owed than was thought. */
void
receivable_grow(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, int64_t fen)
{
    row->parts[0]->amount_fen += fen;
    row->parts[0]->left_fen += fen;
    books->owed_advances_fen += fen;
    account_post(t, books, receivable_account(row, 0), ADVANCED, RECEIVABLE, fen);
    receivable_put(t, row);
}

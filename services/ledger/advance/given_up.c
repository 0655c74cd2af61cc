/* What a rule gives up of an advance that was not earned (按比例追回), 2.10-f. Once the class is settled its advance's
 * rest is owed whole; subsidy says, rule by rule, which part of what its seats have not earned is not asked back. As
 * much of the rest is given up, in that proportion, since claims of other seats have earned a part of it. What has come
 * back already, or is taken off a payment, stays back; what was given up once is not asked for again. */
#include "ledger/accounts/books.h"

#include "ledger/ledger.h"

static int64_t
given_up_by(const Ledger__Receivable *row, uint32_t rule)
{
    for (size_t i = 0; i < row->n_given_up; i++)
        if (row->given_up[i]->rule == rule)
            return row->given_up[i]->amount_fen;
    return 0;
}

/* How much more than it has given up. */
static int64_t
to_give_up(const Ledger__Advance *advance, const Ledger__Receivable *row, const Subsidy__AdvanceShare *share)
{
    int64_t rest = advance->amount_fen - advance->drawn_fen;
    int64_t most = receivable_left(row) - receivable_on_its_way(row), fen;

    if (share->rule == 0 || share->given_up_fen <= 0 || share->given_up_fen > share->unearned_fen ||
        share->unearned_fen > MONEY_FEN_MAX)
        return 0;
    if (rest > share->unearned_fen)
        rest = share->unearned_fen;
    fen = money_share(rest, share->given_up_fen, share->unearned_fen) - given_up_by(row, share->rule);
    return fen < most ? fen : most;
}

static void
give_up(struct jn_decision *d, const Subsidy__AdvanceReckoned *event, const Ledger__Receivable *row,
        const Subsidy__AdvanceShare *share, int64_t fen)
{
    Ledger__WrittenOff given = LEDGER__WRITTEN_OFF__INIT;
    Ledger__WrittenOffPart part = LEDGER__WRITTEN_OFF_PART__INIT, *parts[] = {&part};

    part.account_division = row->parts[0]->account_division;
    part.year = row->parts[0]->year;
    part.amount_fen = fen;
    given.receivable = row->number;
    given.fund = row->fund;
    given.division = row->division;
    given.amount_fen = fen;
    given.n_parts = 1;
    given.parts = parts;
    given.document = event->pack;
    given.day = d->today;
    given.rule = share->rule;
    given.clause = share->clause;
    jn_emit(d, LEDGER__EVENT__BODY_WRITTEN_OFF, &given);
}

/* Before the class is settled nothing is owed; what the bank sent back nobody has had. */
enum jn_code
react_advance_reckoned(struct jn_decision *d, const Subsidy__AdvanceReckoned *event, const struct jn_source *from)
{
    (void)from;
    for (size_t i = 0; i < event->n_shares; i++) {
        const Subsidy__AdvanceShare *share = event->shares[i];
        const Ledger__Advance *advance = advance_get(d->view, event->class_, share->fund, share->institution);
        const Ledger__Receivable *row = advance ? receivable_get(d->view, advance->receivable) : NULL;
        int64_t fen;

        if (!row || !advance->settled || advance->state == LEDGER__ADVANCE_STATE__SENT_BACK)
            continue;
        fen = to_give_up(advance, row, share);
        if (fen > 0)
            give_up(d, event, row, share, fen);
    }
    return JN_OK;
}

void
advance_given_up(struct jn_tables *t, Ledger__Receivable *row, const Ledger__WrittenOff *event)
{
    Ledger__Advance *advance = advance_take(t, row->class_, row->fund, row->institution);
    Ledger__GivenUp **given = jn_take(jn_view_of(t), (row->n_given_up + 1) * sizeof(Ledger__GivenUp *));
    Ledger__GivenUp *more = jn_take(jn_view_of(t), sizeof(*more));
    size_t place = 0;

    for (size_t i = 0; i < row->n_given_up; i++)
        given[i] = row->given_up[i];
    while (place < row->n_given_up && given[place]->rule != event->rule)
        place++;
    *more = (Ledger__GivenUp)LEDGER__GIVEN_UP__INIT;
    more->rule = event->rule;
    more->amount_fen = event->amount_fen + (place < row->n_given_up ? given[place]->amount_fen : 0);
    given[place] = more;
    row->n_given_up += place == row->n_given_up;
    row->given_up = given;
    advance->given_up_fen += event->amount_fen;
    advance_put(t, row->class_, row->fund, row->institution, advance);
}

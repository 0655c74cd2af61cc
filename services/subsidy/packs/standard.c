/* Standards (补贴标准) that the city and province-administered counties set, each from its day on, 2.10-d. */
#include <string.h>

#include "domain/money.h"
#include "subsidy/nouns.h"

#define DOCUMENT_BYTES_MAX 200

static struct jn_key
standard_key(uint32_t division, int item, uint32_t level, int32_t from_day)
{
    return JN_KEY(division, (uint64_t)item, level, day_down(from_day));
}

/* In the unit of the item's standard: fen, or hundredths of a percent. */
static int64_t
amount_of(const Subsidy__Standard *row)
{
    return row->rate_bp ? row->rate_bp : row->amount_fen;
}

static enum jn_code
standard_shape(struct jn_decision *d, const Policy__Pack *pack, const Subsidy__Standard *row)
{
    bool rate = pack_standard_is_rate(pack, (int)row->item);

    if (row->item < 1 || row->item >= ITEMS)
        return jn_refuse(d, JN_MALFORMED, "give the item (补贴项目) of the standard");
    if (row->level > 5)
        return jn_refuse(d, JN_MALFORMED, "a level is 5 to 1, or 0 where the standard has none");
    if (!day_known(row->from_day))
        return jn_refuse(d, JN_MALFORMED, "give the day from which the standard holds (执行日期)");
    if (strlen(row->document) > DOCUMENT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "a document's number (文号) has %d bytes at most", DOCUMENT_BYTES_MAX);
    if (rate ? row->rate_bp == 0 || row->amount_fen != 0 : row->rate_bp != 0)
        return jn_refuse(d, JN_MALFORMED, "the standard of %s is %s: give that alone",
                         pack_item_name(pack, (int)row->item), rate ? "a rate (比例)" : "an amount (金额)");
    if (row->amount_fen < 0 || row->amount_fen > MONEY_FEN_MAX)
        return jn_refuse(d, JN_MALFORMED, "an amount is more than zero and at most 10^15 fen");
    return JN_OK;
}

static enum jn_code
set_standard(struct jn_decision *d, const Subsidy__Standard *row)
{
    Subsidy__StandardsSet event = SUBSIDY__STANDARDS_SET__INIT;
    struct pack_choice choice = {0};
    Subsidy__Standard *rows[] = {(Subsidy__Standard *)(uintptr_t)row};
    char text[400];
    enum jn_code code;
    const char *fault;

    if (!jn_in_scope_division(d->who, row->division))
        return jn_refuse(d, JN_DENIED, "division %u is not in this key's scope", row->division);
    if (!pack_on(d->view, row->from_day, &choice))
        return jn_refuse(d, JN_WRONG_STATE, "no policy pack has been adopted: caps and floors are not known yet");
    code = standard_shape(d, choice.pack, row);
    if (code != JN_OK)
        return code;
    switch (division_standing(d->view, choice.pack, row->division)) {
    case DIVISION_UNKNOWN:
        return jn_refuse(d, JN_NOT_FOUND, "division %u is not known: set divisions first", row->division);
    case DIVISION_KNOWN:
        return jn_refuse(d, JN_REFUSED,
                         "clause 2.10-d: division %u is neither the city nor province-administered (省直管)",
                         row->division);
    case DIVISION_SETS_STANDARDS:
        break;
    }
    fault = pack_standard_fault_on(choice.pack, row->from_day, (int)row->item, row->level, amount_of(row), text,
                                   sizeof(text));
    if (fault)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%s", fault);
    if (jn_has(d->view, TABLE_STANDARD, standard_key(row->division, (int)row->item, row->level, row->from_day)))
        return jn_refuse(d, JN_ALREADY_EXISTS,
                         "a standard for that division, item and level from that day is there already");
    code = settlement_awaits(d, row->from_day);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.n_rows = 1;
    event.rows = rows;
    return jn_emit(d, EVENT_STANDARDS_SET, &event);
}

enum jn_code
decide_set_standards(struct jn_decision *d, const Subsidy__SetStandards *command)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, command->n_rows, NULL);

    for (size_t i = 0; code == JN_OK && i < command->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, set_standard(d, command->rows[i]));
    }
    return code == JN_OK ? bulk_reply(&bulk) : code;
}

void
apply_standards_set(struct jn_tables *t, const Subsidy__StandardsSet *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__Standard *set = event->rows[i];
        Subsidy__FigureRow row = SUBSIDY__FIGURE_ROW__INIT;

        row.amount = amount_of(set);
        row.document = set->document;
        jn_put(t, TABLE_STANDARD, standard_key(set->division, (int)set->item, set->level, set->from_day), &row);
    }
}

/* A standard that was within the limits of the pack before, and is not within this one's, does not hold under it. */
static bool
standard_look_up(const struct figures *figures, int item, uint32_t level, uint32_t division, int32_t day,
                 int64_t *amount)
{
    char text[400];
    struct jn_key found;
    const Subsidy__FigureRow *row =
        jn_first(figures->view, TABLE_STANDARD, standard_key(division, item, level, day), 3 * sizeof(uint64_t), &found);

    if (!row || pack_standard_fault_on(figures->pack, day, item, level, row->amount, text, sizeof(text)))
        return false;
    *amount = row->amount;
    return true;
}

bool
standard_in_force(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount)
{
    struct figures *figures = (struct figures *)(uintptr_t)context;
    bool city = division == figures->pack->division;
    struct figure_memo *memo;

    if (item < 1 || item >= ITEMS || level > 5)
        return false;
    memo = &figures->standards[city][item][level];
    if (!memo->state)
        memo->state = standard_look_up(figures, item, level, division, day, &memo->amount) ? 1 : 2;
    *amount = memo->amount;
    return memo->state == 1;
}

/* Reference figures (参照标准) that others publish: the grant of secondary schools, the least unemployment benefit. */
#include <string.h>

#include "domain/money.h"
#include "subsidy/nouns.h"

static struct jn_key
name_key(const char *name)
{
    return jn_key_bytes(name, strlen(name));
}

/* 0 where the name was never given a figure. */
static uint64_t
name_number(const struct jn_view *view, const char *name)
{
    const Subsidy__NumberRow *row = jn_get(view, TABLE_REFERENCE_NAME, name_key(name));

    return row ? row->number : 0;
}

static enum jn_code
set_reference(struct jn_decision *d, const Subsidy__Reference *row)
{
    Subsidy__ReferencesSet event = SUBSIDY__REFERENCES_SET__INIT;
    Subsidy__Reference *rows[] = {(Subsidy__Reference *)(uintptr_t)row};
    struct pack_choice choice = {0};
    uint64_t number;
    enum jn_code code;

    if (!*row->name || strlen(row->name) > PACK_NAME_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the figure's name, %d bytes at most", PACK_NAME_MAX);
    if (!day_known(row->from_day))
        return jn_refuse(d, JN_MALFORMED, "give the day from which the figure holds (执行日期)");
    if (row->amount_fen <= 0 || row->amount_fen > MONEY_FEN_MAX)
        return jn_refuse(d, JN_MALFORMED, "an amount is more than zero and at most 10^15 fen");
    if (!jn_in_scope_division(d->who, row->division))
        return jn_refuse(d, JN_DENIED, "division %u is not in this key's scope", row->division);
    if (!pack_on(d->view, row->from_day, &choice))
        return jn_refuse(d, JN_WRONG_STATE, "no policy pack has been adopted: the figures it needs are not known yet");
    if (!packs_know_reference(d->view, row->name))
        return jn_refuse(d, JN_NOT_FOUND, "no policy pack asks for a figure of that name");
    if (division_standing(d->view, choice.pack, row->division) == DIVISION_UNKNOWN)
        return jn_refuse(d, JN_NOT_FOUND, "division %u is not known: set divisions first", row->division);
    number = name_number(d->view, row->name);
    if (number && jn_has(d->view, TABLE_REFERENCE, JN_KEY(number, row->division, day_down(row->from_day))))
        return jn_refuse(d, JN_ALREADY_EXISTS,
                         "a figure of that name for that division from that day is there already");
    code = settlement_awaits(d, row->from_day);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.n_rows = 1;
    event.rows = rows;
    return jn_emit(d, EVENT_REFERENCES_SET, &event);
}

enum jn_code
decide_set_references(struct jn_decision *d, const Subsidy__SetReferences *command)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, command->n_rows, NULL);

    for (size_t i = 0; code == JN_OK && i < command->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, set_reference(d, command->rows[i]));
    }
    return code == JN_OK ? bulk_reply(&bulk) : code;
}

static uint64_t
name_keep(struct jn_tables *t, const char *name)
{
    const struct jn_view *view = jn_view_of(t);
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    row.number = name_number(view, name);
    if (row.number)
        return row.number;
    row.number = jn_counter(view, COUNTER_REFERENCE_NAME) + 1;
    jn_counter_set(t, COUNTER_REFERENCE_NAME, row.number);
    jn_put(t, TABLE_REFERENCE_NAME, name_key(name), &row);
    return row.number;
}

void
apply_references_set(struct jn_tables *t, const Subsidy__ReferencesSet *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__Reference *set = event->rows[i];
        Subsidy__FigureRow row = SUBSIDY__FIGURE_ROW__INIT;

        row.amount = set->amount_fen;
        jn_put(t, TABLE_REFERENCE, JN_KEY(name_keep(t, set->name), set->division, day_down(set->from_day)), &row);
    }
}

static bool
reference_look_up(const struct figures *figures, const char *name, uint32_t division, int32_t day, int64_t *amount_fen)
{
    uint64_t number = name_number(figures->view, name);
    const Subsidy__FigureRow *row;
    struct jn_key found;

    if (!number)
        return false;
    row =
        jn_first(figures->view, TABLE_REFERENCE, JN_KEY(number, division, day_down(day)), 2 * sizeof(uint64_t), &found);
    if (row)
        *amount_fen = row->amount;
    return row != NULL;
}

/* The name is one of the pack's own texts: its place is found without comparing letters. */
static struct figure_memo *
memo_of(struct figures *figures, const char *name, bool city)
{
    for (size_t i = 0; i < figures->pack->n_references && i < PACK_LIST_MAX; i++)
        if (figures->pack->references[i]->name == name)
            return &figures->references[city][i];
    return NULL;
}

bool
reference_in_force(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount_fen)
{
    struct figures *figures = (struct figures *)(uintptr_t)context;
    struct figure_memo *memo = memo_of(figures, name, division == figures->pack->division);

    if (!memo)
        return reference_look_up(figures, name, division, day, amount_fen);
    if (!memo->state)
        memo->state = reference_look_up(figures, name, division, day, &memo->amount) ? 1 : 2;
    *amount_fen = memo->amount;
    return memo->state == 1;
}

struct policy_view
figures_open(struct figures *figures, const struct jn_view *view, const Policy__Pack *pack)
{
    *figures = (struct figures){.view = view, .pack = pack};
    return (struct policy_view){
        .pack = pack, .standard = standard_in_force, .reference = reference_in_force, .context = figures};
}

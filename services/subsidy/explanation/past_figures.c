/* The figures that a seat was settled by (当时的标准与参数): what the traces tell of them; what only a changed fact
 * asks for is looked up. */
#include <string.h>

#include "subsidy/explanation/past.h"
#include "subsidy/nouns.h"

/* ---- Figures that are known ---- */

static Policy__Figure *
figure_find(struct past *past, const Policy__Figure *sought)
{
    for (size_t i = 0; i < past->figures_count; i++) {
        Policy__Figure *figure = &past->figures[i];

        if (figure->item == sought->item && figure->level == sought->level && figure->reference == sought->reference &&
            !figure->city == !sought->city && figure->day == sought->day)
            return figure;
    }
    return NULL;
}

static void
figure_keep(struct past *past, const Policy__Figure *sought, const int64_t *amount)
{
    Policy__Figure *figure = &past->figures[past->figures_count];

    if (past->figures_count == PAST_FIGURES || figure_find(past, sought))
        return;
    *figure = *sought;
    figure->none = !amount;
    figure->amount = amount ? *amount : 0;
    past->figures_count++;
}

/* On another day than the training's: one that only a changed fact asks for. */
static Policy__Figure
figure_of(const struct past *past, int item, uint32_t level, uint32_t division, int32_t day)
{
    Policy__Figure figure = POLICY__FIGURE__INIT;

    figure.item = (Common__Item)item;
    figure.level = level;
    figure.city = division != past->class->division;
    figure.day = day == past->judgement.facts.day ? 0 : day;
    return figure;
}

/* What one step tells of the figures that were in force, and of those that were not: the division's own was looked for
 * before the city's. */
static void
learn_step(struct past *past, int item, uint32_t step, int64_t value)
{
    unsigned event = step >> 8 & 0xff, index = step & 0xff;
    bool standard = event >= POLICY__EVENT__OWN_STANDARD && event <= POLICY__EVENT__NO_STANDARD;
    bool reference = event >= POLICY__EVENT__OWN_REFERENCE && event <= POLICY__EVENT__NO_REFERENCE;
    bool own = event == POLICY__EVENT__OWN_STANDARD || event == POLICY__EVENT__OWN_REFERENCE;
    bool city = event == POLICY__EVENT__CITY_STANDARD || event == POLICY__EVENT__CITY_REFERENCE;
    Policy__Figure figure = POLICY__FIGURE__INIT;

    if (!standard && !reference)
        return;
    figure.item = (Common__Item)(standard ? item : 0);
    figure.level = standard ? index : 0;
    figure.reference = reference ? index : 0;
    figure_keep(past, &figure, own ? &value : NULL);
    figure.city = true;
    if (!own && past->class->division != past->pack->division)
        figure_keep(past, &figure, city ? &value : NULL);
}

static void
learn(struct past *past, uint32_t seat, int item, uint32_t of_seat, const Subsidy__Trace *trace)
{
    for (size_t i = 0; of_seat == seat && trace && i < trace->n_steps && i < trace->n_values; i++)
        learn_step(past, item, trace->steps[i], trace->values[i]);
}

static void
learn_settled(struct past *past, uint32_t seat, const Subsidy__Settled *settled)
{
    for (size_t i = 0; settled && i < settled->n_claims; i++)
        learn(past, seat, (int)settled->claims[i]->item, settled->claims[i]->seat, settled->claims[i]->trace);
    for (size_t i = 0; settled && i < settled->n_refused; i++)
        learn(past, seat, (int)settled->refused[i]->item, settled->refused[i]->seat, settled->refused[i]->trace);
}

/* What was reckoned again first: of what it left as it was the settlement tells. */
void
past_learn(struct past *past, uint32_t seat)
{
    for (size_t i = 0; past->row && i < past->reassessed->n_rows; i++)
        learn(past, seat, (int)past->reassessed->rows[i]->item, past->reassessed->rows[i]->seat,
              past->reassessed->rows[i]->trace);
    learn_settled(past, seat, past->settled);
    learn_settled(past, seat, past->first);
}

/* ---- What a pack asks for ---- */

static struct figures *
live_on(struct past *past, int32_t day)
{
    if (past->live_day != day)
        figures_open(&past->live, past->judgement.view, past->pack);
    past->live_day = day;
    return &past->live;
}

bool
past_standard(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount)
{
    struct past *past = (struct past *)(uintptr_t)context;
    Policy__Figure sought = figure_of(past, item, level, division, day);
    const Policy__Figure *known = figure_find(past, &sought);
    bool in_force;

    if (known) {
        *amount = known->amount;
        return !known->none;
    }
    in_force = standard_in_force(live_on(past, day), item, level, division, day, amount);
    figure_keep(past, &sought, in_force ? amount : NULL);
    return in_force;
}

bool
past_reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount_fen)
{
    struct past *past = (struct past *)(uintptr_t)context;
    Policy__Figure sought = figure_of(past, 0, 0, division, day);
    const Policy__Figure *known;
    bool in_force;

    for (size_t i = 0; i < past->pack->n_references; i++)
        if (!strcmp(past->pack->references[i]->name, name))
            sought.reference = (uint32_t)i + 1;
    known = figure_find(past, &sought);
    if (known) {
        *amount_fen = known->amount;
        return !known->none;
    }
    in_force = reference_in_force(live_on(past, day), name, division, day, amount_fen);
    figure_keep(past, &sought, in_force ? amount_fen : NULL);
    return in_force;
}

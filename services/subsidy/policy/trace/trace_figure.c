/* Where the figure of a step came from, as words: bands and rows of tables, facts, what was paid ahead. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/trace/sentence.h"

/* ---- What is known around the step ---- */

static bool
fact_known(const struct sentence *s, Policy__Fact fact, int64_t *value)
{
    int64_t values[POLICY_FACT_COUNT];
    uint64_t known;

    if (!s->place || !s->place->facts || fact == POLICY__FACT__MONTHS_LEFT)
        return false;
    known = facts_values(s->place->facts, s->pack, values);
    *value = values[fact];
    return known & POLICY_BIT(fact);
}

/* What stood before the step. */
static bool
stood_before(const struct sentence *s, int64_t *value)
{
    for (size_t i = s->place ? s->place->at : 0; i-- > 0;) {
        const struct trace_step *step = &s->place->steps[i];

        if (step->item != s->step->item || step->rule != s->step->rule || step->event != POLICY__EVENT__FIGURE)
            continue;
        *value = step->value;
        return true;
    }
    return false;
}

/* What the step multiplied by. */
static bool
factor_of(const struct sentence *s, const Policy__Step *step, int64_t *value)
{
    int64_t before = 0;

    if (step->verb != POLICY__VERB__TIMES || !stood_before(s, &before) || before == 0)
        return false;
    *value = s->step->value / before;
    return s->step->value % before == 0;
}

/* ---- Tables ---- */

/* "10 x 50.00 + 2 x 30.00". */
static void
bands_text(const struct sentence *s, const Policy__Table *table, int64_t value, char *buf)
{
    char money[MONEY_TEXT];
    size_t used = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < table->n_rows && table->rows[i]->at_least <= value && used < VALUE_TEXT; i++) {
        bool last = i + 1 == table->n_rows || table->rows[i + 1]->at_least > value;
        int64_t end = last ? value : table->rows[i + 1]->at_least - 1;

        used += (size_t)snprintf(buf + used, VALUE_TEXT - used, either(s, "%s%" PRId64 " x %s", "%s%" PRId64 "×%s"),
                                 i > 0 ? either(s, " + ", "+") : "", end - table->rows[i]->at_least + 1,
                                 money_format(table->rows[i]->amount_fen, money));
    }
}

/* Where the fact is not known: how many units come to the figure. False where more than one number does, or none. */
static bool
units_of(const Policy__Table *table, int64_t figure, int64_t *value)
{
    int64_t sum = 0;

    for (size_t i = 0; i < table->n_rows; i++) {
        const Policy__Row *row = table->rows[i];
        bool last = i + 1 == table->n_rows;
        int64_t units = last ? POLICY_HOURS_MAX : table->rows[i + 1]->at_least - row->at_least, band;

        if (row->amount_fen <= 0 || figure <= sum)
            return false;
        if (!money_mul(row->amount_fen, units, &band) || figure - sum <= band) {
            *value = row->at_least - 1 + (figure - sum) / row->amount_fen;
            return (figure - sum) % row->amount_fen == 0;
        }
        sum += band;
    }
    return false;
}

/* The row that the figure is of: by the fact, or the one row that comes to it. */
static const Policy__Row *
row_of(const struct sentence *s, const Policy__Table *table, const Policy__Step *step)
{
    const Policy__Row *found = NULL;
    int64_t value, before = 0, comes;

    if (fact_known(s, table->by, &value))
        return table_row(table, value);
    if (step->verb == POLICY__VERB__RATE && !stood_before(s, &before))
        return NULL;
    if (step->verb != POLICY__VERB__RATE && step->verb != POLICY__VERB__TAKE)
        return NULL;
    for (size_t i = 0; i < table->n_rows; i++) {
        comes = table->rows[i]->amount_fen;
        if (step->verb == POLICY__VERB__RATE && !money_rate(before, comes, &comes))
            continue;
        if (comes != s->step->value)
            continue;
        if (found)
            return NULL;
        found = table->rows[i];
    }
    return found;
}

/* "class-hours of the course 90, from 90 on". */
static void
row_text(const struct sentence *s, const Policy__Table *table, const Policy__Row *row, char *buf)
{
    int64_t mask = (int64_t)row->any_of, has;
    char words[VALUE_TEXT];

    if (row->any_of) {
        fact_text(s, table->by, fact_known(s, table->by, &has) && (has & mask) ? has & mask : mask, words);
        snprintf(buf, VALUE_TEXT, either(s, "%s: %.200s", "%s：%.200s"), fact_name(s, table->by), words);
        return;
    }
    snprintf(buf, VALUE_TEXT, either(s, "%s: the row from %" PRId64 " on", "%s：%" PRId64 "起的一档"),
             fact_name(s, table->by), row->at_least);
}

static void
table_how(const struct sentence *s, const Policy__Table *table, const Policy__Step *step, char *buf)
{
    bool percent = table->unit == POLICY__UNIT__PERCENT;
    char bands[VALUE_TEXT], money[MONEY_TEXT];
    const Policy__Row *row;
    int64_t value;

    if (table->graduated) {
        if (!fact_known(s, table->by, &value) &&
            (step->verb != POLICY__VERB__TAKE || !units_of(table, s->step->value, &value)))
            return;
        bands_text(s, table, value, bands);
        snprintf(buf, VALUE_TEXT, either(s, " (%s %" PRId64 ": %.330s)", "（%s%" PRId64 "：%.330s）"),
                 fact_name(s, table->by), value, bands);
        return;
    }
    row = row_of(s, table, step);
    if (!row)
        return;
    row_text(s, table, row, bands);
    snprintf(buf, VALUE_TEXT, either(s, " (%.250s, %s%s)", "（%.250s，%s%s）"), bands,
             money_format(row->amount_fen, money), percent ? " %" : either(s, " yuan", "元"));
}

/* ---- Any step ---- */

const char *
figure_how(const struct sentence *s, const Policy__Step *step, char *buf)
{
    char text[VALUE_TEXT];
    int64_t value;

    buf[0] = '\0';
    if (step->source == POLICY__SOURCE__TABLE && s->rule->table)
        table_how(s, s->rule->table, step, buf);
    if (step->source == POLICY__SOURCE__NAMED_TABLE && step->reference >= 1 && step->reference <= s->rule->n_tables)
        table_how(s, s->rule->tables[step->reference - 1], step, buf);
    if (step->source == POLICY__SOURCE__FACT_VALUE && step->verb != POLICY__VERB__TAKE &&
        (fact_known(s, step->fact, &value) || factor_of(s, step, &value)))
        snprintf(buf, VALUE_TEXT, either(s, " (%.300s)", "（%.300s）"), fact_text(s, step->fact, value, text));
    return buf;
}

/* ---- What is asked back ---- */

/* What the item came to before the recovery. */
static int64_t
earned(const struct sentence *s)
{
    const struct trace_place *place = s->place;
    int64_t fen = 0;

    if (trace_refusing(s->pack, place->steps, place->at, s->step->item))
        return 0;
    for (size_t i = 0; i < place->at; i++)
        if (place->steps[i].item == s->step->item &&
            (place->steps[i].event == POLICY__EVENT__FIGURE || place->steps[i].event == POLICY__EVENT__CUT))
            fen = place->steps[i].value;
    return fen;
}

static int64_t
paid_ahead(const struct facts *facts, int item)
{
    int64_t sum = 0;

    for (uint32_t i = 0; i < facts->history_count; i++)
        if (facts->history[i].advance && facts->history[i].item == item &&
            !money_add(sum, facts->history[i].amount_fen, &sum))
            return 0;
    return sum;
}

void
recovers_text(struct sentence *s, char *buf)
{
    const struct facts *facts = s->place ? s->place->facts : NULL;
    int64_t ahead = facts ? paid_ahead(facts, s->step->item) : 0, had = facts ? earned(s) : 0, back;
    char money[MONEY_TEXT], share[MONEY_TEXT], paid[MONEY_TEXT], of[MONEY_TEXT], rest[MONEY_TEXT];

    if (!s->rule->recovery)
        return;
    money_format(s->step->value, money);
    money_format(s->rule->recovery->share_bp, share);
    if (ahead <= had || !money_rate(ahead - had, s->rule->recovery->share_bp, &back) || back != s->step->value) {
        snprintf(buf, TRACE_SENTENCE_MAX,
                 either(s, "of what was paid ahead and not earned %s %% is asked back: %s yuan.",
                        "预拨未获得部分按%s%%追回，计%s元。"),
                 share, money);
        return;
    }
    snprintf(buf, TRACE_SENTENCE_MAX,
             either(s, "%s yuan were paid ahead and %s are earned; of the other %s yuan %s %% is asked back: %s yuan.",
                    "已预拨%s元，应得%s元，其余%s元按%s%%追回，计%s元。"),
             money_format(ahead, paid), money_format(had, of), money_format(ahead - had, rest), share, money);
}

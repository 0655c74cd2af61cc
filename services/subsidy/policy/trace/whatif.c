/* What would have to be different: changed facts, one at a time, put to the pack again. */
#include "subsidy/policy/trace/whatif_search.h"

#include <stddef.h>
#include <string.h>

#include "subsidy/policy/pack.h"

bool
whatif_try(struct whatif_search *search, const struct facts *facts)
{
    return evaluate(search->view, facts, &search->tried) && search->tried.benefits[search->item].state != BENEFIT_NONE;
}

void
whatif_keep(struct whatif_search *search, struct whatif whatif)
{
    const struct benefit *benefit = &search->tried.benefits[search->item];

    if (search->count == WHATIF_MAX)
        return;
    whatif.state = benefit->state;
    whatif.reason = benefit->reason;
    whatif.amount_fen = benefit->amount_fen;
    search->list[search->count++] = whatif;
}

bool
whatif_due(const struct whatif_search *search)
{
    return search->tried.benefits[search->item].state == BENEFIT_DUE;
}

/* ---- One fact changed ---- */

#define PLACE(member)                                                                                                  \
    {                                                                                                                  \
        offsetof(struct facts, member), sizeof(((struct facts *)0)->member)                                            \
    }

/* By policy.Fact: where it lies among the facts; size 0 where it cannot be set by itself. */
static const struct {
    size_t offset, size;
} places[POLICY_FACT_COUNT] = {
    [POLICY__FACT__CLASS] = PLACE(class_kind),
    [POLICY__FACT__HOUSEHOLD] = PLACE(household),
    [POLICY__FACT__EMPLOYER] = PLACE(employer),
    [POLICY__FACT__LEVEL] = PLACE(level),
    [POLICY__FACT__LIVING_ALLOWANCE] = PLACE(living_allowance),
    [POLICY__FACT__EMPLOYER_INSURED] = PLACE(employer_insured),
    [POLICY__FACT__PROJECT_BASED] = PLACE(project_based),
    [POLICY__FACT__ENTERPRISE_SCHOOL] = PLACE(enterprise_school),
    [POLICY__FACT__COST] = PLACE(cost_fen),
    [POLICY__FACT__DAYS] = PLACE(days),
    [POLICY__FACT__MONTHS] = PLACE(months),
    [POLICY__FACT__YEARS] = PLACE(years),
    [POLICY__FACT__INSURED_MONTHS] = PLACE(insured_months),
    [POLICY__FACT__EMPLOYED_MONTHS] = PLACE(employed_months),
    [POLICY__FACT__AGE] = PLACE(age),
    [POLICY__FACT__SEX] = PLACE(sex),
    [POLICY__FACT__HOURS] = PLACE(hours),
    [POLICY__FACT__CONTRIBUTION_MONTHS] = PLACE(contribution_months),
};

/* A word's or a level's number, a truth, a count, fen. */
static bool
set_fact(struct facts *facts, int fact, int64_t value)
{
    uint8_t *at = (uint8_t *)facts + places[fact].offset;
    int32_t number = (int32_t)value;

    if (places[fact].size == sizeof(int64_t))
        memcpy(at, &value, sizeof(value));
    else if (places[fact].size == sizeof(number))
        memcpy(at, &number, sizeof(number));
    else if (places[fact].size == 1)
        *at = (uint8_t)value;
    if (fact == POLICY__FACT__CONTRIBUTION_MONTHS) {
        facts->contribution_known = true;
        facts->contributions_count = 0; /* in time for every rule */
    }
    return places[fact].size > 0;
}

static bool
try_fact(struct whatif_search *search, int fact, int64_t value)
{
    struct facts facts = *search->facts;

    return set_fact(&facts, fact, value) && whatif_try(search, &facts);
}

/* ---- Certificates ---- */

static bool
carries_level(int kind)
{
    return kind == COMMON__CERTIFICATE_KIND__QUALIFICATION || kind == COMMON__CERTIFICATE_KIND__SKILL_LEVEL;
}

static bool
try_certificate(struct whatif_search *search, int kind, int level)
{
    struct facts facts = *search->facts;

    if (!facts.certificate)
        facts.certificate_day = facts.day;
    facts.certificate = (uint8_t)kind;
    facts.certificate_level = (uint8_t)(carries_level(kind) ? level : 0);
    return whatif_try(search, &facts);
}

/* Kinds that come to the same amount are told together; a level is the one that was trained for, or the first that
 * does. */
static void
look_for_certificate(struct whatif_search *search, uint64_t kinds)
{
    int level = search->facts->level ? search->facts->level : 5;

    for (int kind = 1; kind <= COMMON__CERTIFICATE_KIND__COMPLETION; kind++) {
        struct whatif *last = search->count ? &search->list[search->count - 1] : NULL;

        if (!(kinds & POLICY_BIT(kind)) || !try_certificate(search, kind, level))
            continue;
        if (last && last->kind == WHATIF_CERTIFICATE &&
            last->amount_fen == search->tried.benefits[search->item].amount_fen &&
            last->reason == search->tried.benefits[search->item].reason)
            last->mask |= POLICY_BIT(kind);
        else
            whatif_keep(search, (struct whatif){.kind = WHATIF_CERTIFICATE, .mask = POLICY_BIT(kind)});
    }
}

/* Another level of the certificate that there is; levels that come to the same amount are told together. */
void
whatif_level(struct whatif_search *search)
{
    const struct facts *facts = search->facts;
    size_t first = search->count;

    for (int level = 5; facts->certificate_level && level >= 1; level--) {
        size_t at = first;

        if (level == facts->certificate_level || !try_certificate(search, facts->certificate, level) ||
            !whatif_due(search) ||
            search->tried.benefits[search->item].amount_fen == search->base.benefits[search->item].amount_fen)
            continue;
        while (at < search->count && search->list[at].amount_fen != search->tried.benefits[search->item].amount_fen)
            at++;
        if (at == search->count)
            whatif_keep(search, (struct whatif){.kind = WHATIF_CERTIFICATE, .mask = POLICY_BIT(facts->certificate)});
        if (at < search->count)
            search->list[at].to |= (int64_t)POLICY_BIT(level);
    }
}

/* ---- What is refused ---- */

/* Each word that would do, where it is one of the person's or the training's own. */
static void
look_for_word(struct whatif_search *search, const Policy__Condition *condition, int64_t has)
{
    uint64_t words =
        condition->any_of ? condition->any_of : fact_mask(search->view->pack, condition->fact) & ~condition->none_of;

    for (int word = 1; word < 64; word++)
        if ((words & POLICY_BIT(word)) && try_fact(search, (int)condition->fact, word))
            whatif_keep(search, (struct whatif){.kind = WHATIF_FACT,
                                                .fact = (uint8_t)condition->fact,
                                                .from = has,
                                                .to = (int64_t)POLICY_BIT(word)});
}

static void
look_at_requirement(struct whatif_search *search, const struct trace_step *decisive)
{
    const Policy__Rule *rule = pack_rule_numbered(search->view->pack, decisive->rule);
    const Policy__Condition *condition =
        rule && decisive->index < rule->n_requires ? rule->requires[decisive->index] -> condition
                                                   : NULL;
    int64_t to;

    if (!condition || condition->none_of)
        return;
    if (condition->fact == POLICY__FACT__MONTHS_LEFT) {
        whatif_history(search, decisive);
        return;
    }
    if (condition->fact == POLICY__FACT__CERTIFICATE) {
        look_for_certificate(search,
                             condition->any_of ? condition->any_of : fact_mask(search->view->pack, condition->fact));
        return;
    }
    if (condition->none_of || condition->any_of) {
        look_for_word(search, condition, decisive->value);
        return;
    }
    to = condition->at_least ? condition->at_least : condition->at_most;
    if (try_fact(search, (int)condition->fact, to))
        whatif_keep(
            search,
            (struct whatif){.kind = WHATIF_FACT, .fact = (uint8_t)condition->fact, .from = decisive->value, .to = to});
}

/* A table without a reason of its own says what a standard that nobody set says. */
static bool
of_table(const struct whatif_search *search, const struct trace_step *decisive)
{
    const Policy__Rule *rule = pack_rule_numbered(search->view->pack, decisive->rule);

    return decisive->event == POLICY__EVENT__NO_ROW ||
           (decisive->event == POLICY__EVENT__NO_STANDARD && rule && !rule->standard);
}

/* The first row of a table by a number, where it was not reached. */
static bool
try_row(struct whatif_search *search, const Policy__Table *table)
{
    int64_t values[POLICY_FACT_COUNT], to;

    if (!table || table->rows[0]->any_of)
        return false;
    facts_values(search->facts, search->view->pack, values);
    to = table->rows[0]->at_least;
    if (values[table->by] >= to || !try_fact(search, (int)table->by, to) ||
        (!whatif_due(search) &&
         search->tried.benefits[search->item].reason == search->base.benefits[search->item].reason))
        return false; /* the last: another row is missing, too */
    whatif_keep(search,
                (struct whatif){.kind = WHATIF_FACT, .fact = (uint8_t)table->by, .from = values[table->by], .to = to});
    return true;
}

static bool
look_for_row(struct whatif_search *search, const struct trace_step *decisive)
{
    const Policy__Rule *rule = pack_rule_numbered(search->view->pack, decisive->rule);
    bool found;

    if (!rule || !of_table(search, decisive))
        return false;
    found = try_row(search, rule->table);
    for (size_t i = 0; i < rule->n_tables; i++)
        found = try_row(search, rule->tables[i]) || found;
    return found;
}

static void
explain_refusal(struct whatif_search *search)
{
    const struct trace_step *decisive =
        trace_refusing(search->view->pack, search->base.trace, search->base.trace_count, search->item);

    if (search->base.benefits[search->item].reason == COMMON__REASON__OUTCOME_TOO_LATE) {
        whatif_in_time(search);
        return;
    }
    if (!decisive)
        return;
    if (decisive->event == POLICY__EVENT__UNMET)
        look_at_requirement(search, decisive);
    else if (decisive->event == POLICY__EVENT__BITES || decisive->event == POLICY__EVENT__CAP_SPENT)
        whatif_limit(search, decisive);
    else if (decisive->event == POLICY__EVENT__OUT_OF_FORCE)
        whatif_force(search);
    else if (!look_for_row(search, decisive)) {
        /* A figure, a row or a fact that is missing: what would be due hangs on it, and nothing is guessed. */
        search->tried = search->base;
        whatif_keep(search,
                    (struct whatif){.kind = WHATIF_FIGURE,
                                    .fact = decisive->index,
                                    .from = of_table(search, decisive) ? POLICY__EVENT__NO_ROW : decisive->event});
    }
}

/* ---- What is due ---- */

static void
look_for_caps(struct whatif_search *search, const Policy__Rule *rule)
{
    const struct evaluation *base = &search->base;
    int64_t before = 0;

    search->tried = search->base;
    for (uint32_t i = 0; i < base->trace_count; i++) {
        const struct trace_step *step = &base->trace[i];

        if (step->item != search->item || step->event != POLICY__EVENT__FIGURE || step->index >= rule->n_amount)
            continue;
        if (rule->amount[step->index]->verb == POLICY__VERB__AT_MOST && step->value < before &&
            search->count < WHATIF_MAX) {
            whatif_keep(search, (struct whatif){.kind = WHATIF_CAP, .from = step->index, .to = step->value});
            search->list[search->count - 1].amount_fen = before;
        }
        before = step->value;
    }
    for (uint32_t i = 0; i < base->trace_count && search->count < WHATIF_MAX; i++)
        if (base->trace[i].item == search->item && base->trace[i].event == POLICY__EVENT__CUT) {
            whatif_keep(search, (struct whatif){.kind = WHATIF_CAP, .from = -1, .to = base->trace[i].value});
            search->list[search->count - 1].amount_fen = before;
        }
}

/* The next value of a table's number that comes to more, or to less: 0 where there is none. */
static int64_t
next_row(const Policy__Table *table, int64_t value)
{
    if (!table || table->rows[0]->any_of)
        return 0;
    if (table->graduated)
        return value + 1;
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->rows[i]->at_least > value)
            return table->rows[i]->at_least;
    return 0;
}

static const Policy__Table *
table_of(const Policy__Rule *rule, const Policy__Step *step)
{
    if (step->source == POLICY__SOURCE__TABLE)
        return rule->table;
    return step->source == POLICY__SOURCE__NAMED_TABLE && step->reference >= 1 && step->reference <= rule->n_tables
               ? rule->tables[step->reference - 1]
               : NULL;
}

/* One more of each count that the amount is made of; the next row of each table by a number. */
static void
look_for_more(struct whatif_search *search, const Policy__Rule *rule)
{
    int64_t values[POLICY_FACT_COUNT];

    facts_values(search->facts, search->view->pack, values);
    for (size_t i = 0; i < rule->n_amount; i++) {
        const Policy__Step *step = rule->amount[i];
        const Policy__Table *table = table_of(rule, step);
        bool counts = step->source == POLICY__SOURCE__FACT_VALUE && fact_words[step->fact].form == FACT_NUMBER;
        Policy__Fact fact = table ? table->by : step->fact;
        int64_t to = counts ? values[fact] + 1 : next_row(table, values[fact]);

        if (!to || !try_fact(search, (int)fact, to) || !whatif_due(search) ||
            search->tried.benefits[search->item].amount_fen == search->base.benefits[search->item].amount_fen)
            continue;
        whatif_keep(search,
                    (struct whatif){.kind = WHATIF_FACT, .fact = (uint8_t)fact, .from = values[fact], .to = to});
    }
}

bool
whatif_find(struct whatif_search *search)
{
    const struct benefit *benefit = &search->base.benefits[search->item];
    const Policy__Rule *rule;

    search->count = 0;
    for (uint32_t i = 0; i < search->facts->history_count; i++)
        search->counts[i] = false;
    if (!evaluate(search->view, search->facts, &search->base) || benefit->state == BENEFIT_NONE)
        return false;
    rule = pack_rule_numbered(search->view->pack, benefit->rule);
    if (benefit->state == BENEFIT_REFUSED) {
        explain_refusal(search);
    } else if (rule) {
        look_for_caps(search, rule);
        whatif_level(search);
        look_for_more(search, rule);
    }
    return true;
}

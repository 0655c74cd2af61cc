/* The steps of a kept trace (计算过程) as sentences, and which of them decided. */
#include "subsidy/explanation/explanation.h"
#include "subsidy/nouns.h"

static const struct trace_step *
steps_read(const struct jn_view *view, int item, const Subsidy__Trace *trace, size_t *count)
{
    size_t steps = !trace ? 0 : trace->n_steps < trace->n_values ? trace->n_steps : trace->n_values;
    struct trace_step *read = jn_take(view, (steps + 1) * sizeof(*read));

    for (size_t i = 0; i < steps; i++)
        read[i] = (struct trace_step){.rule = (uint16_t)(trace->steps[i] >> 16),
                                      .item = (uint8_t)item,
                                      .event = (uint8_t)(trace->steps[i] >> 8),
                                      .index = (uint8_t)trace->steps[i],
                                      .value = trace->values[i]};
    *count = steps;
    return read;
}

static Subsidy__TraceLine *
line_of(const struct jn_decision *d, const Policy__Pack *pack, const struct trace_place *place)
{
    Subsidy__TraceLine *line = jn_take(d->view, sizeof(*line));
    char text[TRACE_SENTENCE_MAX];

    *line = (Subsidy__TraceLine)SUBSIDY__TRACE_LINE__INIT;
    line->en = jn_arena_print(d->arena, "%s", trace_sentence_at(pack, place, TRACE_ENGLISH, text));
    line->zh = jn_arena_print(d->arena, "%s", trace_sentence_at(pack, place, TRACE_CHINESE, text));
    line->clause = (char *)(uintptr_t)trace_clause(pack, &place->steps[place->at]);
    return line;
}

struct told
steps_tell(const struct jn_decision *d, const Policy__Pack *pack, int item, const Subsidy__Trace *trace,
           const struct facts *facts)
{
    struct trace_place place = {.facts = facts};
    struct told told = {NULL, 0};

    if (!pack || !trace)
        return told;
    place.steps = steps_read(d->view, item, trace, &place.count);
    told.lines = jn_take(d->view, (place.count + 1) * sizeof(*told.lines));
    for (place.at = 0; place.at < place.count; place.at++)
        told.lines[told.count++] = line_of(d, pack, &place);
    return told;
}

uint32_t
steps_decider(const struct jn_view *view, const Policy__Pack *pack, const Subsidy__SettledRefusal *refusal,
              const char **clause)
{
    const Policy__Rule *rule = pack_rule_numbered(pack, refusal->rule);
    const struct trace_step *steps, *decider;
    size_t count;

    steps = steps_read(view, (int)refusal->item, refusal->trace, &count);
    decider = trace_refusing(pack, steps, count, (int)refusal->item);
    *clause = decider ? trace_clause(pack, decider) : "";
    if (!**clause)
        *clause = rule ? rule->clause : "";
    return decider ? decider->rule : refusal->rule;
}

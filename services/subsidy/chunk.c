/* A Settled in the making: what the judgement of each seat adds to it, and how much it takes. */
#include "subsidy/nouns.h"

void
chunk_open(struct chunk *chunk, struct judgement *judgement, const Subsidy__ProgressRow *progress)
{
    const Subsidy__ClassNoted *class = judgement->class;
    Subsidy__Settled *settled = &chunk->settled;

    *settled = (Subsidy__Settled)SUBSIDY__SETTLED__INIT;
    chunk->judgement = judgement;
    chunk->fields = 0;
    settled->settlement = jn_counter(judgement->view, COUNTER_SETTLEMENT) + 1;
    settled->class_ = class->class_;
    settled->class_no = class->class_no;
    settled->division = class->division;
    settled->day = class->end_day;
    settled->provider = class->provider;
    settled->employer = class_enterprise(class);
    settled->pack = judgement->policy.pack->id;
    settled->groups = progress->groups;
    settled->women = progress->women;
    settled->claims = chunk->claims;
    settled->refused = chunk->refused;
    settled->unjudged = chunk->unjudged;
}

bool
chunk_full(const struct chunk *chunk)
{
    return chunk->settled.n_claims + ITEMS > CHUNK_CLAIMS_MAX ||
           chunk->settled.n_refused + ITEMS > CHUNK_REFUSALS_MAX || chunk->fields > CHUNK_FIELDS_MAX;
}

Subsidy__Trace *
trace_of(const struct jn_view *view, const struct evaluation *evaluation, int item)
{
    Subsidy__Trace *trace = jn_take(view, sizeof(*trace));
    size_t count = 0;

    *trace = (Subsidy__Trace)SUBSIDY__TRACE__INIT;
    for (uint32_t i = 0; i < evaluation->trace_count; i++)
        count += evaluation->trace[i].item == item;
    trace->steps = jn_take(view, count * sizeof(*trace->steps));
    trace->values = jn_take(view, count * sizeof(*trace->values));
    for (uint32_t i = 0; i < evaluation->trace_count; i++) {
        const struct trace_step *step = &evaluation->trace[i];

        if (step->item != item)
            continue;
        trace->steps[trace->n_steps++] = (uint32_t)step->rule << 16 | (uint32_t)step->event << 8 | step->index;
        trace->values[trace->n_values++] = step->value;
    }
    return trace;
}

static void
add_claim(struct chunk *chunk, const Subsidy__Seat *seat, int item)
{
    const struct jn_view *view = chunk->judgement->view;
    const struct benefit *benefit = &chunk->judgement->evaluation.benefits[item];
    Subsidy__SettledClaim *claim = jn_take(view, sizeof(*claim));

    *claim = (Subsidy__SettledClaim)SUBSIDY__SETTLED_CLAIM__INIT;
    claim->claim = jn_counter(view, COUNTER_CLAIM) + 1 + chunk->settled.n_claims;
    claim->seat = seat->seat;
    claim->person = seat->person;
    claim->item = (Common__Item)item;
    claim->amount_fen = benefit->amount_fen;
    claim->fund = benefit->fund;
    claim->payee = benefit->payee;
    claim->rule = benefit->rule;
    claim->level = chunk->judgement->facts.certificate_level;
    claim->months = (uint32_t)benefit->months;
    claim->trace = trace_of(view, &chunk->judgement->evaluation, item);
    chunk->fields += CHUNK_CLAIM_FIELDS + 2 * claim->trace->n_steps;
    chunk->claims[chunk->settled.n_claims++] = claim;
}

static void
add_refusal(struct chunk *chunk, const Subsidy__Seat *seat, int item)
{
    const struct benefit *benefit = &chunk->judgement->evaluation.benefits[item];
    Subsidy__SettledRefusal *refusal = jn_take(chunk->judgement->view, sizeof(*refusal));

    *refusal = (Subsidy__SettledRefusal)SUBSIDY__SETTLED_REFUSAL__INIT;
    refusal->seat = seat->seat;
    refusal->person = seat->person;
    refusal->item = (Common__Item)item;
    refusal->reason = benefit->reason;
    refusal->rule = benefit->rule;
    refusal->trace = trace_of(chunk->judgement->view, &chunk->judgement->evaluation, item);
    chunk->fields += CHUNK_CLAIM_FIELDS + 2 * refusal->trace->n_steps;
    chunk->refused[chunk->settled.n_refused++] = refusal;
}

void
chunk_add(struct chunk *chunk, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    const struct benefit *benefits = chunk->judgement->evaluation.benefits;

    if (!judge(chunk->judgement, seat, result)) {
        chunk->unjudged[chunk->settled.n_unjudged++] = seat->seat;
        return;
    }
    for (int item = 1; item < ITEMS; item++) {
        if (benefits[item].state == BENEFIT_DUE)
            add_claim(chunk, seat, item);
        if (benefits[item].state == BENEFIT_REFUSED)
            add_refusal(chunk, seat, item);
    }
}

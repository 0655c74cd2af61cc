/* A Settled in the making: what the judgement of each seat adds to it, and how much it takes. */
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

/* A seat adds up to so many claims or refusals, or as many as the pack has rules, if those are more. */
#define SEAT_ITEMS (COMMON__ITEM__ABSORPTION_BONUS + 1)

#define ENTERPRISE_LINE_FIELDS 5

/* Does the pack ask which certificate was paid for? Else the history need not know. */
bool
chunk_by_certificate(const Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_limits; i++)
        if (pack->limits[i]->kind == POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID)
            return true;
    return false;
}

void
chunk_open(struct chunk *chunk, struct judgement *judgement, const Subsidy__ProgressRow *progress)
{
    const Subsidy__ClassNoted *class = judgement->class;
    Subsidy__Settled *settled = &chunk->settled;

    *settled = (Subsidy__Settled)SUBSIDY__SETTLED__INIT;
    chunk->judgement = judgement;
    chunk->aheads = aheads_of(judgement->view, class->class_);
    chunk->fields = 0;
    chunk->by_certificate = chunk_by_certificate(judgement->policy.pack);
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
    settled->idle = chunk->idle;
    chunk->tally = (Subsidy__SeatTally)SUBSIDY__SEAT_TALLY__INIT;
    memset(chunk->losses, 0, sizeof(chunk->losses));
    memset(chunk->reasons, 0, sizeof(chunk->reasons));
    chunk->tally.n_losses = sizeof(chunk->losses) / sizeof(chunk->losses[0]);
    chunk->tally.losses = chunk->losses;
    chunk->tally.n_refused = REASONS;
    chunk->tally.refused = chunk->reasons;
    chunk->revoked = progress->revoked > 0;
    settled->tally = &chunk->tally;
    judgement_class_facts(judgement, &chunk->facts);
    enterprise_tell(judgement, &chunk->facts);
    chunk->fields += ENTERPRISE_LINE_FIELDS * chunk->facts.n_enterprise;
    settled->facts = &chunk->facts;
}

bool
chunk_full(const struct chunk *chunk)
{
    size_t rules = chunk->judgement->policy.pack->n_rules;
    size_t most = rules > SEAT_ITEMS ? rules : SEAT_ITEMS;

    return chunk->settled.n_claims + most > CHUNK_CLAIMS_MAX || chunk->settled.n_refused + most > CHUNK_REFUSALS_MAX ||
           chunk->fields > CHUNK_FIELDS_MAX;
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
    claim->certificate = chunk->by_certificate ? chunk->judgement->facts.certificate_number : 0;
    claim->history = chunk->judgement->history_lines;
    claim->trace = trace_of(view, &chunk->judgement->evaluation, item);
    chunk->fields += CHUNK_CLAIM_FIELDS + chunk->by_certificate + 2 * claim->trace->n_steps;
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
    refusal->history = chunk->judgement->history_lines;
    refusal->awaited_until_day = benefit->await_day;
    refusal->trace = trace_of(chunk->judgement->view, &chunk->judgement->evaluation, item);
    chunk->fields += CHUNK_CLAIM_FIELDS + 2 * refusal->trace->n_steps;
    chunk->refused[chunk->settled.n_refused++] = refusal;
}

/* ---- What became of the seats ---- */

void
chunk_miss(struct chunk *chunk)
{
    chunk->tally.attended++;
    chunk->tally.passed++;
    chunk->losses[SUBSIDY__LOSS__LOSS_NOT_JUDGED]++;
}

static bool
was_revoked(const struct chunk *chunk, const Subsidy__Seat *seat)
{
    const struct judgement *judgement = chunk->judgement;

    return chunk->revoked && result_revoked(judgement->view, judgement->class->class_, seat->seat);
}

/* Nothing is due to it. */
static void
lose(struct chunk *chunk, const Subsidy__Seat *seat, bool certified)
{
    const struct benefit *benefits = chunk->judgement->evaluation.benefits;
    unsigned reason = 0;
    struct lost lost;
    Subsidy__Step after;

    for (int item = 1; item < ITEMS && !reason; item++)
        if (benefits[item].state == BENEFIT_REFUSED)
            reason = benefits[item].reason < REASONS ? benefits[item].reason : 0;
    lost = funnel_lost(seat, reason, certified);
    if (lost.loss == SUBSIDY__LOSS__LOSS_NO_CERTIFICATE && was_revoked(chunk, seat))
        lost.loss = SUBSIDY__LOSS__LOSS_REVOKED;
    after = funnel_lost_after((int)lost.loss);
    chunk->tally.attended += after >= SUBSIDY__STEP__STEP_ATTENDED;
    chunk->tally.passed += after >= SUBSIDY__STEP__STEP_PASSED;
    chunk->tally.eligible += after >= SUBSIDY__STEP__STEP_ELIGIBLE;
    if (lost.loss == SUBSIDY__LOSS__LOSS_REFUSED)
        chunk->reasons[lost.reason]++;
    else
        chunk->losses[lost.loss]++;
}

static void
tally_seat(struct chunk *chunk, const Subsidy__Seat *seat, bool due, bool certified)
{
    if (!due) {
        chunk->idle[chunk->settled.n_idle++] = seat->person;
        lose(chunk, seat, certified);
        return;
    }
    chunk->tally.attended++;
    chunk->tally.passed++;
    chunk->tally.eligible++;
    chunk->tally.due++;
}

void
chunk_add(struct chunk *chunk, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    const struct benefit *benefits = chunk->judgement->evaluation.benefits;
    size_t before = chunk->settled.n_claims;

    if (!judge(chunk->judgement, seat, result)) {
        chunk->unjudged[chunk->settled.n_unjudged++] = seat->seat;
        chunk->idle[chunk->settled.n_idle++] = seat->person;
        chunk_miss(chunk);
        return;
    }
    aheads_judge(chunk->aheads, chunk->judgement, seat->seat);
    for (uint64_t items = chunk->judgement->evaluation.mentioned; items; items &= items - 1) {
        int item = __builtin_ctzll(items);

        if (benefits[item].state == BENEFIT_DUE)
            add_claim(chunk, seat, item);
        if (benefits[item].state == BENEFIT_REFUSED)
            add_refusal(chunk, seat, item);
    }
    tally_seat(chunk, seat, chunk->settled.n_claims > before, result != NULL);
}

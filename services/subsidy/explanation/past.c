/* What a seat was settled by, put together again: the roster and the results as they came, as many lines of the history
 * as there were, the figures that the traces tell. Whether that is all is seen by doing it again. */
#include "subsidy/explanation/past.h"

#include <string.h>

#include "subsidy/nouns.h"

/* ---- The seat and its result ---- */

static bool
look_at_roster(void *context, const struct jn_key *key, const void *row)
{
    struct past *past = context;
    const Subsidy__RosterNoted *chunk = row;
    uint32_t seat = past->seat->seat;

    (void)key;
    for (size_t i = 0; i < chunk->n_rows; i++)
        if (chunk->rows[i]->seat == seat) {
            past->seat = chunk->rows[i];
            past->finished_day = chunk->day;
            return false;
        }
    return true;
}

static bool
find_seat(struct past *past, const struct jn_view *view, uint32_t seat)
{
    Subsidy__Seat sought = SUBSIDY__SEAT__INIT;

    sought.seat = seat;
    past->seat = &sought;
    jn_scan(view, TABLE_ROSTER, JN_KEY(past->class->class_, 0), sizeof(uint64_t), CHUNKS_MAX, look_at_roster, past);
    if (past->seat == &sought)
        past->seat = NULL;
    return past->seat != NULL;
}

static bool
look_at_results(void *context, const struct jn_key *key, const void *row)
{
    struct past *past = context;
    const Subsidy__ResultsNoted *chunk = row;

    (void)key;
    for (size_t i = 0; i < chunk->n_rows; i++)
        if (chunk->rows[i]->seat == past->seat->seat && chunk->rows[i]->certificate == past->result->certificate)
            past->result_day = chunk->day;
    return past->result_day == 0;
}

static void
find_result(struct past *past, const struct jn_view *view, const Subsidy__ProgressRow *progress)
{
    past->result = results_of(view, past->class->class_, progress, past->seat->seat, false)[past->seat->seat];
    if (past->result)
        jn_scan(view, TABLE_RESULTS, JN_KEY(past->class->class_, 0), sizeof(uint64_t), CHUNKS_MAX, look_at_results,
                past);
}

/* When the days that a reassessment judged by were put right; a later correction has taken the place of the one that
 * was its cause. 0: not known. */
static int32_t
days_put_right(const struct past *past, const Subsidy__CorrectionRow *row)
{
    const Subsidy__Correction *parts[] = {row ? row->after : NULL, row ? row->before : NULL};

    for (size_t i = 0; i < 2; i++)
        if (parts[i] && parts[i]->attendance && parts[i]->days == past->row->facts->days &&
            parts[i]->attendance_day <= past->reassessed->day)
            return parts[i]->attendance_day;
    return past->reassessed->cause == SUBSIDY__CAUSE__ATTENDANCE_CORRECTED ? past->reassessed->day : 0;
}

/* Likewise of the certificate. */
static void
take_result(struct past *past, const Subsidy__CorrectionRow *row)
{
    const Subsidy__Correction *parts[] = {row->before, row->after};

    for (size_t i = 0; i < 2; i++) {
        const Subsidy__NotedResult *right = parts[i] ? parts[i]->result : NULL;

        if (!right || !past->result || right->certificate != past->result->certificate ||
            right->kind != past->result->kind || right->level != past->result->level ||
            right->day != past->result->day || parts[i]->result_day > past->reassessed->day)
            continue;
        past->result_corrected = true;
        past->result_day = parts[i]->result_day;
    }
}

/* What a reassessment judged it by is kept with what it found missing. */
static void
as_reassessed(struct past *past, const struct jn_view *view)
{
    const Subsidy__CorrectionRow *row = correction_of(view, past->class->class_, past->seat->seat);

    past->days_corrected = past->seat->days != past->row->facts->days;
    past->seat = past->row->facts;
    past->result = past->row->result;
    if (past->days_corrected)
        past->finished_day = days_put_right(past, row);
    if (past->result)
        jn_scan(view, TABLE_RESULTS, JN_KEY(past->class->class_, 0), sizeof(uint64_t), CHUNKS_MAX, look_at_results,
                past);
    if (row)
        take_result(past, row);
}

/* What was put right before the seat was settled counts, from then on. */
static void
put_right(struct past *past, const struct jn_view *view, const Subsidy__ProgressRow *progress)
{
    const Subsidy__CorrectionRow *row = correction_of(view, past->class->class_, past->seat->seat);
    const Subsidy__Correction *before = row ? row->before : NULL;

    past->seat = seat_corrected(view, row, past->seat, false);
    past->days_corrected = before && before->attendance;
    if (past->days_corrected)
        past->finished_day = before->attendance_day;
    find_result(past, view, progress);
    past->result_corrected =
        before && before->result && past->result && before->result->certificate == past->result->certificate;
    if (past->result_corrected)
        past->result_day = before->result_day;
}

/* ---- Once more ---- */

static bool
same_trace(const struct evaluation *evaluation, int item, const Subsidy__Trace *trace)
{
    size_t at = 0;

    for (uint32_t i = 0; trace && i < evaluation->trace_count; i++) {
        const struct trace_step *step = &evaluation->trace[i];

        if (step->item != item)
            continue;
        if (at >= trace->n_steps || at >= trace->n_values ||
            trace->steps[at] != ((uint32_t)step->rule << 16 | (uint32_t)step->event << 8 | step->index) ||
            trace->values[at] != step->value)
            return false;
        at++;
    }
    return trace && at == trace->n_steps;
}

int64_t
past_due_fen(const struct past *past, const struct sought *found)
{
    return past->row ? past->row->now_fen : found->claim ? found->claim->amount_fen : 0;
}

static bool
same(const struct past *past, const struct sought *found)
{
    const struct benefit *benefit = &past->judgement.evaluation.benefits[past->item];

    if (found->claim)
        return benefit->state == BENEFIT_DUE && benefit->amount_fen == past_due_fen(past, found) &&
               benefit->fund == found->claim->fund && benefit->payee == found->claim->payee &&
               same_trace(&past->judgement.evaluation, past->item, found->claim->trace);
    return benefit->state == BENEFIT_REFUSED && benefit->reason == found->refusal->reason &&
           same_trace(&past->judgement.evaluation, past->item, found->refusal->trace);
}

/* Older settlements do not say how many lines there were: those from before the suite, and the claims before. */
static uint32_t
lines_then(const struct past *past, const struct sought *found)
{
    uint64_t first = found->settled->n_claims ? found->settled->claims[0]->claim : UINT64_MAX;
    uint32_t lines = 0;

    if (found->settled->facts)
        return found->claim ? found->claim->history : found->refusal->history;
    while (past->history && lines < past->history->n_paid && past->history->paid[lines]->claim < first)
        lines++;
    return lines;
}

/* A training that is reckoned again stands where it stood: what was settled behind it does not count. */
static uint64_t
judged_before(const struct past *past)
{
    return past->row ? past->row->settlement : UINT64_MAX;
}

const Subsidy__PaidBefore *
past_line(const struct past *past, uint32_t i)
{
    const Subsidy__PaidBefore *line = NULL;

    for (uint32_t at = 0, counted = 0; at < past->lines && at < past->history->n_paid && counted <= i; at++) {
        line = past->history->paid[at];
        counted += line_counts(line, past->settled->settlement, judged_before(past));
    }
    return line;
}

/* How many of the settlement's claims are of seats that were judged before this one. */
static size_t
claims_before(const struct past *past, const struct jn_view *view)
{
    Subsidy__ProgressRow progress = progress_of(view, past->class->class_);
    struct roster roster = roster_of(view, past->class->class_, &progress, false);
    const Subsidy__PartRow *part = part_of(view, past->settled->settlement);
    size_t at = 0;

    for (uint32_t rank = part ? part->first_rank : UINT32_MAX; rank < past->seat->rank && rank < roster.count; rank++)
        while (roster.seats[rank] && at < past->settled->n_claims &&
               past->settled->claims[at]->seat == roster.seats[rank]->seat)
            at++;
    return at;
}

/* Older reassessments do not tell; then nothing is known, and it does not come to what was settled. */
static void
fill_enterprise(struct past *past, const struct jn_view *view)
{
    static const Subsidy__SeatEnterprise untold = SUBSIDY__SEAT_ENTERPRISE__INIT;
    const Subsidy__SeatEnterprise *told = &untold;

    if (!past->row) {
        enterprise_then(&past->judgement, past->settled, claims_before(past, view));
        return;
    }
    for (size_t i = 0; i < past->reassessed->n_rows; i++) {
        const Subsidy__ReassessedRow *row = past->reassessed->rows[i];

        if (row->seat == past->row->seat && row->enterprise)
            told = row->enterprise;
    }
    enterprise_then_seat(&past->judgement, told);
}

static void
fill_facts(struct past *past, const struct jn_view *view, const struct sought *found)
{
    struct facts *facts = &past->judgement.facts;
    uint32_t lines;

    judgement_open(&past->judgement, view, past->class, past->pack);
    past->judgement.moment = MOMENT_SETTLED;
    judgement_seat(&past->judgement, past->seat, past->result);
    past->history = jn_get(view, TABLE_HISTORY, JN_KEY(past->seat->person));
    lines = lines_then(past, found);
    past->lines = lines;
    facts->history = history_then(view, past->seat->person, lines, found->settled->settlement, judged_before(past),
                                  &facts->history_count);
    if (facts->certificate && chunk_by_certificate(past->pack))
        facts->history = history_dated(view, facts, facts->history, facts->history_count);
    facts->enterprise_known = false;
    facts->first_reading = !found->settled->facts || found->settled->facts->reading == 0;
    if (!found->settled->facts)
        return;
    facts->employer = (uint8_t)found->settled->facts->employer;
    facts->employer_insured = found->settled->facts->employer_insured;
    facts->enterprise_school = found->settled->facts->enterprise_school;
    if (past->judgement.enterprise.items)
        fill_enterprise(past, view);
}

static bool
find_reassessment(struct past *past, const struct jn_view *view, uint32_t seat)
{
    if (!past->settled->reassessment)
        return true;
    past->reassessed = reassessment_of(view, past->settled->class_, past->settled->reassessment);
    past->row = past->reassessed ? reassessed_row(past->reassessed, seat, (Common__Item)past->item) : NULL;
    past->first = past->row ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(past->row->settlement)) : NULL;
    return past->first != NULL;
}

bool
past_open(struct past *past, const struct jn_view *view, const struct sought *found)
{
    const Subsidy__Settled *settled = found->settled;
    uint32_t seat = found->claim ? found->claim->seat : found->refusal->seat;
    Subsidy__ProgressRow progress = progress_of(view, settled->class_);

    *past = (struct past){.settled = settled,
                          .class = class_find(view, settled->class_),
                          .pack = pack_named(view, settled->pack),
                          .item = (int)(found->claim ? found->claim->item : found->refusal->item),
                          .enrolled_day = progress.enrolled_day};
    if (!past->class || !past->pack || !find_reassessment(past, view, seat) || !find_seat(past, view, seat))
        return false;
    if (past->row && past->row->facts)
        as_reassessed(past, view);
    else
        put_right(past, view, &progress);
    past_learn(past, seat);
    fill_facts(past, view, found);
    figures_open(&past->live, view, past->pack);
    past->live_day = past->judgement.facts.day;
    past->view = (struct policy_view){
        .pack = past->pack, .standard = past_standard, .reference = past_reference, .context = past};
    past->same = evaluate(&past->view, &past->judgement.facts, &past->judgement.evaluation) && same(past, found);
    return true;
}

const struct whatif_search *
past_what_if(struct past *past, const struct jn_view *view)
{
    struct whatif_search *search = jn_take(view, sizeof(*search));
    uint32_t lines = past->judgement.facts.history_count;

    search->view = &past->view;
    search->facts = &past->judgement.facts;
    search->item = past->item;
    search->then = past->then;
    search->history = jn_take(view, (lines + 1) * sizeof(*search->history));
    search->counts = jn_take(view, (lines + 1) * sizeof(*search->counts));
    if (!past->same || !whatif_find(search))
        search->count = 0;
    return search;
}

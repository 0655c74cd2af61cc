/* Receipts (凭据): all that a claim or a refusal was decided by, in one event, so that whoever holds the event and its
 * proof can do the sum again. A Settled tells of up to 200 people; a receipt of one. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/explanation/past.h"

/* ---- Facts as a message ---- */

static Policy__PastBenefit *
benefit_of(const struct jn_view *view, const struct past *past, const struct paid_before *paid)
{
    Policy__PastBenefit *line = jn_take(view, sizeof(*line));

    *line = (Policy__PastBenefit)POLICY__PAST_BENEFIT__INIT;
    line->item = (Common__Item)paid->item;
    line->day = paid->day;
    line->occupation = paid->occupation;
    line->level = paid->level;
    line->months = (uint32_t)paid->months;
    line->amount_fen = paid->amount_fen;
    line->certificate = chunk_by_certificate(past->pack) ? paid->certificate : 0;
    line->advance = paid->advance;
    line->times = paid->times;
    return line;
}

static void
copy_person(Policy__Case *one, const struct facts *facts)
{
    one->groups = facts->groups;
    one->household = (Common__Household)facts->household;
    one->living_allowance = facts->living_allowance;
    one->insured_months = (uint32_t)facts->insured_months;
    one->employed_months = (uint32_t)facts->employed_months;
    one->certificate = (Common__CertificateKind)facts->certificate;
    one->certificate_level = facts->certificate_level;
    one->certificate_day = facts->certificate_day;
    one->days = (uint32_t)facts->days;
    one->certificate_number = facts->certificate_number;
    one->age = facts->age;
    one->sex = (Policy__Sex)facts->sex;
    one->contribution_known = facts->contribution_known;
    one->contribution_months = (uint32_t)facts->contribution_months;
    one->outcomes = facts->outcomes;
}

/* When registers told what: where a rule may ask. */
static void
copy_told(const struct jn_view *view, Policy__Case *one, const struct facts *facts)
{
    one->outcome_days = jn_take(view, sizeof(facts->outcome_days));
    for (int outcome = 1; outcome <= POLICY__OUTCOME__RETAINED; outcome++)
        if (facts->outcomes & POLICY_BIT(outcome))
            one->outcome_days[one->n_outcome_days++] = facts->outcome_days[outcome];
    one->contributions = jn_take(view, (facts->contributions_count + 1) * sizeof(*one->contributions));
    for (uint32_t i = 0; i < facts->contributions_count; i++) {
        Policy__ToldMonths *told = one->contributions[one->n_contributions++] = jn_take(view, sizeof(*told));

        *told = (Policy__ToldMonths)POLICY__TOLD_MONTHS__INIT;
        told->day = facts->contributions[i].day;
        told->months = (uint32_t)facts->contributions[i].months;
    }
}

static void
copy_training(Policy__Case *one, const struct facts *facts)
{
    one->day = facts->day;
    one->division = facts->division;
    one->employer = (Common__InstitutionKind)facts->employer;
    one->employer_insured = facts->employer_insured;
    one->class_ = (Common__ClassKind)facts->class_kind;
    one->occupation = facts->occupation;
    one->level = facts->level;
    one->cost_fen = facts->cost_fen;
    one->months = (uint32_t)facts->months;
    one->years = (uint32_t)facts->years;
    one->project_based = facts->project_based;
    one->enterprise_school = facts->enterprise_school;
    one->hours = (uint32_t)facts->hours;
    one->enterprise_known = facts->enterprise_known;
    one->reading = !facts->first_reading;
}

static Policy__Case *
case_of(const struct jn_view *view, struct past *past)
{
    const struct facts *facts = &past->judgement.facts;
    Policy__Case *one = jn_take(view, sizeof(*one));

    *one = (Policy__Case)POLICY__CASE__INIT;
    copy_person(one, facts);
    copy_training(one, facts);
    copy_told(view, one, facts);
    one->history = jn_take(view, (facts->history_count + 1) * sizeof(*one->history));
    for (uint32_t i = 0; i < facts->history_count; i++)
        one->history[one->n_history++] = benefit_of(view, past, &facts->history[i]);
    one->enterprise_history = jn_take(view, (facts->enterprise_count + 1) * sizeof(*one->enterprise_history));
    for (uint32_t i = 0; i < facts->enterprise_count; i++)
        one->enterprise_history[one->n_enterprise_history++] = benefit_of(view, past, &facts->enterprise_history[i]);
    one->figures = jn_take(view, (past->figures_count + 1) * sizeof(*one->figures));
    for (size_t i = 0; i < past->figures_count; i++)
        one->figures[one->n_figures++] = &past->figures[i];
    return one;
}

static void
add_attestations(const struct jn_view *view, const struct past *past, Subsidy__Receipted *event)
{
    struct attested by_group[GROUPS_COUNT];

    attestations_of(view, past->class->class_, past->seat->seat, past->row ? past->reassessed->day : 0, by_group);
    event->attestations = jn_take(view, GROUPS_COUNT * sizeof(*event->attestations));
    for (int group = 1; group < GROUPS_COUNT; group++) {
        Subsidy__Attestation *line;

        if (!by_group[group].department)
            continue;
        line = event->attestations[event->n_attestations++] = jn_take(view, sizeof(*line));
        *line = (Subsidy__Attestation)SUBSIDY__ATTESTATION__INIT;
        line->group = (Common__Group)group;
        line->department = (Common__Department)by_group[group].department;
        line->day = by_group[group].day;
        line->denied = by_group[group].denied;
    }
}

/* ---- The event ---- */

/* What made the claim, and what changed the answer since. */
static void
add_reassessments(const struct jn_view *view, const struct past *past, const struct sought *found,
                  Subsidy__Receipted *event)
{
    struct reassessed_since since = reassessed_since(view, found);
    const Subsidy__Reassessed *why = since.event ? since.event : past->reassessed;

    if (since.event) {
        event->since = since.event->reassessment;
        event->now_fen = since.now_fen;
    }
    if (why) {
        event->cause = why->cause;
        event->document = why->document;
    }
    if (!past->row)
        return;
    event->reassessment = past->reassessed->reassessment;
    event->due_fen = past->row->now_fen;
    event->stood = jn_take(view, past->row->n_stakes * sizeof(*event->stood));
    for (size_t i = 0; i < past->row->n_stakes; i++)
        if (past->row->stakes[i]->claim != found->claim->claim)
            event->stood[event->n_stood++] = past->row->stakes[i];
}

static void
add_outcome(Subsidy__Receipted *event, const struct sought *found)
{
    if (found->claim) {
        event->seat = found->claim->seat;
        event->claim = found->claim->claim;
        event->rule = found->claim->rule;
        event->amount_fen = found->claim->amount_fen;
        event->fund = found->claim->fund;
        event->payee = found->claim->payee;
        event->trace = found->claim->trace;
        return;
    }
    event->seat = found->refusal->seat;
    event->rule = found->refusal->rule;
    event->reason = found->refusal->reason;
    event->trace = found->refusal->trace;
}

/* Nobody is given a paper whose sum does not come out. */
enum jn_code
decide_issue_receipt(struct jn_decision *d, const Subsidy__IssueReceipt *command)
{
    Subsidy__Receipted event = SUBSIDY__RECEIPTED__INIT;
    Subsidy__ReceiptReply reply = SUBSIDY__RECEIPT_REPLY__INIT;
    struct past *past = jn_take(d->view, sizeof(*past));
    struct sought found;
    enum jn_code code = claim_seek(d, command->claim, command->class_no, command->seat, command->item, &found);

    if (code != JN_OK)
        return code;
    if (!past_open(past, d->view, &found) || !past->same)
        return jn_refuse(d, JN_WRONG_STATE,
                         "the facts that it was settled by cannot be put together again: it was "
                         "settled by an older version; see its trace with Claim");

    /* Decided. */
    event.receipt = reply.receipt = jn_counter(d->view, COUNTER_RECEIPT) + 1;
    event.pack = past->pack->id;
    event.pack_digest = pack_digest(d->view, past->pack);
    event.class_no = found.settled->class_no;
    event.item = (Common__Item)past->item;
    event.settlement = found.settled->settlement;
    event.settled_block = found.settled->block;
    event.settled_index = found.settled->index;
    event.settled_day = found.settled->day;
    past_what_if(past, d->view);
    event.what_if = past->figures_count < PAST_FIGURES;
    event.facts = case_of(d->view, past);
    add_outcome(&event, &found);
    add_reassessments(d->view, past, &found, &event);
    add_attestations(d->view, past, &event);
    jn_emit(d, EVENT_RECEIPTED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_receipted(struct jn_tables *t, const Subsidy__Receipted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_RECEIPT, JN_KEY(event->receipt), event);
    jn_counter_set(t, COUNTER_RECEIPT, event->receipt);
}

/* ---- Audit ---- */

/* What a reassessment found missing, and what of it was due already, is all that was due then. Older receipts do not
 * say which it was. */
static bool
agrees_in_all(const struct jn_view *view, const Subsidy__Receipted *receipt, const Subsidy__Settled *settled)
{
    const Subsidy__Reassessed *event = reassessment_of(view, settled->class_, receipt->reassessment);
    const Subsidy__ReassessedRow *row = event ? reassessed_row(event, receipt->seat, receipt->item) : NULL;
    int64_t fen = receipt->amount_fen;

    for (size_t i = 0; i < receipt->n_stood; i++)
        fen += receipt->stood[i]->rest_fen;
    if (!receipt->reassessment)
        return !receipt->due_fen && !receipt->n_stood;
    return row && receipt->reassessment == settled->reassessment && receipt->due_fen == row->now_fen &&
           fen == row->now_fen;
}

/* It says what was settled. */
static bool
agrees(const Subsidy__Receipted *receipt, const Subsidy__Settled *settled)
{
    for (size_t i = 0; receipt->claim && i < settled->n_claims; i++)
        if (settled->claims[i]->claim == receipt->claim)
            return settled->claims[i]->amount_fen == receipt->amount_fen && settled->claims[i]->item == receipt->item &&
                   settled->claims[i]->seat == receipt->seat && !strcmp(settled->class_no, receipt->class_no);
    for (size_t i = 0; !receipt->claim && i < settled->n_refused; i++)
        if (settled->refused[i]->seat == receipt->seat && settled->refused[i]->item == receipt->item)
            return settled->refused[i]->reason == receipt->reason && receipt->amount_fen == 0;
    return false;
}

void
receipts_audit(struct jn_audit *audit)
{
    uint64_t last = jn_counter(audit->view, COUNTER_RECEIPT);

    for (uint64_t number = 1; number <= last; number++) {
        const Subsidy__Receipted *receipt = jn_get(audit->view, TABLE_RECEIPT, JN_KEY(number));
        const Subsidy__Settled *settled;

        settled = receipt ? jn_get(audit->view, TABLE_SETTLEMENT, JN_KEY(receipt->settlement)) : NULL;
        if (!settled || !agrees(receipt, settled) || !agrees_in_all(audit->view, receipt, settled))
            jn_finding(audit, "receipt %" PRIu64 " does not say what was settled", number);
    }
}

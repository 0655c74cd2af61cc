/* What must hold over all tables (稽核): claims against clauses, histories, standings and totals; classes against their
 * lists. */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/audit.h"
#include "subsidy/packs/draft.h"
#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"

#define ALL SIZE_MAX

/* Settlements of one class, one after the other. */
struct run {
    uint64_t class, first, count, rows;
};

/* What the tables add up to. */
struct sums {
    struct jn_audit *audit;
    struct totals found;
    uint64_t claims, history_lines, awaited, ready, listed;
    uint64_t lines;  /* claims that stand in a history */
    uint64_t topups; /* settlements of reassessments */
    uint64_t topup_claims;
    struct run run;
    const Policy__Pack *pack; /* of the settlement at hand */
    struct funnel_proof funnel;
    struct reservation_proof reservation;
    struct enterprise_proof enterprise;
    struct outstanding_proof outstanding;
};

/* ---- A claim against its clause ---- */

/* The most that the rule's standard can come to for the whole class; 0 where the source sets no cap. */
static int64_t
most_fen(const Policy__Rule *rule, const Subsidy__ClassNoted *class, const Subsidy__SettledClaim *claim)
{
    const Policy__Standard *standard = rule->standard;
    const Policy__Constraint *constraint =
        standard ? pack_constraint(rule, standard->level_of == POLICY__FACT__LEVEL               ? class->level
                                         : standard->level_of == POLICY__FACT__CERTIFICATE_LEVEL ? claim->level
                                                                                                 : 0)
                 : NULL;
    int64_t most = MONEY_FEN_MAX;

    if (!constraint || !constraint->cap)
        return MONEY_FEN_MAX;
    switch (standard->unit) {
    case POLICY__UNIT__YUAN:
        return constraint->cap;
    case POLICY__UNIT__YUAN_A_MONTH:
        money_mul(constraint->cap, date_months(class->start_day, class->end_day), &most);
        return most;
    case POLICY__UNIT__YUAN_A_DAY:
        money_mul(constraint->cap, class->end_day - class->start_day + 1, &most);
        return most;
    case POLICY__UNIT__PERCENT:
        money_rate(class->cost_fen, constraint->cap, &most);
        return most;
    case POLICY__UNIT__UNIT_UNSPECIFIED:
    case _POLICY__UNIT_IS_INT_SIZE:
        break;
    }
    return MONEY_FEN_MAX;
}

static void
check_clause(const struct sums *sums, const Subsidy__ClassNoted *class, const Subsidy__SettledClaim *claim)
{
    const Policy__Rule *rule = sums->pack ? pack_rule_numbered(sums->pack, claim->rule) : NULL;

    if (!class || !rule || rule->item != claim->item || rule->fund != claim->fund || rule->payee != claim->payee) {
        jn_finding(sums->audit, "claim %" PRIu64 " does not fit rule %" PRIu32 " of its pack", claim->claim,
                   claim->rule);
        return;
    }
    if (claim->amount_fen < 0 || claim->amount_fen > most_fen(rule, class, claim))
        jn_finding(sums->audit, "claim %" PRIu64 " is over the cap of clause %s", claim->claim, rule->clause);
}

/* ---- A person's claims in the history ---- */

/* What was reassessed may have another level or other months by now. */
static bool
in_history(const Subsidy__HistoryRow *row, const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim,
           bool reassessed)
{
    for (size_t i = row ? row->n_paid : 0; i-- > 0;) {
        const Subsidy__PaidBefore *line = row->paid[i];

        if (line->claim == claim->claim && line->over_from == 0)
            return line->item == claim->item && line->day == settled->day &&
                   (reassessed || (line->level == claim->level && line->months == claim->months &&
                                   line->amount_fen == claim->amount_fen && line->certificate == claim->certificate));
    }
    return false;
}

/* A person's claims lie together: the row is read once for them. */
static void
check_histories(struct sums *sums, const Subsidy__Settled *settled)
{
    const Subsidy__HistoryRow *row = NULL;

    for (size_t i = 0; i < settled->n_claims; i++) {
        const Subsidy__SettledClaim *claim = settled->claims[i];
        Subsidy__ChangeRow change;
        bool counts;

        if (i == 0 || claim->person != settled->claims[i - 1]->person)
            row = jn_get(sums->audit->view, TABLE_HISTORY, JN_KEY(claim->person));
        change = change_of(sums->audit->view, claim->claim);
        counts = !change.over && !claim->tops;
        sums->lines += counts;
        if (counts && !in_history(row, settled, claim, change.reassessment != 0))
            jn_finding(sums->audit, "claim %" PRIu64 " is not in its person's history", claim->claim);
    }
}

static bool
count_lines(void *context, const struct jn_key *key, const void *row)
{
    struct sums *sums = context;
    const Subsidy__HistoryRow *history = row;

    reservation_prove_person(sums->audit, &sums->reservation, jn_key_number(key, 0), history);
    for (size_t i = 0; i < history->n_paid; i++) {
        sums->history_lines += history->paid[i]->claim != 0 && history->paid[i]->over_from == 0;
        sums->found.row.imported += history->paid[i]->claim == 0;
    }
    return true;
}

/* ---- Settlements ---- */

static void
check_standing(struct sums *sums, const Subsidy__Settled *settled)
{
    const struct jn_view *view = sums->audit->view;
    const Subsidy__StandingRow *standing = standing_of(view, settled->settlement);

    if (!settled->n_claims != !standing)
        jn_finding(sums->audit, "settlement %" PRIu64 ": its claims and their standing differ", settled->settlement);
    if (!settled->n_claims || !standing)
        return;
    if (standing->first_claim != settled->claims[0]->claim || standing->claims != settled->n_claims ||
        standing->states.len != settled->n_claims || standing->class_ != settled->class_ ||
        settlement_of(view, standing->first_claim) != settled->settlement ||
        settlement_of(view, standing->first_claim + standing->claims - 1) != settled->settlement) {
        jn_finding(sums->audit, "settlement %" PRIu64 ": its standing is another's", settled->settlement);
        return;
    }
    if (standing->notice_to_day < settled->day && (!standing->pack || standing->approved))
        jn_finding(sums->audit, "settlement %" PRIu64 " was never on public notice", settled->settlement);
    for (size_t i = 0; i < standing->states.len; i++) {
        uint8_t state = standing->states.data[i];

        sums->found.row.held += (state & CLAIM_HELD) != 0;
        way_audit_claim(sums->audit, settled->settlement, standing, (uint32_t)i, sums->found.stages);
        sums->found.row.paid += (state & CLAIM_MONEY) == SUBSIDY__MONEY__PAID;
        if ((state & CLAIM_APPROVED) && !standing->approved && !(state & CLAIM_APART))
            jn_finding(sums->audit, "claim %" PRIu64 " is approved before its notice is over",
                       standing->first_claim + i);
    }
    gates_audit(sums->audit, settled, standing);
}

static void
check_claims(struct sums *sums, const Subsidy__Settled *settled)
{
    const Subsidy__ClassNoted *class = class_find(sums->audit->view, settled->class_);

    if (!sums->pack || strcmp(sums->pack->id, settled->pack) != 0)
        sums->pack = pack_named(sums->audit->view, settled->pack);
    for (size_t i = 0; i < settled->n_claims; i++) {
        if (settled->claims[i]->claim != ++sums->claims)
            jn_finding(sums->audit, "claim %" PRIu64 " is out of sequence", settled->claims[i]->claim);
        check_clause(sums, class, settled->claims[i]);
    }
    totals_add_settled(&sums->found, settled);
    outstanding_prove_settled(&sums->outstanding, settled);
}

/* The settlements of a class are consecutive, and judged as many seats as it says. */
static void
close_run(const struct sums *sums)
{
    const struct run *run = &sums->run;
    Subsidy__ProgressRow progress;

    if (!run->count)
        return;
    progress = progress_of(sums->audit->view, run->class);
    if (progress.first_settlement != run->first || progress.settlements != run->count)
        jn_finding(sums->audit, "class %" PRIu64 ": its settlements are not consecutive", run->class);
    if (progress.judged != run->rows)
        jn_finding(sums->audit, "class %" PRIu64 ": its settlements judged other seats than it says", run->class);
}

/* Those of reassessments elsewhere may lie between. */
static void
note_run(struct sums *sums, const Subsidy__Settled *settled)
{
    const Subsidy__PartRow *part = part_of(sums->audit->view, settled->settlement);

    if (settled->class_ != sums->run.class) {
        close_run(sums);
        sums->run = (struct run){.class = settled->class_, .first = settled->settlement};
    }
    if (!part || part->class_ != settled->class_ || part->day != settled->day || part->rows != settled->rows ||
        part->first_rank != sums->run.rows)
        jn_finding(sums->audit, "settlement %" PRIu64 ": its ranks are others' than are kept", settled->settlement);
    sums->run.count++;
    sums->run.rows += settled->rows;
}

static void
check_settlements(struct sums *sums)
{
    const struct jn_view *view = sums->audit->view;
    uint64_t last = jn_counter(view, COUNTER_SETTLEMENT);

    for (uint64_t number = 1; number <= last; number++) {
        const Subsidy__Settled *settled = jn_get(view, TABLE_SETTLEMENT, JN_KEY(number));

        if (!settled || settled->settlement != number) {
            jn_finding(sums->audit, "settlement %" PRIu64 " is missing: the order has a gap", number);
            continue;
        }
        if (settled->reassessment) {
            sums->topups++;
            sums->topup_claims += settled->n_claims;
        } else {
            note_run(sums, settled);
        }
        check_claims(sums, settled);
        check_histories(sums, settled);
        check_standing(sums, settled);
        enterprise_prove_settled(&sums->enterprise, settled);
        funnel_prove_settled(sums->audit, &sums->funnel, settled);
    }
    close_run(sums);
    if (sums->claims != jn_counter(view, COUNTER_CLAIM))
        jn_finding(sums->audit, "there are %" PRIu64 " claims, %" PRIu64 " were numbered", sums->claims,
                   jn_counter(view, COUNTER_CLAIM));
}

/* ---- Classes ---- */

static bool
check_class(void *context, const struct jn_key *key, const void *row)
{
    struct sums *sums = context;
    const Subsidy__ProgressRow *progress = row;
    const struct jn_view *view = sums->audit->view;
    uint64_t number = jn_key_number(key, 0);
    const Subsidy__ClassNoted *class = class_find(view, number);

    sums->listed += progress->settlements;
    sums->awaited += progress->place == SUBSIDY__PLACE__AWAITED;
    sums->ready += progress->place == SUBSIDY__PLACE__READY;
    sums->found.row.classes_settled += progress->settled ? 1 : 0;
    sums->found.row.classes_waiting +=
        (progress->finished || progress->closed) && !progress->settled && !progress->stopped;
    if (class && (jn_has(view, TABLE_AWAITED, class_order(class)) != (progress->place == SUBSIDY__PLACE__AWAITED) ||
                  jn_has(view, TABLE_READY, class_order(class)) != (progress->place == SUBSIDY__PLACE__READY)))
        jn_finding(sums->audit, "class %" PRIu64 " is in the wrong list", number);
    if (progress->settled ? progress->judged != progress->count
                          : progress->judged && number != jn_counter(view, COUNTER_UNDERWAY))
        jn_finding(sums->audit, "class %" PRIu64 " is settled in part", number);
    reservation_prove_class(&sums->reservation, number, progress);
    if (class)
        funnel_prove_class(sums->audit, &sums->funnel, class, progress);
    return true;
}

/* ---- Everything ---- */

static void
check_totals(struct sums *sums)
{
    struct totals kept;
    const Subsidy__TotalsRow *found = &sums->found.row;

    totals_load(sums->audit->view, &kept);
    if (memcmp(kept.due, sums->found.due, sizeof(kept.due)) != 0 ||
        memcmp(kept.due_fen, sums->found.due_fen, sizeof(kept.due_fen)) != 0 ||
        memcmp(kept.refused, sums->found.refused, sizeof(kept.refused)) != 0)
        jn_finding(sums->audit, "the totals of items or reasons are not what the settlements add up to");
    if (memcmp(kept.stages, sums->found.stages, sizeof(kept.stages)) != 0 || kept.row.held != found->held ||
        kept.row.paid != found->paid)
        jn_finding(sums->audit, "the totals of states are not what the claims add up to");
    if (kept.row.classes_settled != found->classes_settled || kept.row.classes_waiting != found->classes_waiting)
        jn_finding(sums->audit, "the totals of classes are not what the classes add up to");
    if (kept.row.imported != found->imported || sums->history_lines != sums->lines)
        jn_finding(sums->audit, "histories hold %" PRIu64 " claims, there are %" PRIu64, sums->history_lines,
                   sums->lines);
    if (memcmp(kept.taken_fen, sums->found.taken_fen, sizeof(kept.taken_fen)) != 0)
        jn_finding(sums->audit, "the totals of what was taken off are not what became of the claims");
}

void
subsidy_audit(struct jn_audit *audit)
{
    struct sums sums = {.audit = audit, .found = {.row = SUBSIDY__TOTALS_ROW__INIT}, .enterprise = {.audit = audit}};
    struct reassessments_audit reassessments = {.audit = audit};

    sums.outstanding.audit = audit;
    check_settlements(&sums);
    reassessments.topups_settled = sums.topup_claims;
    audit_reassessments(&reassessments);
    memcpy(sums.found.taken_fen, reassessments.taken_fen, sizeof(sums.found.taken_fen));
    jn_scan(audit->view, TABLE_HISTORY, JN_KEY(0), 0, ALL, count_lines, &sums);
    jn_scan(audit->view, TABLE_PROGRESS, JN_KEY(0), 0, ALL, check_class, &sums);
    if (sums.listed + sums.topups != jn_counter(audit->view, COUNTER_SETTLEMENT))
        jn_finding(audit, "classes list %" PRIu64 " settlements, %" PRIu64 " were numbered", sums.listed + sums.topups,
                   jn_counter(audit->view, COUNTER_SETTLEMENT));
    if (class_count(audit->view, TABLE_AWAITED, DAY_LAST, ALL) != sums.awaited ||
        class_count(audit->view, TABLE_READY, DAY_LAST, ALL) != sums.ready)
        jn_finding(audit, "the lists of classes hold one that is not there");
    way_audit(audit);
    check_totals(&sums);
    funnel_prove(audit, &sums.funnel);
    reservation_prove(audit, &sums.reservation);
    enterprise_prove(&sums.enterprise);
    receipts_audit(audit);
    registers_audit(audit);
    draft_audit(audit);
    later_audit(audit);
    reckonings_audit(audit);
    outstanding_prove(&sums.outstanding);
    aheads_audit(audit);
}

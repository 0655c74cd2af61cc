/* What is owed, reckoned a second time from the ledger's events: each debt from what made it to its end, each fen taken
 * off a payment for the same payee, fund and division, and no payment to whoever keeps what was obtained by fraud. */
#include "simulation/sim.h"

#include <string.h>

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

#define DEBTS_MAX    8000
#define FUNDS        6
#define ADVANCES_MAX 800
#define PLAN_MAX     60
#define GRANTS_MAX   4000
#define GIVEN_UP_MAX 10000 /* a hundred yuan */

struct claim {
    uint64_t person, institution;
    uint32_t fund, division;
    int64_t net_fen, setoff_fen, reversed_fen, amount_fen;
    int64_t bears_fen[FUNDS]; /* each fund, of its net: of a pool its share */
    bool paid, kept;
};
struct part {
    uint32_t division;
    int64_t left_fen, taken_fen;
    uint32_t fund; /* of a pool's source; 0: the debt's */
};
struct debt {
    uint32_t kind, fund;
    uint64_t person, institution;
    struct part parts[FUNDS];
    size_t parts_count, plan_count, told;
    int32_t days[PLAN_MAX];
    int64_t plan_fen[PLAN_MAX];
    bool decided;
};
struct taken {
    uint64_t claim, debt;
    uint32_t part;
    int64_t fen;
};
struct advance {
    uint64_t class, institution, debt;
    uint32_t fund, division;
    bool settled;
};
/* What subsidy says that a rule gives up of an advance. */
struct share {
    uint64_t class, institution;
    uint32_t fund, rule;
    int64_t most_fen, given_fen;
};
struct owing {
    struct sim *sim;
    struct share shares[ADVANCES_MAX];
    size_t shares_count;
    struct claim claims[CITY_CLAIMS];
    struct debt debts[DEBTS_MAX]; /* from 1 */
    uint64_t debts_count;
    struct taken taken[DEBTS_MAX];
    size_t taken_count;
    struct advance advances[ADVANCES_MAX];
    size_t advances_count;
    int64_t written_off_fen, reversed_fen, grants_reversed_fen;
    struct grant {
        uint64_t institution;
        uint32_t fund, own, division; /* own: of the pool's sources */
    } grants[GRANTS_MAX];
    bool disbursed[CITY_DISBURSEMENTS]; /* paid by the bank */
};

/* What is taken off a grant's instalment is named by this and its number. */
#define DISBURSEMENT (UINT64_C(1) << 62)

static struct debt *
debt_of(struct owing *o, uint64_t number)
{
    if (number == 0 || number > o->debts_count)
        sim_broken(o->sim, "receivable %llu was never opened", (unsigned long long)number);
    return &o->debts[number];
}

static struct debt *
debt_new(struct owing *o, uint64_t number)
{
    if (number != o->debts_count + 1)
        sim_broken(o->sim, "receivable %llu is opened out of turn", (unsigned long long)number);
    JN_ASSERT(number < DEBTS_MAX);
    return &o->debts[++o->debts_count];
}

static int64_t
left_of(const struct debt *debt)
{
    int64_t left = 0;

    for (size_t i = 0; i < debt->parts_count; i++)
        left += debt->parts[i].left_fen;
    return left;
}

static int64_t
free_of(const struct debt *debt)
{
    int64_t free = left_of(debt);

    for (size_t i = 0; i < debt->parts_count; i++)
        free -= debt->parts[i].taken_fen;
    return free;
}

static void
lessen(struct owing *o, uint64_t number, size_t part, int64_t fen)
{
    struct debt *debt = debt_of(o, number);

    JN_ASSERT(part < debt->parts_count);
    debt->parts[part].left_fen -= fen;
    if (fen <= 0 || debt->parts[part].left_fen < debt->parts[part].taken_fen)
        sim_broken(o->sim, "receivable %llu has more come back than is owed", (unsigned long long)number);
}

/* ---- Advances ---- */

static struct advance *
advance_of(struct owing *o, uint64_t class, uint32_t fund, uint64_t institution)
{
    for (size_t i = 0; i < o->advances_count; i++) {
        struct advance *advance = &o->advances[i];

        if (advance->class == class && advance->fund == fund && advance->institution == institution)
            return advance;
    }
    sim_broken(o->sim, "an advance of class %llu was never given", (unsigned long long)class);
}

static void
settle_advance(struct owing *o, const Ledger__AdvanceSettled *event)
{
    struct advance *advance = advance_of(o, event->class_, (uint32_t)event->fund, event->institution);
    struct debt *debt;

    if (!advance->settled && event->debt_fen > 0) {
        debt = debt_new(o, event->receivable);
        debt->kind = LEDGER__DEBT_KIND__DEBT_ADVANCE;
        debt->fund = advance->fund;
        debt->institution = advance->institution;
        debt->parts_count = 1;
        debt->parts[0] = (struct part){advance->division, event->debt_fen, 0, 0};
        advance->debt = event->receivable;
    }
    advance->settled = true;
}

static void
earn(struct owing *o, uint64_t class, uint32_t fund, uint64_t institution, int64_t fen)
{
    const struct advance *advance = fen ? advance_of(o, class, fund, institution) : NULL;

    if (advance && advance->debt)
        lessen(o, advance->debt, 0, fen);
}

/* ---- Cases ---- */

static void
reverse(struct owing *o, const Ledger__Reversed *event)
{
    struct claim *claim = &o->claims[event->claim];
    struct debt *debt = debt_new(o, event->receivable);
    int64_t sum = 0;

    o->grants_reversed_fen += event->grant ? event->amount_fen : 0;

    debt->kind = (uint32_t)event->kind;
    debt->fund = (uint32_t)event->fund;
    debt->person = event->person;
    debt->institution = event->institution;
    for (size_t i = 0; i < event->n_parts; i++) {
        JN_ASSERT(debt->parts_count < FUNDS);
        debt->parts[debt->parts_count++] = (struct part){event->parts[i]->account_division, event->parts[i]->amount_fen,
                                                         0, (uint32_t)event->parts[i]->fund};
        sum += event->parts[i]->amount_fen;
    }
    if (event->grant)
        return; /* money.c holds it against the grant */
    claim->reversed_fen += event->amount_fen;
    o->reversed_fen += event->amount_fen;
    if (sum != event->amount_fen || sum <= 0 || !claim->paid || claim->reversed_fen > claim->amount_fen ||
        debt->person != claim->person || debt->institution != claim->institution)
        sim_broken(o->sim, "claim %llu is reversed by more than was paid, or owed by somebody else",
                   (unsigned long long)event->claim);
}

static void
arrange(struct owing *o, const Ledger__RecoveryArranged *event)
{
    struct debt *debt = debt_of(o, event->receivable);
    int64_t sum = 0;

    if ((debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD) != (event->n_plan == 0))
        sim_broken(o->sim, "fraud has a plan, or an error needs a decision: receivable %llu",
                   (unsigned long long)event->receivable);
    debt->decided = debt->decided || event->n_plan == 0;
    for (size_t i = 0; i < event->n_plan; i++) {
        debt->days[i] = event->plan[i]->day;
        debt->plan_fen[i] = event->plan[i]->amount_fen;
        sum += debt->plan_fen[i];
    }
    if (event->n_plan > 0) {
        debt->plan_count = event->n_plan;
        debt->told = 0;
    }
    if (event->n_plan > 0 && sum != free_of(debt))
        sim_broken(o->sim, "the plan of receivable %llu is not what is owed", (unsigned long long)event->receivable);
}

/* Earlier instalments are paid first. */
static int64_t
instalment_left(const struct debt *debt, size_t instalment)
{
    int64_t left = left_of(debt);

    for (size_t i = debt->plan_count; i > instalment + 1; i--)
        left -= debt->plan_fen[i - 1];
    left = left < debt->plan_fen[instalment] ? left : debt->plan_fen[instalment];
    return left > 0 ? left : 0;
}

static void
be_late(struct owing *o, const Ledger__InstalmentOverdue *event)
{
    struct debt *debt = debt_of(o, event->receivable);

    if (event->instalment <= debt->told || event->instalment > debt->plan_count ||
        event->missing_fen != instalment_left(debt, event->instalment - 1) || event->missing_fen <= 0)
        sim_broken(o->sim, "instalment %u of receivable %llu is said to be overdue and is not", event->instalment,
                   (unsigned long long)event->receivable);
    debt->told = event->instalment;
}

/* By a rule of the pack: never more than subsidy has said that it gives up of what was not earned. */
static void
give_up_advance(struct owing *o, const Ledger__WrittenOff *event)
{
    struct debt *debt = debt_of(o, event->receivable);
    const struct advance *advance = o->advances;
    int64_t most = -1;

    while (advance < o->advances + o->advances_count && advance->debt != event->receivable)
        advance++;
    for (size_t i = 0; i < o->shares_count; i++) {
        struct share *share = &o->shares[i];

        if (share->class != advance->class || share->fund != advance->fund ||
            share->institution != advance->institution || share->rule != event->rule)
            continue;
        share->given_fen += event->amount_fen;
        most = share->most_fen - share->given_fen;
    }
    o->sim->stats->given_up++;
    if (debt->kind != LEDGER__DEBT_KIND__DEBT_ADVANCE || event->n_parts != 1 || event->amount_fen <= 0 ||
        event->amount_fen != event->parts[0]->amount_fen || event->amount_fen > free_of(debt) || most < 0)
        sim_broken(o->sim, "rule %u gives up of receivable %llu what it may not", event->rule,
                   (unsigned long long)event->receivable);
    lessen(o, event->receivable, 0, event->amount_fen);
    o->written_off_fen += event->amount_fen;
}

static void
hear_reckoned(void *context, uint64_t block, uint32_t type, const void *message)
{
    const Subsidy__AdvanceReckoned *event = message;
    struct owing *o = context;

    (void)block;
    for (size_t i = 0; type == SUBSIDY__EVENT__BODY_ADVANCE_RECKONED && i < event->n_shares; i++) {
        const Subsidy__AdvanceShare *said = event->shares[i];
        size_t at = 0;

        while (at < o->shares_count &&
               (o->shares[at].class != event->class_ || o->shares[at].fund != (uint32_t)said->fund ||
                o->shares[at].institution != said->institution || o->shares[at].rule != said->rule))
            at++;
        JN_ASSERT(at < ADVANCES_MAX);
        if (at == o->shares_count)
            o->shares[o->shares_count++] =
                (struct share){event->class_, said->institution, (uint32_t)said->fund, said->rule, 0, 0};
        if (said->given_up_fen > said->unearned_fen)
            sim_broken(o->sim, "class %llu: a rule gives up more than was not earned",
                       (unsigned long long)event->class_);
        if (said->given_up_fen > o->shares[at].most_fen)
            o->shares[at].most_fen = said->given_up_fen;
    }
}

static void
give_up(struct owing *o, const Ledger__WrittenOff *event)
{
    struct debt *debt = debt_of(o, event->receivable);

    if (event->rule) {
        give_up_advance(o, event);
        return;
    }
    if (debt->kind != LEDGER__DEBT_KIND__DEBT_ERROR || event->amount_fen > GIVEN_UP_MAX ||
        event->amount_fen != free_of(debt))
        sim_broken(o->sim, "receivable %llu is given up and must not be", (unsigned long long)event->receivable);
    for (size_t i = 0; i < event->n_parts; i++)
        lessen(o, event->receivable, event->parts[i]->part, event->parts[i]->amount_fen);
    o->written_off_fen += event->amount_fen;
    if (left_of(debt) != 0)
        sim_broken(o->sim, "receivable %llu is given up in part", (unsigned long long)event->receivable);
}

/* ---- What is taken off ---- */

static bool
same_payee(const struct debt *debt, const struct claim *claim)
{
    return debt->institution ? debt->institution == claim->institution
                             : claim->institution == 0 && debt->person == claim->person;
}

static uint32_t
fund_of(const struct debt *debt, size_t part)
{
    return debt->parts[part].fund ? debt->parts[part].fund : debt->fund;
}

static void
take_off(struct owing *o, const Ledger__SetoffTaken *event)
{
    struct claim *claim = &o->claims[event->claim];
    int64_t taken_fen[FUNDS] = {0};

    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__SetoffRow *row = event->rows[i];
        struct debt *debt = debt_of(o, row->receivable);
        struct part *part = &debt->parts[row->part];

        part->taken_fen += row->amount_fen;
        claim->setoff_fen += row->amount_fen;
        taken_fen[fund_of(debt, row->part)] += row->amount_fen;
        if (!same_payee(debt, claim) ||
            taken_fen[fund_of(debt, row->part)] > claim->bears_fen[fund_of(debt, row->part)] ||
            part->division != claim->division || part->taken_fen > part->left_fen || row->amount_fen <= 0 ||
            (debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && !debt->decided))
            sim_broken(o->sim, "claim %llu pays receivable %llu, and must not", (unsigned long long)event->claim,
                       (unsigned long long)row->receivable);
        JN_ASSERT(o->taken_count < DEBTS_MAX);
        o->taken[o->taken_count++] = (struct taken){event->claim, row->receivable, row->part, row->amount_fen};
    }
    if (claim->setoff_fen > claim->net_fen)
        sim_broken(o->sim, "more is taken off claim %llu than it brings", (unsigned long long)event->claim);
    /* The oldest first: an older error without a plan has nothing left to take. */
    for (uint64_t number = 1; number < event->rows[event->n_rows - 1]->receivable; number++) {
        const struct debt *debt = &o->debts[number];

        for (size_t i = 0; debt->kind == LEDGER__DEBT_KIND__DEBT_ERROR && debt->plan_count == 0 &&
                           same_payee(debt, claim) && i < debt->parts_count;
             i++) {
            if (debt->parts[i].division == claim->division && debt->parts[i].left_fen > debt->parts[i].taken_fen &&
                taken_fen[fund_of(debt, i)] < claim->bears_fen[fund_of(debt, i)])
                sim_broken(o->sim, "claim %llu passes by receivable %llu, an older one",
                           (unsigned long long)event->claim, (unsigned long long)number);
        }
    }
}

/* What was taken comes back once, or is owed as before. */
static bool
let_go(struct owing *o, uint64_t claim, uint64_t debt, uint32_t part, int64_t fen)
{
    for (size_t i = 0; i < o->taken_count; i++) {
        struct taken *taken = &o->taken[i];

        if (taken->claim != claim || (debt && (taken->debt != debt || taken->part != part || taken->fen != fen)))
            continue;
        o->debts[taken->debt].parts[taken->part].taken_fen -= taken->fen;
        *taken = o->taken[--o->taken_count];
        return true;
    }
    return false;
}

static void
owe_as_before(struct owing *o, uint64_t claim)
{
    while (let_go(o, claim, 0, 0, 0))
        ;
    if (claim < CITY_CLAIMS)
        o->claims[claim].setoff_fen = 0;
}

/* The same for a grant's instalment: of the same fund and division's account, of a pool's any source's own. */
static void
take_off_grant(struct owing *o, const Ledger__GrantInstructed *event)
{
    const struct grant *grant = &o->grants[event->grant];
    const struct claim payee = {.institution = event->institution};

    o->disbursed[event->disbursement] = false;
    for (size_t i = 0; i < event->n_setoffs; i++) {
        const Ledger__SetoffRow *row = event->setoffs[i];
        struct debt *debt = debt_of(o, row->receivable);
        struct part *part = &debt->parts[row->part];
        bool fits = grant->fund && debt->fund == grant->fund && part->division == grant->division;

        for (size_t s = 0; s < event->n_shares; s++)
            fits = fits || (debt->fund == (uint32_t)event->shares[s]->fund && part->division == grant->own);
        part->taken_fen += row->amount_fen;
        if (!fits || !same_payee(debt, &payee) || part->taken_fen > part->left_fen || row->amount_fen <= 0 ||
            (debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && !debt->decided))
            sim_broken(o->sim, "disbursement %llu pays receivable %llu, and must not",
                       (unsigned long long)event->disbursement, (unsigned long long)row->receivable);
        JN_ASSERT(o->taken_count < DEBTS_MAX);
        o->taken[o->taken_count++] =
            (struct taken){DISBURSEMENT | event->disbursement, row->receivable, row->part, row->amount_fen};
    }
    for (uint64_t number = 1; event->draft && number <= o->debts_count; number++) {
        const struct debt *debt = &o->debts[number];

        if (debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && same_payee(debt, &payee) && free_of(debt) > 0)
            sim_broken(o->sim, "disbursement %llu goes to the bank, and its payee's fraud %llu is not settled",
                       (unsigned long long)event->disbursement, (unsigned long long)number);
    }
}

static void
hear_grants(struct owing *o, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_GRANT_COMMITTED) {
        const Ledger__GrantCommitted *event = message;

        JN_ASSERT(event->number < GRANTS_MAX);
        o->grants[event->number] = (struct grant){event->institution, event->n_shares ? 0 : (uint32_t)event->fund,
                                                  event->division, event->account_division};
    }
    if (type == LEDGER__EVENT__BODY_GRANT_INSTRUCTED)
        take_off_grant(o, message);
    if (type == LEDGER__EVENT__BODY_GRANT_PAID && ((const Ledger__GrantPaid *)message)->disbursement)
        o->disbursed[((const Ledger__GrantPaid *)message)->disbursement] = true;
    if (type == LEDGER__EVENT__BODY_GRANTS_FAILED) {
        const Ledger__GrantsFailed *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            owe_as_before(o, DISBURSEMENT | event->rows[i]->disbursement);
    }
    if (type == LEDGER__EVENT__BODY_GRANTS_WITHDRAWN) {
        const Ledger__GrantsWithdrawn *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            owe_as_before(o, DISBURSEMENT | event->rows[i]->disbursement);
    }
}

static bool
is_paid(const struct owing *o, uint64_t row)
{
    return row & DISBURSEMENT ? o->disbursed[row & ~DISBURSEMENT] : o->claims[row].paid;
}

static void
come_back(struct owing *o, const Ledger__Returned *event)
{
    uint64_t by = event->by_disbursement ? DISBURSEMENT | event->by_disbursement : event->by_claim;
    int64_t sum = 0;

    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__ReturnedPart *part = event->parts[i];

        if (by && (!let_go(o, by, event->receivable, part->part, part->amount_fen) || !is_paid(o, by)))
            sim_broken(o->sim, "row %llu brings back what was not taken off it, or before it is paid",
                       (unsigned long long)by);
        lessen(o, event->receivable, part->part, part->amount_fen);
        sum += part->amount_fen;
    }
    if (sum != event->amount_fen)
        sim_broken(o->sim, "receivable %llu: what came back is not its parts", (unsigned long long)event->receivable);
}

static void
to_bank(struct owing *o, const Ledger__Instructed *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim *claim = &o->claims[event->rows[i]->claim];

        claim->kept = false;
        for (uint64_t number = 1; claim->net_fen > claim->setoff_fen && number <= o->debts_count; number++) {
            const struct debt *debt = &o->debts[number];

            if (debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && same_payee(debt, claim) && free_of(debt) > 0)
                sim_broken(o->sim, "claim %llu goes to the bank, and its payee's fraud %llu is not settled",
                           (unsigned long long)event->rows[i]->claim, (unsigned long long)number);
        }
    }
}

/* ---- All of it ---- */

static void
hear_claims(struct owing *o, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_COMMITTED) {
        const Ledger__Committed *event = message;

        for (size_t i = 0; i < event->n_rows; i++) {
            const Ledger__CommittedRow *row = event->rows[i];

            o->claims[row->claim] = (struct claim){.person = row->institution ? 0 : row->person,
                                                   .institution = row->institution,
                                                   .fund = (uint32_t)row->fund,
                                                   .division = row->account_division,
                                                   .amount_fen = row->amount_fen,
                                                   .net_fen = row->amount_fen - row->offset_fen};
            if (row->n_shares == 0)
                o->claims[row->claim].bears_fen[row->fund] = row->amount_fen - row->offset_fen;
            for (size_t k = 0; k < row->n_shares; k++)
                o->claims[row->claim].bears_fen[row->shares[k]->fund] = row->shares[k]->amount_fen;
            if (!event->from_queue)
                earn(o, event->class_, (uint32_t)row->fund, row->institution, row->offset_fen);
        }
    }
    if (type == LEDGER__EVENT__BODY_QUEUED) {
        const Ledger__Queued *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            earn(o, event->class_, (uint32_t)event->rows[i]->fund, event->rows[i]->institution,
                 event->rows[i]->offset_fen);
    }
    if (type == LEDGER__EVENT__BODY_PAID) {
        const Ledger__Paid *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            o->claims[event->rows[i]->claim].paid = true;
    }
    if (type == LEDGER__EVENT__BODY_FAILED) {
        const Ledger__Failed *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            owe_as_before(o, event->rows[i]->claim);
    }
    if (type == LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN) {
        const Ledger__ClaimsWithdrawn *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            owe_as_before(o, event->rows[i]->claim);
    }
}

/* What will not be paid of a claim; what it had earned of an advance is owed once the class is settled. */
static void
give_back(struct owing *o, const Ledger__CommitmentReleased *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__ReleasedRow *row = event->rows[i];
        struct claim *claim = &o->claims[row->claim];
        struct advance *advance;
        struct debt *debt;

        if (!row->waiting) {
            claim->amount_fen -= row->amount_fen;
            claim->net_fen -= row->amount_fen - row->offset_fen;
            if (row->n_shares == 0)
                claim->bears_fen[row->fund] -= row->amount_fen - row->offset_fen;
            for (size_t k = 0; k < row->n_shares; k++)
                claim->bears_fen[row->shares[k]->fund] -= row->shares[k]->amount_fen;
            claim->kept = claim->kept && claim->amount_fen > 0; /* of what is given back nothing is kept */
        }
        if (row->offset_fen == 0)
            continue;
        advance =
            advance_of(o, event->class_, (uint32_t)row->fund, row->waiting ? row->institution : claim->institution);
        if (!advance->settled)
            continue;
        if (advance->debt) {
            debt_of(o, advance->debt)->parts[0].left_fen += row->offset_fen;
            continue;
        }
        advance->debt = o->debts_count + 1;
        debt = debt_new(o, advance->debt);
        debt->kind = LEDGER__DEBT_KIND__DEBT_ADVANCE;
        debt->fund = advance->fund;
        debt->institution = advance->institution;
        debt->parts_count = 1;
        debt->parts[0] = (struct part){.division = advance->division, .left_fen = row->offset_fen};
    }
}

static void
hear_advances(struct owing *o, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_ADVANCE_PAID && !((const Ledger__AdvancePaid *)message)->refused) {
        const Ledger__AdvancePaid *event = message;

        JN_ASSERT(o->advances_count < ADVANCES_MAX);
        o->advances[o->advances_count++] = (struct advance){.class = event->class_,
                                                            .institution = event->institution,
                                                            .fund = (uint32_t)event->fund,
                                                            .division = event->account_division};
    }
    if (type == LEDGER__EVENT__BODY_ADVANCE_SETTLED)
        settle_advance(o, message);
    if (type == LEDGER__EVENT__BODY_RECOVERED) {
        const Ledger__Recovered *event = message;
        const struct advance *advance = advance_of(o, event->class_, (uint32_t)event->fund, event->institution);

        if (advance->debt)
            lessen(o, advance->debt, 0, event->amount_fen);
    }
}

static void
hear(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct owing *o = context;

    (void)block;
    hear_claims(o, type, message);
    hear_advances(o, type, message);
    hear_grants(o, type, message);
    if (type == LEDGER__EVENT__BODY_COMMITMENT_RELEASED)
        give_back(o, message);
    if (type == LEDGER__EVENT__BODY_REVERSED)
        reverse(o, message);
    if (type == LEDGER__EVENT__BODY_RECOVERY_ARRANGED)
        arrange(o, message);
    if (type == LEDGER__EVENT__BODY_INSTALMENT_OVERDUE)
        be_late(o, message);
    if (type == LEDGER__EVENT__BODY_WRITTEN_OFF)
        give_up(o, message);
    if (type == LEDGER__EVENT__BODY_SETOFF_TAKEN)
        take_off(o, message);
    if (type == LEDGER__EVENT__BODY_RETURNED)
        come_back(o, message);
    if (type == LEDGER__EVENT__BODY_INSTRUCTED)
        to_bank(o, message);
    if (type == LEDGER__EVENT__BODY_PAYMENTS_STOPPED) {
        const Ledger__PaymentsStopped *event = message;

        for (size_t i = 0; i < event->n_claims; i++)
            o->claims[event->claims[i]].kept = event->change == LEDGER__STOP_CHANGE__STOP_KEPT;
    }
}

static bool
keeps_fraud(const struct owing *o, const struct claim *claim)
{
    for (uint64_t number = 1; number <= o->debts_count; number++) {
        const struct debt *debt = &o->debts[number];

        if (debt->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && left_of(debt) > 0 && same_payee(debt, claim))
            return true;
    }
    return false;
}

static void
prove(struct owing *o)
{
    const struct city *city = &o->sim->city;
    int64_t left_fen = 0;

    for (uint64_t number = 1; number <= o->debts_count; number++) {
        struct debt *debt = &o->debts[number];

        left_fen += left_of(debt);
        for (size_t i = debt->told; i < debt->plan_count; i++) {
            if (debt->days[i] < city_today(o->sim) && instalment_left(debt, i) > 0)
                sim_broken(o->sim, "instalment %zu of receivable %llu is overdue, and nobody is told", i + 1,
                           (unsigned long long)number);
        }
    }
    for (uint64_t number = 1; number < CITY_CLAIMS; number++) {
        if (o->claims[number].kept && !keeps_fraud(o, &o->claims[number]))
            sim_broken(o->sim, "claim %llu is kept from the bank for no fraud", (unsigned long long)number);
    }
    for (size_t i = 0; i < o->taken_count; i++) {
        if (is_paid(o, o->taken[i].claim))
            sim_broken(o->sim, "row %llu is paid, and what was taken off it has not come back",
                       (unsigned long long)o->taken[i].claim);
    }
    if (left_fen != city->receivable_fen || o->written_off_fen != city->written_off_fen ||
        o->reversed_fen != city->reversed_fen || o->grants_reversed_fen != city->grants_reversed_fen)
        sim_broken(o->sim,
                   "the ledger says that %lld fen are owed, %lld given up, %lld reversed; its events say "
                   "%lld, %lld, %lld",
                   (long long)city->receivable_fen, (long long)city->written_off_fen, (long long)city->reversed_fen,
                   (long long)left_fen, (long long)o->written_off_fen, (long long)o->reversed_fen);
}

/* After the money: the totals that the ledger tells were asked for there. */
void
sim_prove_debts(struct sim *sim)
{
    struct owing *o = calloc(1, sizeof(*o));

    JN_ASSERT(o);
    o->sim = sim;
    sim_events(sim, SUBSIDY, hear_reckoned, o);
    sim_events(sim, LEDGER, hear, o);
    prove(o);
    free(o);
}

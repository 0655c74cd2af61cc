/* Grants and pools, reckoned a second time from the events alone: no more is paid and released than was promised, none
 * of it from ring-fenced money, and of a pool's each source bears exactly its share. */
#include "simulation/money.h"

#include <stdlib.h>

#include "jineng/v1/ledger.pb-c.h"

#define GRANTS_MAX 4000

struct grant {
    uint32_t fund, division, year, purpose;
    uint32_t own; /* division */
    uint64_t institution;
    int64_t amount, paid, released, ordered, reversed;
    int64_t shares[6];      /* of a pool: what is open, by fund */
    int64_t paid_shares[6]; /* and paid, and not reversed */
};
struct disbursement {
    uint64_t grant, batch;
    int64_t amount, setoff;
    enum { NOT_SENT, AT_BANK, WAS_PAID, SENT_BACK, TAKEN_OUT } standing;
    uint32_t contradicted;
};
struct grants {
    struct sim *sim;
    struct grant grants[GRANTS_MAX];
    struct disbursement disbursements[CITY_DISBURSEMENTS];
    uint64_t disbursements_count;
    uint64_t count;
};

struct grants *
grants_new(struct sim *sim)
{
    struct grants *g = calloc(1, sizeof(*g));

    JN_ASSERT(g);
    g->sim = sim;
    return g;
}

/* A pool's share moves in its own source's account; it must be exact, and no source's share be overdrawn. */
static void
move_shares(struct reckoning *r, struct grants *g, struct grant *grant, size_t count, Ledger__PoolShare *const *shares,
            uint32_t type, uint32_t to_year, int64_t amount)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t fund = (uint32_t)shares[i]->fund;
        int64_t fen = shares[i]->amount_fen;
        struct account *account = account_of(r, fund, grant->division, grant->year);

        amount -= fen;
        grant->shares[fund] += type == LEDGER__EVENT__BODY_GRANT_COMMITTED ? fen : -fen;
        if (fund == COMMON__FUND__SKILLS_ACCOUNT || grant->shares[fund] < 0 || fen <= 0)
            sim_broken(g->sim, "a pooled grant takes from fund %u what is not its share", fund);
        if (type == LEDGER__EVENT__BODY_GRANT_COMMITTED) {
            account->pooled -= fen;
            account->granted += fen;
        } else if (type == LEDGER__EVENT__BODY_GRANT_PAID) {
            account->granted -= fen;
            account->grant_paid += fen;
            grant->paid_shares[fund] += fen;
        } else if (to_year == grant->year) {
            account->granted -= fen;
            account->pooled += fen;
        } else {
            return_to(r, account, &account->granted, to_year, fen);
        }
        balanced(r, account);
    }
    if (amount != 0)
        sim_broken(g->sim, "a pooled grant's shares are not its amount: %lld fen", (long long)amount);
}

static void
promise(struct reckoning *r, struct grants *g, const Ledger__GrantCommitted *event)
{
    struct grant *grant;
    struct account *account;

    if (event->number != g->count + 1 || event->number >= GRANTS_MAX)
        sim_broken(g->sim, "grant %llu is out of turn", (unsigned long long)event->number);
    if (event->fund == COMMON__FUND__SKILLS_ACCOUNT || event->fund == COMMON__FUND__UNEMPLOYMENT_INSURANCE)
        sim_broken(g->sim, "grant %llu is paid from ring-fenced money", (unsigned long long)event->number);
    g->count = event->number;
    g->sim->stats->grants++;
    g->sim->stats->pooled += event->n_shares > 0;
    g->sim->stats->earmarked += event->earmarked ? 1 : 0;
    grant = &g->grants[event->number];
    *grant = (struct grant){.fund = (uint32_t)event->fund,
                            .division = event->account_division,
                            .own = event->division,
                            .institution = event->institution,
                            .year = event->year,
                            .purpose = event->earmarked ? (uint32_t)event->purpose : 0,
                            .amount = event->amount_fen};
    if (event->n_shares) {
        move_shares(r, g, grant, event->n_shares, event->shares, LEDGER__EVENT__BODY_GRANT_COMMITTED, 0, grant->amount);
        return;
    }
    account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
    account->available -= grant->amount;
    account->granted += grant->amount;
    balanced(r, account);
}

static struct grant *
grant_of(struct grants *g, uint64_t number, int64_t paid, int64_t released)
{
    struct grant *grant = &g->grants[number <= g->count ? number : 0];

    grant->paid += paid;
    grant->released += released;
    if (grant->paid + grant->released + grant->ordered > grant->amount)
        sim_broken(g->sim, "grant %llu: more is paid and released than was promised", (unsigned long long)number);
    return grant;
}

/* ---- At the bank ---- */

static struct disbursement *
disbursement_of(struct grants *g, uint64_t number)
{
    if (number == 0 || number > g->disbursements_count)
        sim_broken(g->sim, "disbursement %llu was never instructed", (unsigned long long)number);
    return &g->disbursements[number];
}

static void
instruct(struct reckoning *r, struct grants *g, const Ledger__GrantInstructed *event)
{
    struct batch *batch = batch_of(r, event->batch);
    struct disbursement *row;
    struct grant *grant;

    JN_ASSERT(event->disbursement < CITY_DISBURSEMENTS);
    if (!event->again && event->disbursement != ++g->disbursements_count)
        sim_broken(g->sim, "disbursement %llu is out of turn", (unsigned long long)event->disbursement);
    row = disbursement_of(g, event->disbursement);
    if (row->standing != (event->again ? SENT_BACK : NOT_SENT) || row->contradicted)
        sim_broken(g->sim, "disbursement %llu goes to the bank, which has it or contradicts",
                   (unsigned long long)event->disbursement);
    *row = (struct disbursement){
        .grant = event->grant, .batch = event->batch, .amount = event->amount_fen, .standing = AT_BANK};
    for (size_t i = 0; i < event->n_setoffs; i++)
        row->setoff += event->setoffs[i]->amount_fen;
    grant = grant_of(g, event->grant, 0, 0);
    grant->ordered += event->amount_fen;
    grant_of(g, event->grant, 0, 0);
    if (grant->institution != event->institution || institution_frozen(r, event->institution) ||
        row->setoff > row->amount || event->draft != (row->setoff < row->amount))
        sim_broken(g->sim, "disbursement %llu goes to somebody else, or to one who is frozen",
                   (unsigned long long)event->disbursement);
    batch->draft = batch->draft || event->draft;
    batch->rows++;
    batch->fen += row->amount - row->setoff;
    g->sim->stats->disbursed++;
}

static void
answer(struct reckoning *r, struct grants *g, uint64_t number, uint64_t batch, int standing, int64_t amount)
{
    struct disbursement *row = disbursement_of(g, number);

    if (standing != TAKEN_OUT)
        at_bank(r, batch);
    if (row->standing != AT_BANK || row->batch != batch || (amount && row->amount != amount))
        sim_broken(g->sim, "disbursement %llu is answered twice, or as another", (unsigned long long)number);
    row->standing = standing;
    g->sim->stats->disbursed_paid += standing == WAS_PAID;
    g->grants[row->grant].ordered -= row->amount;
}

static void
take_out(struct reckoning *r, struct grants *g, const Ledger__GrantsWithdrawn *event)
{
    struct batch *batch = batch_of(r, event->batch);

    if (*batch->maker || batch->released)
        sim_broken(g->sim, "batch %llu is declared, and loses a row", (unsigned long long)event->batch);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct disbursement *row = disbursement_of(g, event->rows[i]->disbursement);

        answer(r, g, event->rows[i]->disbursement, event->batch, TAKEN_OUT, 0);
        row->standing = event->rows[i]->failed ? SENT_BACK : TAKEN_OUT;
        batch->rows--;
        batch->fen -= row->amount - row->setoff;
    }
}

void
grants_released(struct reckoning *r, struct grants *g, uint64_t batch)
{
    for (uint64_t number = 1; number <= g->disbursements_count; number++) {
        const struct disbursement *row = &g->disbursements[number];

        if (row->batch == batch && row->standing == AT_BANK &&
            (row->contradicted || institution_frozen(r, g->grants[row->grant].institution)))
            sim_broken(g->sim, "batch %llu is released with disbursement %llu, which is frozen or contradicted",
                       (unsigned long long)batch, (unsigned long long)number);
    }
}

void
grants_contradicted(struct grants *g, uint64_t disbursement, int by)
{
    disbursement_of(g, disbursement)->contradicted += (uint32_t)by;
}

void
grants_prove(const struct grants *g)
{
    for (uint64_t number = 1; number <= g->disbursements_count; number++) {
        const struct disbursement *row = &g->disbursements[number];

        if (row->standing == WAS_PAID && row->setoff < row->amount && g->sim->city.bank_grants[number] != 1)
            sim_broken(g->sim, "disbursement %llu is recorded as paid, and the bank has paid it %u times",
                       (unsigned long long)number, g->sim->city.bank_grants[number]);
    }
}

/* ---- What was misused ---- */

/* Out of the account that bore it, or of a pool's source no more than it has paid. */
static void
reverse(struct reckoning *r, struct grants *g, const Ledger__Reversed *event)
{
    struct grant *grant = grant_of(g, event->grant, 0, 0);
    uint32_t fund = (uint32_t)event->fund;
    struct account *account = grant->fund ? earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose)
                                          : account_of(r, fund, grant->own, grant->year);

    g->sim->stats->grants_reversed++;
    grant->reversed += event->amount_fen;
    grant->paid_shares[fund] -= grant->fund ? 0 : event->amount_fen;
    account->grant_paid -= event->amount_fen;
    account->receivable += event->amount_fen;
    balanced(r, account);
    if (grant->reversed > grant->paid || grant->paid_shares[fund] < 0 || event->institution != grant->institution ||
        event->n_parts != 1 || event->parts[0]->amount_fen != event->amount_fen ||
        event->parts[0]->year != account->year || event->parts[0]->account_division != account->division ||
        (uint32_t)event->parts[0]->purpose != account->purpose || account->fund != fund)
        sim_broken(g->sim, "grant %llu is reversed by more than was paid, or to another account",
                   (unsigned long long)event->grant);
}

static void
hear_bank(struct reckoning *r, struct grants *g, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_GRANT_INSTRUCTED)
        instruct(r, g, message);
    if (type == LEDGER__EVENT__BODY_GRANTS_WITHDRAWN)
        take_out(r, g, message);
    if (type == LEDGER__EVENT__BODY_GRANTS_FAILED) {
        const Ledger__GrantsFailed *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            answer(r, g, event->rows[i]->disbursement, event->batch, SENT_BACK, 0);
    }
    if (type == LEDGER__EVENT__BODY_REVERSED && ((const Ledger__Reversed *)message)->grant)
        reverse(r, g, message);
}

static void
hear_grant(struct reckoning *r, struct grants *g, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_GRANT_COMMITTED)
        promise(r, g, message);
    if (type == LEDGER__EVENT__BODY_GRANT_PAID) {
        const Ledger__GrantPaid *event = message;
        struct grant *grant;
        struct account *account;

        if (event->disbursement)
            answer(r, g, event->disbursement, event->batch, WAS_PAID, event->amount_fen);
        grant = grant_of(g, event->grant, event->amount_fen, 0);

        if (event->n_shares) {
            move_shares(r, g, grant, event->n_shares, event->shares, type, 0, event->amount_fen);
            return;
        }
        account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
        account->granted -= event->amount_fen;
        account->grant_paid += event->amount_fen;
        balanced(r, account);
    }
    if (type == LEDGER__EVENT__BODY_GRANT_RELEASED) {
        const Ledger__GrantReleased *event = message;
        struct grant *grant = grant_of(g, event->grant, 0, event->amount_fen);
        struct account *account;

        if (event->n_shares) {
            move_shares(r, g, grant, event->n_shares, event->shares, type, event->to_year, event->amount_fen);
            return;
        }
        account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
        return_to(r, account, &account->granted, event->to_year, event->amount_fen);
    }
}

/* ---- Claims that pools bear ---- */

/* A pool's sources bear all of what the claim takes: none is the special account, and each is one that the division
 * pooled. */
void
shares_taken(struct reckoning *r, struct claim *claim, const Ledger__CommittedRow *row)
{
    int64_t sum = 0;

    claim->pooled = row->n_shares > 0;
    r->sim->stats->shared += claim->pooled;
    for (size_t i = 0; i < row->n_shares; i++) {
        uint32_t fund = (uint32_t)row->shares[i]->fund;

        if (fund == 0 || fund >= 6 || fund == COMMON__FUND__SKILLS_ACCOUNT || row->shares[i]->amount_fen <= 0 ||
            claim->shares[fund] != 0)
            sim_broken(r->sim, "claim %llu takes from fund %u of a pool", (unsigned long long)row->claim, fund);
        claim->shares[fund] = row->shares[i]->amount_fen;
        sum += claim->shares[fund];
        for (uint64_t other = 1; fund != claim->fund && other <= r->claims_count; other++) {
            if (r->claims[other].standing == WAITING && r->claims[other].fund == fund &&
                r->claims[other].division == claim->division)
                sim_broken(r->sim, "claim %llu takes money of fund %u that claim %llu waits for",
                           (unsigned long long)row->claim, fund, (unsigned long long)other);
        }
    }
    if (claim->pooled && (sum != row->amount_fen - row->offset_fen || row->account_division != claim->division))
        sim_broken(r->sim, "claim %llu: the pool's shares are not what it takes", (unsigned long long)row->claim);
}

/* To the pool within its year, else to each source itself. */
void
shares_returned(struct reckoning *r, struct claim *claim, const Ledger__ReleasedRow *row, uint32_t to_year)
{
    int64_t sum = 0;

    for (size_t i = 0; i < row->n_shares; i++) {
        uint32_t fund = (uint32_t)row->shares[i]->fund % 6;
        int64_t fen = row->shares[i]->amount_fen;
        struct account *account = account_of(r, fund, claim->account_division, claim->year);

        claim->shares[fund] -= fen;
        sum += fen;
        if (fen <= 0 || claim->shares[fund] < 0)
            sim_broken(r->sim, "claim %llu returns more to fund %u than is its share", (unsigned long long)row->claim,
                       fund);
        if (to_year == claim->year) {
            account->committed -= fen;
            account->pooled += fen;
            balanced(r, account);
        } else {
            return_to(r, account, &account->committed, to_year, fen);
        }
    }
    if (sum != row->amount_fen - row->offset_fen)
        sim_broken(r->sim, "claim %llu: what returns to the pool is not what is released",
                   (unsigned long long)row->claim);
}

/* ---- All of it ---- */

static void
hear_pool(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_POOL_CONTRIBUTED) {
        const Ledger__PoolContributed *event = message;

        for (size_t i = 0; i < event->n_sources; i++) {
            struct account *account = account_of(r, (uint32_t)event->sources[i]->fund, event->division, event->year);

            account->available -= event->sources[i]->amount_fen;
            account->pooled += event->sources[i]->amount_fen;
            balanced(r, account);
        }
    }
    if (type == LEDGER__EVENT__BODY_POOL_DISSOLVED) {
        const Ledger__PoolDissolved *event = message;

        for (size_t i = 0; i < event->n_sources; i++) {
            struct account *account =
                account_of(r, (uint32_t)event->sources[i]->fund, event->division, event->from_year);

            return_to(r, account, &account->pooled, event->to_year, event->sources[i]->amount_fen);
        }
    }
}

void
grants_hear(struct reckoning *r, struct grants *g, uint32_t type, const void *message)
{
    hear_bank(r, g, type, message);
    hear_grant(r, g, type, message);
    hear_pool(r, type, message);
}

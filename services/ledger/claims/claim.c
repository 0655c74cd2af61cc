/* Claims (补贴申领): each entitlement that the subsidy service settled, from the commitment to the payee's bank.
 *
 * The claims of a settlement share a row, in columns (ledger.proto: Claims). Two columns are packed:
 *
 *   kind      bits 0-7 common.Item, 8-15 common.Fund, 16-23 common.Payee
 *   standing  bits 0-2 claim_state, 3 approved, 4 held, 5 the city's account bears it, 6 one earmarked for the item,
 *             7 and up: years between the settlement and the account that bears it; so that the usual ones take a byte
 */
#include "ledger/paying/paying.h"

#include "domain/date.h"

#define STATE_MASK   7u
#define APPROVED_BIT 8u
#define HELD_BIT     16u
#define CITY_BIT     32u
#define EARMARK_BIT  64u
#define YEARS_SHIFT  7

static const char *const state_names[] = {
    [CLAIM_NONE] = "unknown",
    [CLAIM_WAITING] = "waiting",
    [CLAIM_COMMITTED] = "committed",
    [CLAIM_INSTRUCTED] = "instructed",
    [CLAIM_PAID] = "paid",
    [CLAIM_FAILED] = "failed",
    [CLAIM_MISDIRECTED] = "misdirected",
    [CLAIM_RELEASED] = "released",
};

const char *
claim_state_name(enum claim_state state)
{
    return state_names[state];
}

int64_t
claim_net(const struct claim *claim)
{
    return claim->amount_fen - claim->offset_fen;
}

int64_t
claim_sent(const struct claim *claim)
{
    return claim_net(claim) - claim->setoff_fen;
}

/* ---- Table ---- */

size_t
claims_count(const Ledger__Claims *claims)
{
    return claims->n_amount_fen;
}

static struct jn_key
claims_key(const Ledger__Claims *claims)
{
    return JN_KEY(claims->first_claim + claims_count(claims) - 1);
}

const Ledger__Claims *
claims_of(const struct jn_view *view, uint64_t claim)
{
    struct jn_key found;
    const Ledger__Claims *claims = jn_first(view, TABLE_CLAIMS, JN_KEY(claim), 0, &found);

    return claims && claims->first_claim <= claim ? claims : NULL;
}

/* What an accessor hands out is a copy of the message's own: apply may change it. */
Ledger__Claims *
claims_take(struct jn_tables *t, uint64_t claim)
{
    const Ledger__Claims *claims = claims_of(jn_view_of(t), claim);

    JN_ASSERT(claims);
    return (Ledger__Claims *)(uintptr_t)claims;
}

void
claims_put(struct jn_tables *t, const Ledger__Claims *claims)
{
    JN_ASSERT(claims->n_standing == claims_count(claims) && claims->n_batch == claims_count(claims));
    jn_put(t, TABLE_CLAIMS, claims_key(claims), claims);
}

struct claim
claim_at(const Ledger__Claims *claims, size_t place)
{
    uint32_t kind = claims->kind[place], standing = claims->standing[place], batch = claims->batch[place];
    struct claim claim = {
        .number = claims->first_claim + place,
        .person = claims->person[place],
        .amount_fen = claims->amount_fen[place],
        .offset_fen = claims->n_offset_fen ? claims->offset_fen[place] : 0,
        .setoff_fen = claims->n_setoff_fen ? claims->setoff_fen[place] : 0,
        .reversed_fen = claims->n_reversed_fen ? claims->reversed_fen[place] : 0,
        .item = (Common__Item)(kind & 0xff),
        .fund = (Common__Fund)(kind >> 8 & 0xff),
        .payee = (Common__Payee)(kind >> 16 & 0xff),
        .state = (enum claim_state)(standing & STATE_MASK),
        .approved = standing & APPROVED_BIT,
        .held = standing & HELD_BIT,
        .batch = batch ? claims->batches[batch - 1] : 0,
        .released_fen = claims->n_released_fen ? claims->released_fen[place] : 0,
        .unqueued_fen = claims->n_unqueued_fen ? claims->unqueued_fen[place] : 0,
    };

    claim.institution = claim.payee == COMMON__PAYEE__PAYEE_INSTITUTION  ? claims->provider
                        : claim.payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? claims->employer
                                                                         : 0;
    claim.account.fund = claim.fund;
    claim.account.division = standing & CITY_BIT ? city_of(claims->division) : claims->division;
    claim.account.year = claims->year + (standing >> YEARS_SHIFT);
    claim.account.purpose = standing & EARMARK_BIT ? (uint32_t)claim.item : 0;
    for (size_t i = 0; i < claims->n_pooled; i++) {
        if (claims->pooled[i]->place == place) {
            claim.n_shares = claims->pooled[i]->n_shares;
            claim.shares = claims->pooled[i]->shares;
            claim.shares_reversed_fen = claims->pooled[i]->n_reversed_fen ? claims->pooled[i]->reversed_fen : NULL;
        }
    }
    return claim;
}

/* In a column that is there only where one of its claims needs it. */
static void
set_in(const struct jn_view *view, size_t count, int64_t **column, size_t *n, size_t place, int64_t fen)
{
    if (fen == 0 && *n == 0)
        return;
    if (*n == 0) {
        *column = jn_take(view, count * sizeof(**column));
        *n = count;
    }
    (*column)[place] = fen;
}

/* A payee institution is the settlement's own: its provider or its employer. */
void
claim_fill(const struct jn_view *view, Ledger__Claims *claims, size_t place, const struct claim *claim)
{
    size_t count = claims_count(claims);

    JN_ASSERT(place < count);
    claims->person[place] = claim->person;
    claims->amount_fen[place] = claim->amount_fen;
    claims->kind[place] = (uint32_t)claim->item | (uint32_t)claim->fund << 8 | (uint32_t)claim->payee << 16;
    if (claim->payee == COMMON__PAYEE__PAYEE_INSTITUTION)
        claims->provider = claim->institution;
    if (claim->payee == COMMON__PAYEE__PAYEE_ENTERPRISE)
        claims->employer = claim->institution;
    set_in(view, count, &claims->offset_fen, &claims->n_offset_fen, place, claim->offset_fen);
}

void
claim_set_setoff(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen)
{
    set_in(view, claims_count(claims), &claims->setoff_fen, &claims->n_setoff_fen, place, fen);
}

void
claim_set_offset(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen)
{
    set_in(view, claims_count(claims), &claims->offset_fen, &claims->n_offset_fen, place, fen);
}

void
claim_set_reversed(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen)
{
    set_in(view, claims_count(claims), &claims->reversed_fen, &claims->n_reversed_fen, place, fen);
}

/* A batch is added to the row's list by the first of its claims. */
static uint32_t
batch_place(const struct jn_view *view, Ledger__Claims *claims, uint64_t batch)
{
    uint64_t *batches;

    if (batch == 0)
        return 0;
    for (size_t i = claims->n_batches; i > 0; i--) {
        if (claims->batches[i - 1] == batch)
            return (uint32_t)i;
    }
    batches = jn_take(view, (claims->n_batches + 1) * sizeof(*batches));
    for (size_t i = 0; i < claims->n_batches; i++)
        batches[i] = claims->batches[i];
    batches[claims->n_batches++] = batch;
    claims->batches = batches;
    return (uint32_t)claims->n_batches;
}

void
claim_set(const struct jn_view *view, Ledger__Claims *claims, size_t place, const struct claim *claim)
{
    uint32_t years = claim->account.year > claims->year ? claim->account.year - claims->year : 0;

    claims->standing[place] = (uint32_t)claim->state | (claim->approved ? APPROVED_BIT : 0) |
                              (claim->held ? HELD_BIT : 0) |
                              (claim->account.division != claims->division ? CITY_BIT : 0) |
                              (claim->account.purpose ? EARMARK_BIT : 0) | years << YEARS_SHIFT;
    claims->batch[place] = batch_place(view, claims, claim->batch);
}

/* Like the offsets: most settlements have none. */
void
claim_release(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen, bool whole)
{
    if (claims->n_released_fen == 0) {
        claims->released_fen = jn_take(view, claims_count(claims) * sizeof(*claims->released_fen));
        claims->n_released_fen = claims_count(claims);
    }
    claims->released_fen[place] += fen;
    if (!whole)
        claims->amount_fen[place] -= fen;
}

void
claim_unqueue(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen, bool whole)
{
    struct claim claim = claim_at(claims, place);

    set_in(view, claims_count(claims), &claims->unqueued_fen, &claims->n_unqueued_fen, place, claim.unqueued_fen + fen);
    claim_release(view, claims, place, fen, whole);
}

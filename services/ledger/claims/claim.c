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

/* ---- What is told ---- */

static const char *
why_waiting(struct jn_decision *d, const Ledger__Claims *claims, const struct claim *claim, uint32_t place)
{
    return jn_arena_print(d->arena, "%s waits for money of division %u; %u before it",
                          word_name(&words_funds, (int)claim->fund), claims->division, place - 1);
}

static const char *
why_instructed(struct jn_decision *d, const struct claim *claim)
{
    const Ledger__UndecidedClaim *undecided = undecided_of(d->view, claim->batch, claim->number);
    bool open;
    const Ledger__BatchFile *file = batch_find(d->view, claim->batch, &open);
    char day[DATE_TEXT];

    if (undecided)
        return jn_arena_print(d->arena,
                              "the bank has neither paid nor refused it since %s; it is not sent again before",
                              date_format(undecided->since_day, day));
    return batch_released(file) ? "the bank has not answered yet" : "finance has not released its batch yet; 2.12-c";
}

static const char *
why(struct jn_decision *d, const Ledger__Claims *claims, const struct claim *claim, uint32_t place)
{
    const Ledger__Failure *failure;

    if (claim->state == CLAIM_PAID || claim->state == CLAIM_NONE)
        return "";
    if (claim->state == CLAIM_RELEASED)
        return "it will not be paid: it was released; only a new settlement commits it again";
    if (claim->state == CLAIM_MISDIRECTED)
        return "the fund may not pay this item, or the claim cannot be used; 2.11-b";
    if (claim->state == CLAIM_WAITING)
        return why_waiting(d, claims, claim, place);
    if (claim->state == CLAIM_FAILED) {
        failure = jn_get(d->view, TABLE_FAILURE, JN_KEY(claim->number));
        return jn_arena_print(d->arena, "the bank sent it back: %s; correct the payee, then send it again",
                              failure ? failure->reason : "");
    }
    if (claim_contradicted(d->view, claim->number))
        return obstacle_text(CLAIM_CONTRADICTED);
    if (claim->held)
        return "a reviewer holds it";
    if (claim_frozen(d->view, claim))
        return "its payee is frozen while somebody is looked into; when that ends it is sent; 2.12-e";
    if (claim_investigated(d->view, claim))
        return obstacle_say(d, CLAIM_INVESTIGATED, claim->number, 0);
    if (claim->state == CLAIM_COMMITTED && claim->approved && recovery_stops(d->view, claim, d->today))
        return "2.12-e: payments to its payee are stopped until what was obtained by fraud is paid back";
    if (claim->state == CLAIM_INSTRUCTED)
        return why_instructed(d, claim);
    return "its public notice is not over";
}

/* More than a claim is ever reversed by. */
#define RECOVERIES_TOLD 50

static bool
list_recovery(void *context, const struct jn_key *key, const void *row)
{
    Ledger__ClaimView *reply = context;

    (void)row;
    reply->recoveries[reply->n_recoveries++] = jn_key_number(key, 1);
    return true;
}

static void
list_recoveries(const struct jn_view *view, uint64_t claim, Ledger__ClaimView *reply)
{
    reply->recoveries = jn_take(view, RECOVERIES_TOLD * sizeof(*reply->recoveries));
    jn_scan(view, TABLE_REVERSAL, JN_KEY(claim), sizeof(uint64_t), RECOVERIES_TOLD, list_recovery, reply);
}

static void
list_bookings(const struct jn_view *view, const struct claim *claim, Ledger__ClaimView *reply)
{
    const Ledger__BookingRow *booking = claim->batch ? booking_get(view, claim->batch, claim->number) : NULL;

    if (!booking)
        return;
    reply->booked = booking->booked;
    reply->n_booked = booking->n_booked;
    reply->returned = booking->returned;
    reply->n_returned = booking->n_returned;
}

enum jn_code
answer_claim(struct jn_decision *d, const Ledger__ClaimRequest *request)
{
    Ledger__ClaimView reply = LEDGER__CLAIM_VIEW__INIT;
    const Ledger__Claims *claims;
    struct claim claim;

    if (request->claim == 0)
        return jn_refuse(d, JN_MALFORMED, "name the claim by its number");
    claims = claims_of(d->view, request->claim);
    if (!claims || !jn_in_scope_division(d->who, claims->division))
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)request->claim);
    claim = claim_at(claims, request->claim - claims->first_claim);
    reply.claim = claim.number;
    reply.state = (char *)(uintptr_t)claim_state_name(claim.state);
    reply.place =
        claim.state == CLAIM_WAITING ? (uint32_t)queue_place(d->view, claims, request->claim - claims->first_claim) : 0;
    reply.amount_fen = claim.amount_fen;
    reply.offset_fen = claim.offset_fen;
    reply.fund = claim.fund;
    reply.division = claims->division;
    reply.account_division =
        claim.state == CLAIM_WAITING || claim.state == CLAIM_MISDIRECTED ? 0 : claim.account.division;
    reply.batch = claim.batch;
    reply.approved = claim.approved;
    reply.held = claim.held && claim.state != CLAIM_RELEASED;
    reply.released_fen = claim.released_fen;
    if (claim.state == CLAIM_WAITING)
        reply.frees_fen = queue_frees(d, claims, request->claim - claims->first_claim);
    reply.setoff_fen = claim.setoff_fen;
    reply.n_shares = claim.n_shares;
    reply.shares = claim.shares;
    setoffs_of(d->view, claim.number, &reply.setoffs, &reply.n_setoffs);
    reply.reversed_fen = claim.reversed_fen;
    list_recoveries(d->view, claim.number, &reply);
    list_bookings(d->view, &claim, &reply);
    reply.why = (char *)(uintptr_t)why(d, claims, &claim, reply.place);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* What is told of a claim (补贴查询): where it stands, and what it waits for. */
#include "ledger/paying/paying.h"

#include "domain/date.h"

static struct bilingual
why_waiting(struct jn_decision *d, const Ledger__Claims *claims, const struct claim *claim, uint32_t place)
{
    int fund = (int)claim->fund;

    return (struct bilingual){jn_arena_print(d->arena, "%s waits for money of division %u; %u before it",
                                             word_name(&words_funds, fund), claims->division, place - 1),
                              jn_arena_print(d->arena, "%s资金不足，区划%u，前面还有%u笔", word_zh(&words_funds, fund),
                                             claims->division, place - 1)};
}

static struct bilingual
why_instructed(struct jn_decision *d, const struct claim *claim)
{
    const Ledger__UndecidedClaim *undecided = undecided_of(d->view, claim->batch, claim->number);
    bool open;
    const Ledger__BatchFile *file = batch_find(d->view, claim->batch, &open);
    char day[DATE_TEXT];

    if (undecided) {
        date_format(undecided->since_day, day);
        return (struct bilingual){
            jn_arena_print(d->arena, "the bank has neither paid nor refused it since %s; it is not sent again before",
                           day),
            jn_arena_print(d->arena, "银行自%s起既未支付也未退回，确定之前不再发送", day)};
    }
    return batch_released(file)
               ? (struct bilingual){"the bank has not answered yet", "银行尚未回复"}
               : (struct bilingual){"finance has not released its batch yet; 2.12-c", "财政尚未放行所在批次；2.12-c"};
}

static struct bilingual
why_failed(struct jn_decision *d, const struct claim *claim)
{
    const Ledger__Failure *failure = jn_get(d->view, TABLE_FAILURE, JN_KEY(claim->number));
    const char *reason = failure ? failure->reason : "";

    return (struct bilingual){
        jn_arena_print(d->arena, "the bank sent it back: %s; correct the payee, then send it again", reason),
        jn_arena_print(d->arena, "银行退回：%s；请更正收款方后重新发送", reason)};
}

/* Committed or instructed: what keeps it. */
static struct bilingual
why_kept(struct jn_decision *d, const struct claim *claim)
{
    if (claim_contradicted(d->view, claim->number))
        return obstacle_bilingual(d, CLAIM_CONTRADICTED, 0, 0);
    if (claim->held)
        return (struct bilingual){"a reviewer holds it", "审核部门暂缓"};
    if (claim_frozen(d->view, claim))
        return (struct bilingual){
            "its payee is frozen while somebody is looked into; when that ends it is sent; 2.12-e",
            "收款方正在核查中，已冻结；核查结束后发送；2.12-e"};
    if (claim_investigated(d->view, claim))
        return obstacle_bilingual(d, CLAIM_INVESTIGATED, claim->number, 0);
    if (claim->state == CLAIM_COMMITTED && claim->approved && recovery_stops(d->view, claim, d->today))
        return (struct bilingual){
            "2.12-e: payments to its payee are stopped until what was obtained by fraud is paid back",
            "2.12-e：骗取资金退还之前，停止向其收款方支付"};
    if (claim->state == CLAIM_INSTRUCTED)
        return why_instructed(d, claim);
    return (struct bilingual){"its public notice is not over", "公示未满"};
}

static struct bilingual
why(struct jn_decision *d, const Ledger__Claims *claims, const struct claim *claim, uint32_t place)
{
    if (claim->state == CLAIM_PAID || claim->state == CLAIM_NONE)
        return (struct bilingual){"", ""};
    if (claim->state == CLAIM_RELEASED)
        return (struct bilingual){"it will not be paid: it was released; only a new settlement commits it again",
                                  "不予支付：资金承诺已释放，重新核定后方可再次列支"};
    if (claim->state == CLAIM_MISDIRECTED)
        return (struct bilingual){"the fund may not pay this item, or the claim cannot be used; 2.11-b",
                                  "该项资金不得用于此补贴，或该笔补贴无法使用；2.11-b"};
    if (claim->state == CLAIM_WAITING)
        return why_waiting(d, claims, claim, place);
    return claim->state == CLAIM_FAILED ? why_failed(d, claim) : why_kept(d, claim);
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
    struct bilingual said;
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
    said = why(d, claims, &claim, reply.place);
    reply.why = (char *)(uintptr_t)said.en;
    reply.why_zh = (char *)(uintptr_t)said.zh;
    jn_reply(d, &reply.base);
    return JN_OK;
}

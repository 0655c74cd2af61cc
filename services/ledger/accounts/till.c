/* Tills (支付账户的选择): which account bears what is spent. Whole, from one account, the first of these that has it:
 *
 *   1. what is earmarked (专项) for the item or purpose, the division's own; 2. the city's;
 *   3. of a claim: the division's pool (资金池), each source its share, 2.10-e;
 *   4. the division's general money;                                       5. the city's.
 *
 * What may be spent on less is spent first. Earmarked money pays for nothing else. So a claim that comes while others
 * wait takes nothing from them where it is paid from what is earmarked for its item and none of the item waits; all
 * other money it leaves to them, queue.c. */
#include "ledger/accounts/books.h"

void
till_open(struct jn_decision *d, struct till *till, Common__Fund fund, uint32_t division)
{
    if (till->open)
        return;
    till->open = true;
    till->own = (struct account){fund, division, year_now(d), 0};
    till->city = (struct account){fund, city_of(division), year_now(d), 0};
    till->own_fen = account_open(d, till->own);
    /* The city's own classes have one account, not two. */
    till->city_fen = till->city.division == division ? 0 : account_open(d, till->city);
    till->blocked = queue_blocks(d->view, fund, division);
}

bool
till_take(struct till *till, int64_t fen, struct account *from)
{
    if (till->own_fen >= fen) {
        till->own_fen -= fen;
        *from = till->own;
        return true;
    }
    if (till->city_fen < fen)
        return false;
    till->city_fen -= fen;
    *from = till->city;
    return true;
}

/* Most ledgers have none, and look for none. */
static struct earmark *
earmark_open(struct jn_decision *d, struct till *till, uint32_t purpose)
{
    struct earmark *earmark = &till->earmarks[purpose];
    struct account own = till->own, city = till->city;

    if (earmark->open || jn_counter(d->view, COUNTER_EARMARKS) == 0)
        return earmark;
    earmark->open = true;
    own.purpose = city.purpose = purpose;
    earmark->own_fen = account_open(d, own);
    earmark->city_fen = city.division == own.division ? 0 : account_open(d, city);
    return earmark;
}

/* An account that has nothing bears nothing, not even a claim of nothing. */
bool
till_take_earmarked(struct jn_decision *d, struct till *till, uint32_t purpose, int64_t fen, struct account *from)
{
    struct earmark *earmark = earmark_open(d, till, purpose);
    bool own = earmark->own_fen > 0 && earmark->own_fen >= fen;

    if (!own && (earmark->city_fen == 0 || earmark->city_fen < fen))
        return false;
    *(own ? &earmark->own_fen : &earmark->city_fen) -= fen;
    *from = own ? till->own : till->city;
    from->purpose = purpose;
    return true;
}

bool
till_take_for(struct jn_decision *d, struct till *till, struct claim *claim)
{
    int64_t fen = claim_net(claim);

    return till_take_earmarked(d, till, (uint32_t)claim->item, fen, &claim->account) ||
           (till->purse && purse_take(d, till->purse, till->own.division, claim)) ||
           till_take(till, fen, &claim->account);
}

/* What came before it, of its item, comes first for what is earmarked for the item. */
static bool
first_of_item(struct jn_decision *d, const struct till *till, uint32_t item)
{
    return jn_counter(d->view, COUNTER_EARMARKS) > 0 && !(till->came_first & 1u << item) &&
           !queue_blocks_item(d->view, till->own.fund, till->own.division, item);
}

bool
till_take_claim(struct jn_decision *d, struct till *till, struct claim *claim)
{
    uint32_t item = (uint32_t)claim->item;
    bool fits = till->blocked ? first_of_item(d, till, item) &&
                                    till_take_earmarked(d, till, item, claim_net(claim), &claim->account)
                              : till_take_for(d, till, claim);

    if (!fits) {
        till->blocked = true;
        till->came_first |= 1u << item;
        if (till->purse)
            till->purse->waits[till->own.fund] = true;
    }
    return fits;
}

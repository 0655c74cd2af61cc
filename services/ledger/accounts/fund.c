/* Funds (资金来源) and what each may be used for: the ring fence of 2.11-b, as the policy pack lists it. */
#include "ledger/accounts/books.h"

#include <string.h>

#define PACK_ID_MAX 60

/* ---- Table ---- */

static struct jn_key
last_listed(void)
{
    return jn_key_bytes("*", 1);
}

static bool
pack_id_valid(const char *pack)
{
    size_t length = strnlen(pack, PACK_ID_MAX + 1);

    return length >= 1 && length <= PACK_ID_MAX;
}

/* A pack that was never listed here is judged by the last one that was. */
static const Ledger__FundsListed *
funds_get(const struct jn_view *view, const char *pack)
{
    const Ledger__FundsListed *row = NULL;

    if (pack_id_valid(pack))
        row = jn_look(view, TABLE_FUNDS, jn_key_bytes(pack, strlen(pack)));
    return row ? row : jn_look(view, TABLE_FUNDS, last_listed());
}

bool
fence_of(const struct jn_view *view, const char *pack, struct fence *out)
{
    const Ledger__FundsListed *listed = funds_get(view, pack);

    *out = (struct fence){{0}};
    for (size_t i = 0; listed && i < listed->n_rows; i++)
        out->items[listed->rows[i]->fund] |= 1u << (unsigned)listed->rows[i]->item;
    return listed != NULL;
}

bool
funds_listed(const struct jn_view *view)
{
    return funds_get(view, "") != NULL;
}

const char *
grant_clause(const struct jn_view *view, Common__Fund fund, Common__Purpose purpose)
{
    const Ledger__FundsListed *listed = funds_get(view, "");

    for (size_t i = 0; listed && i < listed->n_grants; i++) {
        if (listed->grants[i]->purpose == purpose && listed->grants[i]->fund == fund)
            return listed->grants[i]->clause;
    }
    return NULL;
}

bool
fund_may(const struct jn_view *view, struct account account)
{
    struct fence fence;

    if (account.purpose >= ITEMS)
        return grant_clause(view, account.fund, account_purpose(account.purpose)) != NULL;
    return fence_of(view, "", &fence) && fence.items[account.fund] & 1u << account.purpose;
}

const char *
fund_purpose(const struct jn_view *view, Common__Item item)
{
    const Ledger__FundsListed *listed = funds_get(view, "");

    for (size_t i = 0; listed && i < listed->n_rows; i++) {
        if (listed->rows[i]->item == item)
            return listed->rows[i]->purpose;
    }
    return "";
}

/* Where a pack says nothing: a hundred yuan (assumed; practice.md has no figure). */
#define WRITE_OFF_FEN INT64_C(10000)

int64_t
fund_write_off_most(const struct jn_view *view)
{
    const Ledger__FundsListed *listed = funds_get(view, "");

    return listed && listed->write_off ? listed->write_off->most_fen : WRITE_OFF_FEN;
}

/* ---- How the subsidy service moves it ---- */

static const char *
purpose_of(const Policy__Pack *pack, Common__Item item)
{
    for (size_t i = 0; pack && i < pack->n_rules; i++) {
        if (pack->rules[i]->item == item)
            return pack->rules[i]->purpose;
    }
    return "";
}

/* A pack has a line a purpose, for a fund or several. */
static void
list_grants(struct jn_decision *d, const Policy__Pack *pack, Ledger__FundsListed *listed)
{
    listed->grants = jn_take(d->view, (pack ? pack->n_grants : 0) * FUNDS * sizeof(*listed->grants));
    for (size_t i = 0; pack && i < pack->n_grants; i++) {
        const Policy__GrantUse *use = pack->grants[i];

        for (uint32_t fund = 1; fund < FUNDS && purpose_valid(use->purpose); fund++) {
            Ledger__GrantFund *row;

            if (!(use->funds & UINT64_C(1) << fund))
                continue;
            row = jn_take(d->view, sizeof(*row));
            ledger__grant_fund__init(row);
            row->purpose = use->purpose;
            row->fund = (Common__Fund)fund;
            row->clause = use->clause;
            listed->grants[listed->n_grants++] = row;
        }
    }
}

/* A pack has a rule an item, 18 at most; what names no item or fund of ours fences nothing in. */
enum jn_code
react_pack_adopted(struct jn_decision *d, const Subsidy__PackAdopted *event, const struct jn_source *from)
{
    Ledger__FundsListed listed = LEDGER__FUNDS_LISTED__INIT;
    Ledger__WriteOffLimit write_off = LEDGER__WRITE_OFF_LIMIT__INIT;

    (void)from;
    listed.pack = event->pack ? event->pack->id : (char *)(uintptr_t) "";
    listed.rows = jn_take(d->view, event->n_funds * sizeof(*listed.rows));
    for (size_t i = 0; i < event->n_funds; i++) {
        const Subsidy__FundOfItem *use = event->funds[i];
        Ledger__FundUse *row = jn_take(d->view, sizeof(*row));

        if (!fund_valid(use->fund) || use->item <= 0 || use->item >= ITEMS)
            continue;
        ledger__fund_use__init(row);
        row->item = use->item;
        row->fund = use->fund;
        row->clause = use->clause;
        row->purpose = (char *)(uintptr_t)purpose_of(event->pack, use->item);
        listed.rows[listed.n_rows++] = row;
    }
    list_grants(d, event->pack, &listed);
    if (event->pack && event->pack->write_off) {
        write_off.most_fen = event->pack->write_off->most_fen;
        listed.write_off = &write_off;
    }
    jn_emit(d, LEDGER__EVENT__BODY_FUNDS_LISTED, &listed);
    pools_may_more(d);
    return JN_OK;
}

void
apply_funds_listed(struct jn_tables *t, const Ledger__FundsListed *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_FUNDS, last_listed(), event);
    if (pack_id_valid(event->pack))
        jn_put(t, TABLE_FUNDS, jn_key_bytes(event->pack, strlen(event->pack)), event);
}

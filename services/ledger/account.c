/* Fund accounts (资金账户): the money of one source for one division and year, 2.11-a. Double entry.
 *
 * Every posting stays within one account, so that nothing can leave a fund but by being paid. What each event moves:
 *
 *   event            out of        into          how much
 *   Appropriated     appropriated  available     the amount
 *   CarriedOver      available     carried_out   what is left of the old year, in its account
 *                    carried_in    available     the same, in the new year's
 *   Committed        available     committed     each claim's amount - offset (what its payee has as an advance)
 *   Instructed       committed     instructed    amount - offset
 *   Paid             instructed    paid          amount - offset
 *                    advanced      paid          offset, in the account that advanced it
 *   Failed           instructed    committed     amount - offset
 *   ClaimsWithdrawn  instructed    committed     amount - offset
 *   AdvancePaid      available     advanced      the advance
 *   AdvanceSettled   advanced      receivable    what of it is not earned
 *   Recovered        advanced      available     what came back before the class was settled
 *                    receivable    available     what came back later
 *   Reversed         paid          receivable    what must come back of a claim, in the accounts that paid it
 *   Returned         receivable    available     what came back
 *   WrittenOff       receivable    written_off   what was given up
 *   all others       nothing: a queued claim costs nothing yet, and its offset stays in `advanced` until it is paid;
 *                    what is taken off a claim for a debt is paid with it, and is Returned then
 *
 * What comes back over a year's end goes receivable (or advanced) -> carried_out in the account that paid it and
 * carried_in -> available in this year's. An advance that is earned after its class was settled (it was owed till then)
 * goes receivable -> advanced.
 *
 * Committed, instructed, paid, advanced, receivable and written off stay with the year in which they were committed. */
#include "ledger/ledger.h"

#include <string.h>

#include "domain/date.h"

static const size_t places[BALANCES] = {
    [APPROPRIATED] = offsetof(Ledger__Balances, appropriated_fen),
    [CARRIED_IN] = offsetof(Ledger__Balances, carried_in_fen),
    [AVAILABLE] = offsetof(Ledger__Balances, available_fen),
    [COMMITTED] = offsetof(Ledger__Balances, committed_fen),
    [INSTRUCTED] = offsetof(Ledger__Balances, instructed_fen),
    [PAID] = offsetof(Ledger__Balances, paid_fen),
    [ADVANCED] = offsetof(Ledger__Balances, advanced_fen),
    [CARRIED_OUT] = offsetof(Ledger__Balances, carried_out_fen),
    [RECEIVABLE] = offsetof(Ledger__Balances, receivable_fen),
    [WRITTEN_OFF] = offsetof(Ledger__Balances, written_off_fen),
};

uint32_t
city_of(uint32_t division)
{
    return division / CITY_DIVISIONS * CITY_DIVISIONS;
}

bool
division_valid(uint32_t division)
{
    return division >= 110000 && division < 830000 && division / 100 % 100 != 0;
}

bool
fund_valid(uint32_t fund)
{
    return fund > 0 && fund < FUNDS;
}

uint32_t
year_now(const struct jn_decision *d)
{
    return (uint32_t)date_of(d->today).year;
}

/* ---- Tables ---- */

struct jn_key
account_key(struct account account)
{
    return JN_KEY(account.year, account.fund, account.division);
}

const Ledger__Balances *
account_get(const struct jn_view *view, struct account account)
{
    return jn_get(view, TABLE_ACCOUNT, account_key(account));
}

uint32_t
account_year(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    const Ledger__CurrentYear *row = jn_get(view, TABLE_CURRENT, JN_KEY(fund, division));

    return row ? row->year : 0;
}

static int64_t *
balance_at(Ledger__Balances *balances, enum balance which)
{
    return (int64_t *)(void *)((char *)balances + places[which]);
}

int64_t
balance_of(const Ledger__Balances *balances, enum balance which)
{
    return *balance_at((Ledger__Balances *)(uintptr_t)balances, which);
}

const char *
balance_name(const struct jn_view *view, enum balance which)
{
    static const size_t unit = sizeof("_fen") - 1;
    const ProtobufCMessageDescriptor *descriptor = &ledger__balances__descriptor;
    char *name = jn_take(view, 64);

    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const char *field = descriptor->fields[i].name;

        for (size_t at = 0; descriptor->fields[i].offset == places[which] && at + unit < strlen(field); at++)
            name[at] = field[at];
    }
    return name;
}

static void
balance_move(Ledger__Balances *balances, enum balance from, enum balance to, int64_t fen)
{
    int64_t *out = balance_at(balances, from), *in = balance_at(balances, to);

    JN_ASSERT(!__builtin_sub_overflow(*out, fen, out) && !__builtin_add_overflow(*in, fen, in));
    /* Sources give what they do not have; all others only what they have. */
    JN_ASSERT(from <= CARRIED_IN ? *out <= 0 : *out >= 0);
}

/* Postings open the account that they are the first to touch. */
void
account_post(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from, enum balance to,
             int64_t fen)
{
    const Ledger__Balances *old;
    Ledger__Balances balances = LEDGER__BALANCES__INIT;

    JN_ASSERT(fen >= 0);
    if (fen == 0)
        return;
    old = account_get(jn_view_of(t), account);
    if (old)
        balances = *old;
    balance_move(&balances, from, to, fen);
    balance_move(books->all, from, to, fen);
    jn_put(t, TABLE_ACCOUNT, account_key(account), &balances);
    turnover_post(t, books, account, from, to, fen);
}

void
accounts_post(struct jn_tables *t, Ledger__Books *books, const struct tally *tally, enum balance from, enum balance to)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        struct account account = {(Common__Fund)row->key[0], (uint32_t)row->key[1], (uint32_t)row->key[2]};

        account_post(t, books, account, from, to, row->fen);
    }
}

/* ---- Which account pays ---- */

void
till_open(struct jn_decision *d, struct till *till, Common__Fund fund, uint32_t division)
{
    if (till->open)
        return;
    till->open = true;
    till->own = (struct account){fund, division, year_now(d)};
    till->city = (struct account){fund, city_of(division), year_now(d)};
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

/* ---- What is told ---- */

static void
account_view(const struct jn_view *view, struct account account, const Ledger__Balances *row, Ledger__AccountView *out)
{
    ledger__account_view__init(out);
    out->fund = account.fund;
    out->division = account.division;
    out->year = account.year;
    out->appropriated_fen = -row->appropriated_fen;
    out->carried_in_fen = -row->carried_in_fen;
    out->available_fen = row->available_fen;
    out->committed_fen = row->committed_fen;
    out->instructed_fen = row->instructed_fen;
    out->paid_fen = row->paid_fen;
    out->advanced_fen = row->advanced_fen;
    out->carried_out_fen = row->carried_out_fen;
    out->receivable_fen = row->receivable_fen;
    out->written_off_fen = row->written_off_fen;
    if (account_year(view, account.fund, account.division) == account.year) {
        const Ledger__Waiting *waiting = jn_get(view, TABLE_WAITING, JN_KEY(account.fund, account.division));

        out->waiting = waiting ? waiting->next - waiting->first : 0;
        out->waiting_fen = waiting ? waiting->amount_fen : 0;
    }
}

enum jn_code
answer_account(struct jn_decision *d, const Ledger__AccountRequest *request)
{
    struct account account = {request->fund, request->division, request->year};
    Ledger__AccountView *view = jn_take(d->view, sizeof(*view));
    const Ledger__Balances *row;

    if (!fund_valid(request->fund) || !division_valid(request->division))
        return jn_refuse(d, JN_MALFORMED, "name the fund and the division (six digits) of the account");
    if (!jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    if (account.year == 0)
        account.year = account_year(d->view, account.fund, account.division);
    row = account_get(d->view, account);
    if (!row)
        return jn_refuse(d, JN_NOT_FOUND, "%s has no account of %s; appropriate to it first",
                         word_name(&words_funds, (int)account.fund), account.year ? "that year" : "its own there");
    account_view(d->view, account, row, view);
    jn_reply(d, &view->base);
    return JN_OK;
}

#define ACCOUNTS_A_PAGE 200

struct listing {
    const struct jn_decision *d;
    Ledger__AccountsView *reply;
};

static bool
list_account(void *context, const struct jn_key *key, const void *row)
{
    struct listing *listing = context;
    struct account account = {(Common__Fund)jn_key_number(key, 1), (uint32_t)jn_key_number(key, 2),
                              (uint32_t)jn_key_number(key, 0)};
    Ledger__AccountView *view;

    if (!jn_in_scope_division(listing->d->who, account.division))
        return true;
    if (listing->reply->n_rows == ACCOUNTS_A_PAGE) {
        listing->reply->more = true;
        return false;
    }
    view = jn_take(listing->d->view, sizeof(*view));
    account_view(listing->d->view, account, row, view);
    listing->reply->rows[listing->reply->n_rows++] = view;
    return true;
}

enum jn_code
answer_accounts(struct jn_decision *d, const Ledger__AccountsRequest *request)
{
    Ledger__AccountsView reply = LEDGER__ACCOUNTS_VIEW__INIT;
    struct listing listing = {d, &reply};
    uint64_t year = request->year ? request->year : year_now(d);
    uint64_t after = (uint64_t)request->after_division + (request->after_fund ? 1 : 0);

    reply.rows = jn_take(d->view, ACCOUNTS_A_PAGE * sizeof(*reply.rows));
    if (!jn_scan(d->view, TABLE_ACCOUNT, JN_KEY(year, request->after_fund, after), sizeof(uint64_t), SCOPE_SCAN_MAX,
                 list_account, &listing))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}

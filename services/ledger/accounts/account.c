/* Fund accounts (资金账户): the money of one source for one division and year, 2.11-a; general, or earmarked (专项) for
 * an item of subsidy or a support purpose. Double entry.
 *
 * Every posting stays within one account, so that nothing can leave a fund but by being paid. What each event moves:
 *
 *   event                out of        into          how much
 *   Appropriated         appropriated  available     the amount
 *   CarriedOver          available     carried_out   what is left of the old year, in its account
 *                        carried_in    available     the same, in the new year's
 *   Committed            available     committed     each claim's amount - offset (what its payee has as an advance)
 *                        pooled        committed     the same of a pool's claim: each source's share
 *   Instructed           committed     instructed    amount - offset
 *   Paid                 instructed    paid          amount - offset
 *                        advanced      paid          offset, in the account that advanced it
 *   Failed               instructed    committed     amount - offset
 *   ClaimsWithdrawn      instructed    committed     amount - offset
 *   CommitmentReleased   committed     available     amount - offset of what will not be paid
 *                                                    (of a claim that waited nothing: it had cost nothing yet)
 *                        committed     pooled        the same of a pool's claim within the pool's year
 *   AdvancePaid          available     advanced      the advance
 *   AdvanceSettled       advanced      receivable    what of it is not earned
 *   Recovered            advanced      available     what came back before the class was settled
 *                        receivable    available     what came back later
 *   Reversed             paid          receivable    what must come back of a claim, in the accounts that paid it
 *                        grant_paid    receivable    the same of a grant, in the account, or the pool's source, that
 * bore it Returned             receivable    available     what came back WrittenOff           receivable written_off
 * what was given up GrantCommitted       available     granted       the grant GrantPaid            granted grant_paid
 * the instalment GrantReleased        granted       available     what will not be paid PoolContributed      available
 * pooled        each source's contribution; from there a pooled grant is promised pooled        granted       each
 * source's share, and what is released returns there PoolDissolved        pooled        available     what is left all
 * others           nothing: an instalment of a grant that is at the bank stays granted until it is paid; a queued claim
 * costs nothing yet, and its offset stays in `advanced` until it is paid; what is taken off a payment for a debt is
 * paid with it, and is Returned then
 *
 * What comes back over a year's end goes into carried_out in the account that bore it and carried_in -> available in
 * this year's. An advance that is earned after its class was settled (it was owed till then) goes receivable ->
 * advanced, and advanced -> receivable where a claim that earned it is released.
 *
 * Committed, instructed, paid, advanced, granted, receivable and written off stay with the year in which they were
 * committed. */
#include "ledger/accounts/books.h"

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
    [GRANTED] = offsetof(Ledger__Balances, granted_fen),
    [GRANT_PAID] = offsetof(Ledger__Balances, grant_paid_fen),
    [POOLED] = offsetof(Ledger__Balances, pooled_fen),
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

/* The chart of accounts (会计科目): fund, division, year, and where it is earmarked the purpose. General accounts have
 * the shorter key. */
struct jn_key
account_key(struct account account)
{
    if (account.purpose)
        return JN_KEY(account.year, account.fund, account.division, account.purpose);
    return JN_KEY(account.year, account.fund, account.division);
}

struct account
account_of_key(const struct jn_key *key)
{
    return (struct account){(Common__Fund)jn_key_number(key, 1), (uint32_t)jn_key_number(key, 2),
                            (uint32_t)jn_key_number(key, 0),
                            key->length > 3 * sizeof(uint64_t) ? (uint32_t)jn_key_number(key, 3) : 0};
}

struct jn_key
account_current(struct account account)
{
    if (account.purpose)
        return JN_KEY(account.fund, account.division, account.purpose);
    return JN_KEY(account.fund, account.division);
}

uint32_t
account_year_in_use(const struct jn_view *view, struct account account)
{
    const Ledger__CurrentYear *row = jn_look(view, TABLE_CURRENT, account_current(account));

    return row ? row->year : 0;
}

Common__Item
account_item(uint32_t purpose)
{
    return purpose < ITEMS ? (Common__Item)purpose : COMMON__ITEM__ITEM_UNSPECIFIED;
}

Common__Purpose
account_purpose(uint32_t purpose)
{
    return purpose >= ITEMS ? (Common__Purpose)purpose : COMMON__PURPOSE__PURPOSE_UNSPECIFIED;
}

bool
earmark_of(Common__Item item, Common__Purpose purpose, uint32_t *out)
{
    *out = item ? (uint32_t)item : (uint32_t)purpose;
    if (item && purpose)
        return false;
    if (item)
        return item > 0 && item < ITEMS;
    return !purpose || purpose_valid(purpose);
}

bool
purpose_valid(Common__Purpose purpose)
{
    return purpose >= COMMON__PURPOSE__TRAINING_BASE && purpose < (Common__Purpose)PURPOSES;
}

const char *
account_name(struct jn_arena *arena, struct account account)
{
    const char *fund = word_name(&words_funds, (int)account.fund);

    if (!account.purpose)
        return fund;
    if (account.purpose > COMMON__ITEM__ABSORPTION_BONUS && account.purpose < ITEMS)
        return jn_arena_print(arena, "%s (earmarked for item %u of the policy pack)", fund, account.purpose);
    return jn_arena_print(arena, "%s (earmarked for %s)", fund,
                          account.purpose < ITEMS ? word_name(&words_items, (int)account.purpose)
                                                  : word_name(&words_purposes, (int)account.purpose));
}

const Ledger__Balances *
account_get(const struct jn_view *view, struct account account)
{
    return jn_look(view, TABLE_ACCOUNT, account_key(account));
}

uint32_t
account_year(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    return account_year_in_use(view, (struct account){.fund = fund, .division = division});
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
    Ledger__Balances fresh = LEDGER__BALANCES__INIT, *kept;

    JN_ASSERT(fen >= 0);
    if (fen == 0)
        return;
    kept = jn_change(t, TABLE_ACCOUNT, account_key(account));
    balance_move(kept ? kept : &fresh, from, to, fen);
    balance_move(books->all, from, to, fen);
    if (!kept)
        jn_put(t, TABLE_ACCOUNT, account_key(account), &fresh);
    turnover_post(t, books, account, from, to, fen);
}

/* Years have four digits. */
#define YEAR_RANGE UINT64_C(10000)

uint64_t
tally_year(struct account account)
{
    return account.year + account.purpose * YEAR_RANGE;
}

struct account
tally_account(const struct tally_row *row)
{
    return (struct account){(Common__Fund)row->key[0], (uint32_t)row->key[1], (uint32_t)(row->key[2] % YEAR_RANGE),
                            (uint32_t)(row->key[2] / YEAR_RANGE)};
}

void
accounts_post(struct jn_tables *t, Ledger__Books *books, const struct tally *tally, enum balance from, enum balance to)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];

        account_post(t, books, tally_account(row), from, to, row->fen);
    }
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
    out->item = account_item(account.purpose);
    out->purpose = account_purpose(account.purpose);
    out->granted_fen = row->granted_fen;
    out->grant_paid_fen = row->grant_paid_fen;
    out->pooled_fen = row->pooled_fen;
    out->receivable_fen = row->receivable_fen;
    out->written_off_fen = row->written_off_fen;
    if (!account.purpose && account_year(view, account.fund, account.division) == account.year) {
        const Ledger__Waiting *waiting = jn_get(view, TABLE_WAITING, JN_KEY(account.fund, account.division));

        out->waiting = waiting ? waiting->count : 0;
        out->waiting_fen = waiting ? waiting->amount_fen : 0;
    }
}

enum jn_code
account_asked(struct jn_decision *d, struct account *account, Common__Item item, Common__Purpose purpose)
{
    if (!fund_valid(account->fund) || !division_valid(account->division))
        return jn_refuse(d, JN_MALFORMED, "name the fund and the division (six digits) of the account");
    if (!earmark_of(item, purpose, &account->purpose))
        return jn_refuse(d, JN_MALFORMED, EARMARK_WANTED);
    if (!jn_in_scope_division(d->who, account->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    return JN_OK;
}

enum jn_code
answer_account(struct jn_decision *d, const Ledger__AccountRequest *request)
{
    struct account account = {request->fund, request->division, request->year, 0};
    Ledger__AccountView *view = jn_take(d->view, sizeof(*view));
    const Ledger__Balances *row;
    enum jn_code code = account_asked(d, &account, request->item, request->purpose);

    if (code != JN_OK)
        return code;
    if (account.year == 0)
        account.year = account_year_in_use(d->view, account);
    row = account_get(d->view, account);
    if (!row)
        return jn_refuse(d, JN_NOT_FOUND, "%s has no account of %s; appropriate to it first",
                         account_name(d->arena, account), account.year ? "that year" : "its own there");
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
    struct account account = account_of_key(key);
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
    uint32_t purpose;
    struct jn_key from = JN_KEY(year);

    if (!earmark_of(request->after_item, request->after_purpose, &purpose))
        return jn_refuse(d, JN_MALFORMED, EARMARK_WANTED);
    /* The first one after the last row seen: keys with a purpose lie behind the one without. */
    if (request->after_fund)
        from = JN_KEY(year, request->after_fund, request->after_division, purpose + 1);
    reply.rows = jn_take(d->view, ACCOUNTS_A_PAGE * sizeof(*reply.rows));
    if (!jn_scan(d->view, TABLE_ACCOUNT, from, sizeof(uint64_t), SCOPE_SCAN_MAX, list_account, &listing))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}

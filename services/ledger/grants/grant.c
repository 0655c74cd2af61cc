/* Grants (支持性支出): other uses of the money, for training bases, studios, equipment, shared bases, teachers,
 * teaching material, competitions, rewards for organisers; 2.4-c, 2.8-b, 2.11-d.
 *
 * A grant is promised whole from one account (till.c) and reserves its money: available -> granted. Its instalments are
 * paid through the bank (disbursement.c), or by document: granted -> grant_paid. What will not be paid is released:
 * granted -> available, where it frees who waits. open = amount - paid - released - ordered, always. A grant does not
 * wait for money, and takes none that claims wait for.
 */
#include "ledger/accounts/books.h"

#include <string.h>

#define ID_BYTES_MAX 40

/* ---- Tables ---- */

/* An id is its division's own: nobody learns from a refusal which ids others have used. */
static struct jn_key
id_key(uint32_t division, const char *id)
{
    struct jn_key key = JN_KEY(division);
    size_t length = strnlen(id, ID_BYTES_MAX);

    memcpy(key.bytes + key.length, id, length);
    key.length += length;
    return key;
}

static uint64_t
grant_named(const struct jn_view *view, uint32_t division, const char *id)
{
    const Ledger__NumberRow *row = jn_get(view, TABLE_GRANT_ID, id_key(division, id));

    return row ? row->number : 0;
}

const Ledger__GrantRow *
grant_get(const struct jn_decision *d, uint64_t number)
{
    const Ledger__GrantRow *row = jn_get(d->view, TABLE_GRANT, JN_KEY(number));

    return row && jn_in_scope_division(d->who, row->division) ? row : NULL;
}

int64_t
grant_open(const Ledger__GrantRow *grant)
{
    return grant->amount_fen - grant->paid_fen - grant->released_fen - grant->ordered_fen;
}

/* ---- Decisions: to promise ---- */

static enum jn_code
shape(struct jn_decision *d, const Ledger__GrantAsked *asked)
{
    if (!text_fits(asked->id, ID_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the grant an id of your own, 1 to %d bytes", ID_BYTES_MAX);
    if (asked->pooled && asked->fund)
        return jn_refuse(d, JN_MALFORMED, "2.10-e: a pooled grant names no fund; the pool's sources bear it");
    if (!asked->pooled && !fund_valid(asked->fund))
        return jn_refuse(d, JN_MALFORMED, "name the fund (资金来源), 1 to %d", FUNDS - 1);
    if (!division_valid(asked->division))
        return jn_refuse(d, JN_MALFORMED, "name the division (行政区划) that gives the grant, six digits");
    if (!purpose_valid(asked->purpose))
        return jn_refuse(d, JN_MALFORMED,
                         "2.4-c, 2.8-b, 2.11-d: name the purpose (支持性支出用途), one of the contract's");
    if (asked->institution == 0)
        return jn_refuse(d, JN_MALFORMED, "name the institution that is paid");
    if (asked->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (!text_fits(asked->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document (文号) that grants it, 1 to %d bytes", TEXT_BYTES_MAX);
    if (asked->amount_fen > AMOUNT_FEN_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "one grant is at most a hundred billion yuan; split it");
    return JN_OK;
}

static bool
same_grant(const Ledger__GrantRow *row, const Ledger__GrantAsked *asked)
{
    return row->fund == asked->fund && (row->n_shares > 0) == asked->pooled && row->purpose == asked->purpose &&
           row->institution == asked->institution && row->amount_fen == asked->amount_fen &&
           strcmp(row->document, asked->document) == 0;
}

/* 2.11-b: the pack lists what each fund may be used for, the ring-fenced ones above all. */
static enum jn_code
fence(struct jn_decision *d, const Ledger__GrantAsked *asked)
{
    if (!funds_listed(d->view))
        return jn_refuse(d, JN_RING_FENCED, "2.11-b: no policy pack has listed yet what funds may be used for");
    if (!asked->pooled && !grant_clause(d->view, asked->fund, asked->purpose))
        return jn_refuse(d, JN_RING_FENCED, "2.11-b: %s may not pay for %s; the pack lists other funds or none",
                         word_name(&words_funds, (int)asked->fund), word_name(&words_purposes, (int)asked->purpose));
    if (!jn_has(d->view, TABLE_INSTITUTION, JN_KEY(asked->institution)))
        return jn_refuse(d, JN_NOT_FOUND, "no institution has the number %llu; it is paid once it is designated, 3.2",
                         (unsigned long long)asked->institution);
    return JN_OK;
}

static bool
has_budget(const struct jn_view *view, const struct till *till, uint32_t purpose)
{
    struct account own = till->own, city = till->city;

    own.purpose = city.purpose = purpose;
    return account_get(view, till->own) || account_get(view, till->city) || account_get(view, own) ||
           account_get(view, city);
}

/* The account that bears it; *from. Claims that wait come first: they leave earmarked money alone. */
static enum jn_code
bear(struct jn_decision *d, const Ledger__GrantAsked *asked, struct account *from)
{
    struct till *till = jn_take(d->view, sizeof(*till));
    uint32_t purpose = (uint32_t)asked->purpose;
    char left[MONEY_TEXT], left_city[MONEY_TEXT];

    till_open(d, till, asked->fund, asked->division);
    if (till_take_earmarked(d, till, purpose, asked->amount_fen, from))
        return JN_OK;
    if (till->blocked)
        return jn_refuse(
            d, JN_SHORT_OF_FUNDS,
            "2.11-a: claims wait for this money and nobody overtakes them; appropriate more, or earmark it");
    if (till_take(till, asked->amount_fen, from))
        return JN_OK;
    if (!has_budget(d->view, till, purpose))
        return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.11-a: %s has no budget for %u in this division; appropriate first",
                         word_name(&words_funds, (int)asked->fund), year_now(d));
    return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.11-a: the division has %s yuan left of %s, the city %s",
                     money_format(till->own_fen, left), word_name(&words_funds, (int)asked->fund),
                     money_format(till->city_fen, left_city));
}

/* Who bears it: one account, or the pool's sources. */
static enum jn_code
find_money(struct jn_decision *d, const Ledger__GrantAsked *asked, Ledger__GrantCommitted *event)
{
    struct account account = {0, asked->division, year_now(d), 0};
    enum jn_code code = asked->pooled ? pool_take(d, asked->division, asked->purpose, asked->amount_fen,
                                                  &event->n_shares, &event->shares)
                                      : bear(d, asked, &account);

    event->account_division = account.division;
    event->year = account.year;
    event->earmarked = account.purpose != 0;
    return code;
}

static void
commit_grant(struct jn_decision *d, const Ledger__GrantAsked *asked, Ledger__GrantCommitted event)
{
    event.number = jn_counter(d->view, COUNTER_GRANTS) + 1;
    event.id = asked->id;
    event.fund = asked->fund;
    event.division = asked->division;
    event.purpose = asked->purpose;
    event.institution = asked->institution;
    event.amount_fen = asked->amount_fen;
    event.document = asked->document;
    event.day = d->today;
    jn_emit(d, LEDGER__EVENT__BODY_GRANT_COMMITTED, &event);
    if (!asked->pooled)
        shortfall_look(d, (struct account){event.fund, event.account_division, event.year,
                                           event.earmarked ? (uint32_t)event.purpose : 0});
}

/* Shape, repeat, state, limits, in that order: a repeated grant must not be judged against the money that it has
 * taken. */
static enum jn_code
promise(struct jn_decision *d, const Ledger__GrantAsked *asked)
{
    Ledger__GrantCommitted event = LEDGER__GRANT_COMMITTED__INIT;
    enum jn_code code = shape(d, asked);
    uint64_t known;

    if (code != JN_OK)
        return code;
    if (!jn_in_scope_division(d->who, asked->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    known = grant_named(d->view, asked->division, asked->id);
    if (known && same_grant(jn_get(d->view, TABLE_GRANT, JN_KEY(known)), asked))
        return JN_OK;
    if (known)
        return jn_refuse(d, JN_CONFLICT, "2.12-a: grant %llu has this id and other content; give a new one its own id",
                         (unsigned long long)known);
    code = fence(d, asked);
    if (code == JN_OK)
        code = find_money(d, asked, &event);
    if (code != JN_OK)
        return code;

    /* Decided. */
    commit_grant(d, asked, event);
    return JN_OK;
}

enum jn_code
decide_grant(struct jn_decision *d, const Ledger__Grant *cmd)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, "give at least one grant");

    if (code != JN_OK)
        return code;

    /* Decided, row by row. */
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, promise(d, cmd->rows[i]));
    }
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

struct account
grant_account(const Ledger__GrantRow *grant)
{
    return (struct account){grant->fund, grant->account_division, grant->year,
                            grant->earmarked ? (uint32_t)grant->purpose : 0};
}

void
apply_grant_committed(struct jn_tables *t, const Ledger__GrantCommitted *event, const struct jn_stamp *stamp)
{
    Ledger__GrantRow grant = LEDGER__GRANT_ROW__INIT;
    Ledger__NumberRow number = LEDGER__NUMBER_ROW__INIT;
    Ledger__Books *books = books_open(t);

    grant.id = event->id;
    grant.fund = event->fund;
    grant.division = event->division;
    grant.purpose = event->purpose;
    grant.institution = event->institution;
    grant.amount_fen = event->amount_fen;
    grant.account_division = event->account_division;
    grant.year = event->year;
    grant.earmarked = event->earmarked;
    grant.day = event->day;
    grant.document = event->document;
    grant.shares = jn_take(jn_view_of(t), event->n_shares * sizeof(*grant.shares));
    for (size_t i = 0; i < event->n_shares; i++) {
        grant.shares[i] = jn_take(jn_view_of(t), sizeof(*grant.shares[i]));
        ledger__grant_share__init(grant.shares[i]);
        grant.shares[i]->fund = event->shares[i]->fund;
        grant.shares[grant.n_shares++]->amount_fen = event->shares[i]->amount_fen;
    }
    number.number = event->number;
    jn_put(t, TABLE_GRANT, JN_KEY(event->number), &grant);
    jn_put(t, TABLE_GRANT_ID, id_key(event->division, event->id), &number);
    jn_counter_set(t, COUNTER_GRANTS, event->number);
    if (grant.n_shares) {
        pool_promised(t, books, &grant);
    } else {
        account_post(t, books, grant_account(&grant), AVAILABLE, GRANTED, event->amount_fen);
        rate_add(t, grant_account(&grant), date_of_ms(stamp->time_ms), event->amount_fen);
    }
    books_close(t, books);
}

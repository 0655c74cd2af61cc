/* What the books remember of events, and the entry that is under way. */
#include "cli/books_parts.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suite.h"
#include "domain/date.h"
#include "domain/words.h"

#define ARENA_BYTES ((size_t)16 << 20)

const struct books_word books_kinds[BOOKS_KINDS] = {
    [BOOKS_APPROPRIATED] = {"appropriated", "财政拨入"},
    [BOOKS_CARRIED_IN] = {"carried_in", "上年结转"},
    [BOOKS_AVAILABLE] = {"available", "可用资金"},
    [BOOKS_COMMITTED] = {"committed", "已承诺未拨付"},
    [BOOKS_INSTRUCTED] = {"instructed", "在途拨付"},
    [BOOKS_PAID] = {"paid", "补贴支出"},
    [BOOKS_ADVANCED] = {"advanced", "预拨款"},
    [BOOKS_CARRIED_OUT] = {"carried_out", "结转下年"},
    [BOOKS_RECEIVABLE] = {"receivable", "应收追缴款"},
    [BOOKS_WRITTEN_OFF] = {"written_off", "核销"},
    [BOOKS_GRANTED] = {"granted", "已立项未拨付"},
    [BOOKS_GRANT_PAID] = {"grant_paid", "支持性支出"},
    [BOOKS_POOLED] = {"pooled", "资金池"},
};

const struct books_word books_measures[BOOKS_MEASURES] = {
    [BOOKS_USE_APPROPRIATED] = {"appropriated", "拨入"},
    [BOOKS_USE_COMMITTED] = {"committed", "承诺"},
    [BOOKS_USE_PAID] = {"paid", "支付"},
    [BOOKS_USE_ADVANCED] = {"advanced", "预拨"},
    [BOOKS_USE_RECOVERED] = {"recovered", "收回"},
    [BOOKS_USE_REVERSED] = {"reversed", "追缴"},
    [BOOKS_USE_RELEASED] = {"released", "释放"},
    [BOOKS_USE_GRANT_PAID] = {"grant_paid", "支持性支出"},
    [BOOKS_USE_GRANT_REVERSED] = {"grant_reversed", "支持性支出追缴"},
};

/* ---- What is remembered ---- */

static void *
grown(void *list, size_t count, size_t *size, size_t one)
{
    size_t more = *size ? *size * 2 : 256;

    if (count < *size)
        return list;
    while (more <= count)
        more *= 2;
    list = reallocarray(list, more, one);
    if (!list)
        abort();
    memset((char *)list + *size * one, 0, (more - *size) * one);
    *size = more;
    return list;
}

struct books_claim *
books_claim(struct books *books, uint64_t number)
{
    static struct books_claim none;

    /* Numbers are dense: what lies far beyond is not a claim. */
    if (number > 4 * (uint64_t)books->claims_size + 100000) {
        books->fault = "a claim's number is out of all order";
        return &none;
    }
    books->claims = grown(books->claims, number, &books->claims_size, sizeof(*books->claims));
    return &books->claims[number];
}

const struct books_claim *
books_claim_known(struct books *books, uint64_t number)
{
    const struct books_claim *claim = books_claim(books, number);

    if (!claim->known)
        books->fault = "a claim moves that was never committed";
    return claim;
}

struct books_grant *
books_grant(struct books *books, uint64_t number)
{
    static struct books_grant none;

    if (number > 4 * (uint64_t)books->grants_size + 100000) {
        books->fault = "a grant's number is out of all order";
        return &none;
    }
    books->grants = grown(books->grants, number, &books->grants_size, sizeof(*books->grants));
    return &books->grants[number];
}

const struct books_grant *
books_grant_known(struct books *books, uint64_t number)
{
    const struct books_grant *grant = books_grant(books, number);

    if (!grant->known)
        books->fault = "a grant moves that was never promised";
    return grant;
}

static int
by_advance(const void *left, const void *right)
{
    const struct books_advance *a = left, *b = right;

    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->account.fund != b->account.fund)
        return a->account.fund < b->account.fund ? -1 : 1;
    return (a->institution > b->institution) - (a->institution < b->institution);
}

bool
books_advance_note(struct books *books, struct books_advance advance)
{
    struct books_advance *kept = calloc(1, sizeof(*kept)), **found;

    if (!kept)
        abort();
    *kept = advance;
    found = tsearch(kept, &books->advances, by_advance);
    if (*found == kept)
        return true;
    free(kept);
    return false;
}

struct books_advance *
books_advance(struct books *books, uint64_t class, Common__Fund fund, uint64_t institution)
{
    static struct books_advance none;
    const struct books_advance wanted = {.class = class, .institution = institution, .account = {.fund = fund}};
    void *found = tfind(&wanted, &books->advances, by_advance);

    if (found)
        return *(struct books_advance **)found;
    books->fault = "an advance moves that was never paid";
    return &none;
}

/* ---- Postings and uses ---- */

struct books_account
books_general(Common__Fund fund, uint32_t division, uint32_t year)
{
    return (struct books_account){.fund = fund, .division = division, .year = year};
}

static int
by_account(struct books_account a, struct books_account b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.fund != b.fund)
        return a.fund < b.fund ? -1 : 1;
    if (a.division != b.division)
        return a.division < b.division ? -1 : 1;
    if (a.item != b.item)
        return a.item < b.item ? -1 : 1;
    return (a.purpose > b.purpose) - (a.purpose < b.purpose);
}

static struct books_balances *
balances_of(struct books *books, struct books_account account)
{
    size_t low = 0, high = books->accounts_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (by_account(books->accounts[middle].account, account) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < books->accounts_count && by_account(books->accounts[low].account, account) == 0)
        return &books->accounts[low];
    books->accounts = grown(books->accounts, books->accounts_count, &books->accounts_size, sizeof(*books->accounts));
    memmove(&books->accounts[low + 1], &books->accounts[low],
            (books->accounts_count++ - low) * sizeof(*books->accounts));
    books->accounts[low] = (struct books_balances){.account = account};
    return &books->accounts[low];
}

void
books_post(struct books *books, struct books_posting posting)
{
    struct books_entry *entry = &books->entry;
    struct books_balances *balances;

    if (posting.fen == 0)
        return;
    entry->postings = grown(entry->postings, entry->postings_count, &books->postings_size, sizeof(*entry->postings));
    entry->postings[entry->postings_count++] = posting;
    balances = balances_of(books, posting.account);
    if (__builtin_sub_overflow(balances->fen[posting.from], posting.fen, &balances->fen[posting.from]) ||
        __builtin_add_overflow(balances->fen[posting.to], posting.fen, &balances->fen[posting.to]))
        books->fault = "a balance passes what can be counted";
}

void
books_give_back(struct books *books, struct books_account from, enum books_kind kind, uint32_t year, int64_t fen)
{
    struct books_account to = from;

    to.year = year;

    if (from.year == year) {
        books_post(books, (struct books_posting){from, kind, BOOKS_AVAILABLE, fen, 0, 0});
        return;
    }
    books_post(books, (struct books_posting){from, kind, BOOKS_CARRIED_OUT, fen, 0, 0});
    books_post(books, (struct books_posting){to, BOOKS_CARRIED_IN, BOOKS_AVAILABLE, fen, 0, 0});
}

void
books_use(struct books *books, struct books_use one)
{
    struct books_entry *entry = &books->entry;

    entry->uses = grown(entry->uses, entry->uses_count, &books->uses_size, sizeof(*entry->uses));
    entry->uses[entry->uses_count++] = one;
}

/* ---- The periods ---- */

int32_t
books_month(int32_t day)
{
    struct date date = date_of(day);

    return date.year * 12 + date.month - 1;
}

int32_t
books_month_first(int32_t month)
{
    int32_t day = 0;

    date_make(month / 12, month % 12 + 1, 1, &day);
    return day;
}

void
books_date_back(struct books *books, int32_t day, uint32_t year)
{
    int32_t first = books_month_first((int32_t)year * 12);

    if (books->closed && books_month_first(books->closed + 1) > first)
        first = books_month_first(books->closed + 1);
    books->entry.day = day;
    books->entry.booked = day > first ? day : first;
}

/* ---- An event ---- */

static void
entry_begin(struct books *books, const Envelope__BlockHeader *header, uint32_t index, int64_t time_ms)
{
    struct books_entry *entry = &books->entry;
    struct books_posting *postings = entry->postings;
    struct books_use *uses = entry->uses;

    *entry = (struct books_entry){.block = header->number, .index = index, .time_ms = time_ms, .document = ""};
    entry->postings = postings;
    entry->uses = uses;
    entry->day = entry->booked = date_of_ms(time_ms);
}

bool
books_event(void *context, const Envelope__BlockHeader *header, const Runtime__FeedEvent *sent)
{
    struct books *books = context;
    const Envelope__Record *record;
    const Ledger__Event *event = NULL;

    jn_arena_reset(&books->arena);
    record = envelope__record__unpack(&books->arena.allocator, sent->record.len, sent->record.data);
    if (record)
        event = ledger__event__unpack(&books->arena.allocator, record->event.len, record->event.data);
    if (!event) {
        suite_say("event %" PRIu64 ".%" PRIu32 " cannot be read: is the service of another version?", header->number,
                  sent->index);
        return false;
    }
    books->events++;
    entry_begin(books, header, sent->index, record->time_ms);
    books_dispatch(books, event);
    if (books->fault) {
        suite_say("event %" PRIu64 ".%" PRIu32 ": %s: keep this log and call the auditor", header->number, sent->index,
                  books->fault);
        return false;
    }
    return (books->entry.postings_count == 0 && books->entry.uses_count == 0) ||
           books->each(books->context, books, &books->entry);
}

/* ---- Beginning, end, and what is asked ---- */

struct books *
books_open(books_each each, void *context)
{
    struct books *books = calloc(1, sizeof(*books));

    if (!books)
        abort();
    books->each = each;
    books->context = context;
    jn_arena_open(&books->arena, ARENA_BYTES);
    return books;
}

void
books_close(struct books *books)
{
    if (!books)
        return;
    tdestroy(books->advances, free);
    free(books->claims);
    free(books->grants);
    free(books->accounts);
    free(books->entry.postings);
    free(books->entry.uses);
    jn_arena_close(&books->arena);
    free(books);
}

uint64_t
books_events(const struct books *books)
{
    return books->events;
}

const char *
books_clause(const struct books *books, Common__Item item)
{
    return (size_t)item < BOOKS_ITEMS ? books->clauses[item] : "";
}

size_t
books_accounts(const struct books *books, const struct books_balances **out)
{
    *out = books->accounts;
    return books->accounts_count;
}

const char *
books_name_of(struct books_account account, const char *kind, char text[BOOKS_NAME])
{
    const char *earmark = account.item      ? word_name(&words_items, (int)account.item)
                          : account.purpose ? word_name(&words_purposes, (int)account.purpose)
                                            : "";

    snprintf(text, BOOKS_NAME, "%s:%06" PRIu32 ":%04" PRIu32 ":%s%s%s", word_name(&words_funds, (int)account.fund),
             account.division, account.year, kind, *earmark ? ":" : "", earmark);
    return text;
}

const char *
books_name(struct books_account account, enum books_kind kind, char text[BOOKS_NAME])
{
    return books_name_of(account, books_kinds[kind].name, text);
}

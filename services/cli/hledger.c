/* jineng ledger export --hledger: the books as a journal on which hledger computes the same balances: an outside judge.
 *
 * A transaction an event, under the day on which it stands in the books. Postings come from the events alone
 * (cli/books.h); what the ledger itself answers goes in as balance assertions, at each month's end and at the end. */
#include "cli/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"

struct journal {
    struct ledger_run *run;
    FILE *out;
    struct books *books;
    struct books_balances *before; /* --from: what earlier entries came to; accounts as they came */
    size_t before_count;
    int32_t first, last; /* months with entries */
    uint64_t entries;
};

/* ---- Text ---- */

/* A tag's value ends at a comma, a transaction at a line's end: what people wrote keeps to its place. */
static void
print_value(FILE *out, const char *name, const char *text)
{
    if (!*text)
        return;
    fprintf(out, ", %s:", name);
    for (const char *at = text; *at; at++) {
        if (*at == ',')
            fputs("，", out);
        else
            fputc((unsigned char)*at < ' ' || *at == 0x7f ? ' ' : *at, out);
    }
}

static void
print_number(FILE *out, const char *name, uint64_t number)
{
    if (number)
        fprintf(out, ", %s:%" PRIu64, name, number);
}

static void
print_line(struct journal *journal, struct books_account account, enum books_kind kind, int64_t fen)
{
    char name[BOOKS_NAME], amount[MONEY_TEXT];

    fprintf(journal->out, "    %s  %s CNY", books_name(account, kind, name), money_format(fen, amount));
}

/* ---- Entries ---- */

static void
print_posting(struct journal *journal, const struct books_posting *posting)
{
    const enum books_kind sides[] = {posting->to, posting->from};

    for (size_t i = 0; i < 2; i++) {
        print_line(journal, posting->account, sides[i], i ? -posting->fen : posting->fen);
        if (posting->claim) {
            fprintf(journal->out, "  ; claim:%" PRIu64 ", item:%s", posting->claim, item_name((int)posting->item));
            print_value(journal->out, "clause", books_clause(journal->books, posting->item));
        }
        fputc('\n', journal->out);
    }
}

static void
print_entry(struct journal *journal, const struct books_entry *entry)
{
    char booked[DATE_TEXT], day[DATE_TEXT];

    fprintf(journal->out, "\n%s * %s\n    ; block:%" PRIu64 ".%" PRIu32 ", kind:%s, day:%s",
            date_format(entry->booked, booked), entry->kind, entry->block, entry->index, entry->kind,
            date_format(entry->day, day));
    print_number(journal->out, "class", entry->class);
    print_number(journal->out, "settlement", entry->settlement);
    print_number(journal->out, "batch", entry->batch);
    print_value(journal->out, "document", entry->document);
    fputc('\n', journal->out);
    for (size_t i = 0; i < entry->postings_count; i++)
        print_posting(journal, &entry->postings[i]);
    journal->entries++;
}

static struct books_balances *
before_of(struct journal *journal, struct books_account account)
{
    for (size_t i = 0; i < journal->before_count; i++) {
        if (memcmp(&journal->before[i].account, &account, sizeof(account)) == 0)
            return &journal->before[i];
    }
    journal->before = reallocarray(journal->before, journal->before_count + 1, sizeof(*journal->before));
    if (!journal->before)
        abort();
    journal->before[journal->before_count] = (struct books_balances){.account = account};
    return &journal->before[journal->before_count++];
}

static bool
on_entry(void *context, const struct books *books, const struct books_entry *entry)
{
    struct journal *journal = context;
    int32_t month = books_month(entry->booked);

    (void)books;
    if (entry->postings_count == 0 || entry->booked > journal->run->options.to)
        return true;
    if (entry->booked < journal->run->options.from) {
        for (size_t i = 0; i < entry->postings_count; i++) {
            struct books_balances *before = before_of(journal, entry->postings[i].account);

            before->fen[entry->postings[i].from] -= entry->postings[i].fen;
            before->fen[entry->postings[i].to] += entry->postings[i].fen;
        }
        return true;
    }
    if (journal->first == 0 || month < journal->first)
        journal->first = month;
    if (month > journal->last)
        journal->last = month;
    print_entry(journal, entry);
    return !ferror(journal->out);
}

static void
print_opening(struct journal *journal)
{
    char day[DATE_TEXT];

    if (journal->before_count == 0)
        return;
    fprintf(journal->out, "\n%s * opening balances\n", date_format(journal->run->options.from, day));
    for (size_t i = 0; i < journal->before_count; i++) {
        for (enum books_kind kind = 0; kind < BOOKS_KINDS; kind++) {
            if (!journal->before[i].fen[kind])
                continue;
            print_line(journal, journal->before[i].account, kind, journal->before[i].fen[kind]);
            fputc('\n', journal->out);
        }
    }
}

/* ---- The chart of accounts ---- */

static void
print_head(struct journal *journal)
{
    fputs(
        "; The books of the fund ledger (资金账), yuan: FUND:DIVISION:YEAR:BALANCE, and where it is earmarked "
        ":PURPOSE.\n"
        "; A balance is its debits less its credits: appropriated and carried_in are sources and stand below nothing.\n"
        "commodity 1000.00 CNY\n",
        journal->out);
    for (size_t i = 0; i < words_funds.count; i++)
        fprintf(journal->out, "account %s  ; %s\n", words_funds.words[i].name, words_funds.words[i].zh);
}

static void
print_chart(struct journal *journal)
{
    const struct books_balances *accounts;
    size_t count = books_accounts(journal->books, &accounts);
    char name[BOOKS_NAME];

    fputc('\n', journal->out);
    for (size_t i = 0; i < count; i++) {
        for (enum books_kind kind = 0; kind < BOOKS_KINDS; kind++)
            fprintf(journal->out, "account %s  ; %s\n", books_name(accounts[i].account, kind, name),
                    books_kinds[kind].zh);
    }
}

/* ---- What the ledger says ---- */

/* One assertion for each account of ours: what the ledger does not name has nothing. */
struct asserting {
    struct journal *journal;
    const struct books_balances *accounts;
    size_t count;
    int64_t *fen; /* by account and kind */
    bool missing; /* the ledger names an account that no event has touched */
};

static void
heard(struct asserting *all, struct books_account account, const char *balance, int64_t fen)
{
    for (size_t i = 0; i < all->count; i++) {
        if (memcmp(&all->accounts[i].account, &account, sizeof(account)) != 0)
            continue;
        for (enum books_kind kind = 0; kind < BOOKS_KINDS; kind++) {
            if (!strcmp(books_kinds[kind].name, balance)) {
                all->fen[i * BOOKS_KINDS + kind] = fen;
                return;
            }
        }
    }
    all->missing = all->missing || fen != 0;
}

static bool
hear_trial(void *context, const Ledger__TrialRow *row)
{
    heard(context, (struct books_account){row->fund, row->division, row->year, row->item, row->purpose},
          row->sum->balance, row->sum->closing_fen);
    return true;
}

/* The fields that end in _fen and name a balance of ours; sources are answered as what came in. */
static void
hear_account(struct asserting *all, const Ledger__AccountView *row)
{
    for (enum books_kind kind = 0; kind < BOOKS_KINDS; kind++) {
        char name[64];
        const ProtobufCFieldDescriptor *field;
        int64_t fen = 0;

        snprintf(name, sizeof(name), "%s_fen", books_kinds[kind].name);
        field = protobuf_c_message_descriptor_get_field_by_name(&ledger__account_view__descriptor, name);
        if (field)
            memcpy(&fen, (const uint8_t *)row + field->offset, sizeof(fen));
        heard(all, (struct books_account){row->fund, row->division, row->year, row->item, row->purpose},
              books_kinds[kind].name, kind <= BOOKS_CARRIED_IN ? -fen : fen);
    }
}

static int
hear_accounts(struct asserting *all, uint32_t year)
{
    Ledger__AccountsRequest request = LEDGER__ACCOUNTS_REQUEST__INIT;
    const Ledger__AccountsView *view;
    struct jn_answer answer;
    int code;

    request.year = year;
    do {
        code = suite_ask(all->journal->run->client, "Accounts", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        for (size_t i = 0; i < view->n_rows; i++)
            hear_account(all, view->rows[i]);
        if (view->n_rows > 0) {
            request.after_fund = view->rows[view->n_rows - 1]->fund;
            request.after_division = view->rows[view->n_rows - 1]->division;
            request.after_item = view->rows[view->n_rows - 1]->item;
            request.after_purpose = view->rows[view->n_rows - 1]->purpose;
        }
    } while (view->more && view->n_rows > 0);
    return CLI_OK;
}

static void
print_assertions(struct asserting *all, int32_t day, const char *what)
{
    char text[DATE_TEXT], amount[MONEY_TEXT];

    fprintf(all->journal->out, "\n%s * %s\n", date_format(day, text), what);
    for (size_t i = 0; i < all->count; i++) {
        for (enum books_kind kind = 0; kind < BOOKS_KINDS; kind++) {
            print_line(all->journal, all->accounts[i].account, kind, 0);
            fprintf(all->journal->out, " = %s CNY\n", money_format(all->fen[i * BOOKS_KINDS + kind], amount));
        }
    }
}

/* Each month that is over by the last entry, and the end. */
static int
assert_months(struct asserting *all)
{
    struct journal *journal = all->journal;
    int code = CLI_OK;

    for (int32_t month = journal->first; code == CLI_OK && journal->first && month < journal->last; month++) {
        struct ledger_period period = {.period = LEDGER__PERIOD__INIT, .first = month, .last = month};

        period.period.kind = LEDGER__PERIOD_KIND__PERIOD_MONTH;
        period.period.year = (uint32_t)month / 12;
        period.period.number = (uint32_t)month % 12 + 1;
        memset(all->fen, 0, all->count * BOOKS_KINDS * sizeof(*all->fen));
        code = ledger_trial(journal->run, &period, hear_trial, all);
        if (code == CLI_OK)
            print_assertions(all, books_month_first(month + 1) - 1, "the ledger's own balances at the month's end");
    }
    return code;
}

static int
assert_end(struct asserting *all)
{
    struct journal *journal = all->journal;
    int code = CLI_OK;

    if (journal->last == 0 || journal->run->options.to != INT32_MAX)
        return CLI_OK;
    memset(all->fen, 0, all->count * BOOKS_KINDS * sizeof(*all->fen));
    for (size_t i = 0; code == CLI_OK && i < all->count; i++) {
        if (i == 0 || all->accounts[i].account.year != all->accounts[i - 1].account.year)
            code = hear_accounts(all, all->accounts[i].account.year);
    }
    if (code == CLI_OK)
        print_assertions(all, books_month_first(journal->last + 1) - 1, "the ledger's own balances at the end");
    return code;
}

static int
print_judgement(struct journal *journal)
{
    struct asserting all = {.journal = journal};
    int code;

    all.count = books_accounts(journal->books, &all.accounts);
    all.fen = calloc(all.count * BOOKS_KINDS + 1, sizeof(*all.fen));
    if (!all.fen)
        abort();
    code = assert_months(&all);
    if (code == CLI_OK)
        code = assert_end(&all);
    if (code == CLI_OK && all.missing) {
        suite_say("the ledger names an account that no event has touched: keep this log and call the auditor");
        code = CLI_REFUSED;
    }
    free(all.fen);
    return code;
}

/* ---- The command ---- */

static int
write_journal(struct journal *journal)
{
    int code;

    journal->books = books_open(on_entry, journal);
    print_head(journal);
    code = ledger_read(journal->run, journal->books);
    if (code == CLI_OK) {
        print_opening(journal);
        print_chart(journal);
        code = print_judgement(journal);
    }
    if (code == CLI_OK && !ledger_stands(journal->run)) {
        suite_say("the ledger went on while it was asked: do it again when it rests");
        code = CLI_REFUSED;
    }
    if (code == CLI_OK)
        fprintf(stderr, "%" PRIu64 " transactions of %" PRIu64 " events; the chain holds through block %" PRIu64 "\n",
                journal->entries, books_events(journal->books), journal->run->follower.standing.block);
    books_close(journal->books);
    free(journal->before);
    return code;
}

int
ledger_export(struct ledger_run *run)
{
    struct journal journal = {.run = run};
    char path[JN_PATH_MAX];

    if (!run->options.hledger)
        return suite_usage("ledger", "say in which form: --hledger");
    journal.out = ledger_out_open(run, path);
    if (!journal.out)
        return CLI_CONFIGURATION;
    return ledger_out_close(run, journal.out, path, write_journal(&journal));
}

/* jineng ledger entries, and a cell opened: the events whose sum it is, with block, document, claim and clause. */
#include "cli/entries.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"
#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"

enum column {
    COLUMN_BLOCK,
    COLUMN_TIME,
    COLUMN_KIND,
    COLUMN_DAY,
    COLUMN_BOOKED,
    COLUMN_ACCOUNT,
    COLUMN_DIVISION,
    COLUMN_ITEM,
    COLUMN_INSTITUTION,
    COLUMN_CLAIM,
    COLUMN_CLASS,
    COLUMN_BATCH,
    COLUMN_DOCUMENT,
    COLUMN_CLAUSE,
    COLUMN_AMOUNT,
    COLUMNS,
};
static const struct column_words {
    const char *name, *en, *zh;
    int width;
    bool right;
} words[COLUMNS] = {
    {"block", "block", "区块", 10, false},
    {"time", "time", "时间", 19, false},
    {"kind", "kind", "事项", 13, false},
    {"day", "its date", "业务日期", 10, false},
    {"booked", "booked", "记账日期", 10, false},
    {"account", "account", "科目", 44, false},
    {"division", "division", "行政区划", 8, false},
    {"item", "item", "项目", 24, false},
    {"institution", "institution", "机构", 11, true},
    {"claim", "claim", "补贴笔号", 10, true},
    {"class", "class", "班级", 8, true},
    {"batch", "batch", "批次", 8, true},
    {"document", "document", "文号", 20, false},
    {"clause", "clause", "条款", 8, false},
    {"amount", "amount", "金额", 18, true},
};

struct listing {
    struct ledger_run *run;
    const struct cell *cell; /* NULL: all entries of the account and period */
    struct ledger_period period;
    bool all_time;
    struct sheet *sheet;
    int64_t sum_fen;
    uint64_t lines;
};

/* A line is of a posting's side or of a use. */
struct line {
    const char *account;
    uint32_t division;
    Common__Item item;
    uint64_t institution, claim;
    int64_t fen;
};

static void
number(struct sheet *sheet, uint64_t value)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRIu64, value);
    sheet_text(sheet, value ? text : "");
}

static void
print_line(struct listing *listing, const struct books *books, const struct books_entry *entry, const struct line *line)
{
    struct sheet *sheet = listing->sheet;
    char text[40], day[DATE_TEXT];

    snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu32, entry->block, entry->index);
    sheet_text(sheet, text);
    sheet_text(sheet, date_time_format(entry->time_ms, text));
    sheet_text(sheet, entry->kind);
    sheet_text(sheet, date_format(entry->day, day));
    sheet_text(sheet, date_format(entry->booked, day));
    sheet_text(sheet, line->account);
    number(sheet, line->division);
    sheet_text(sheet, line->item ? item_name((int)line->item) : "");
    number(sheet, line->institution);
    number(sheet, line->claim);
    number(sheet, entry->class);
    number(sheet, entry->batch);
    sheet_text(sheet, entry->document);
    sheet_text(sheet, line->item ? books_clause(books, line->item) : "");
    sheet_money(sheet, line->fen);
    listing->sum_fen += line->fen;
    listing->lines++;
}

static bool
account_fits(const struct listing *listing, const char *name)
{
    const char *wanted = listing->run->options.account;
    size_t length = wanted ? strlen(wanted) : 0;

    return !wanted || (!strncmp(name, wanted, length) && (name[length] == '\0' || name[length] == ':'));
}

/* What the side adds to what is listed. */
static int64_t
side_of(const struct listing *listing, const struct books_entry *entry, const struct books_posting *posting, bool in)
{
    int32_t month = books_month(entry->booked);
    char name[BOOKS_NAME];

    if (listing->cell)
        return cell_of_posting(listing->cell, entry, posting, in);
    if (!listing->all_time && (month < listing->period.first || month > listing->period.last))
        return 0;
    if (!account_fits(listing, books_name(posting->account, in ? posting->to : posting->from, name)))
        return 0;
    return in ? posting->fen : -posting->fen;
}

static bool
on_entry(void *context, const struct books *books, const struct books_entry *entry)
{
    struct listing *listing = context;
    char name[BOOKS_NAME];

    for (size_t i = 0; i < 2 * entry->postings_count; i++) {
        const struct books_posting *posting = &entry->postings[i / 2];
        struct line line = {books_name(posting->account, i % 2 ? posting->from : posting->to, name),
                            posting->account.division,
                            posting->item,
                            0,
                            posting->claim,
                            side_of(listing, entry, posting, i % 2 == 0)};

        if (line.fen != 0)
            print_line(listing, books, entry, &line);
    }
    for (size_t i = 0; listing->cell && i < entry->uses_count; i++) {
        const struct books_use *use = &entry->uses[i];
        struct line line = {
            word_name(&words_funds, (int)use->fund), use->division, use->item, use->institution, use->claim, use->fen};

        if (cell_of_use(listing->cell, entry, use))
            print_line(listing, books, entry, &line);
    }
    return true;
}

static int
list_entries(struct listing *listing, const char *title)
{
    struct sheet_column columns[COLUMNS];
    char path[JN_PATH_MAX], sum[MONEY_TEXT];
    enum sheet_form form;
    struct books *books;
    FILE *out;
    int code;

    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct sheet_column){words[i].name, ledger_say(listing->run, words[i].en, words[i].zh),
                                           words[i].width, words[i].right};
    code = ledger_sheet_out(listing->run, &form, &out, path);
    if (code != CLI_OK)
        return code;
    listing->sheet = sheet_open(form, out, path, title, columns, COLUMNS);
    books = books_open(on_entry, listing);
    code = ledger_read(listing->run, books);
    books_close(books);
    if (!sheet_close(listing->sheet) && code == CLI_OK) {
        suite_say("the sheet cannot be written: is there room?");
        code = CLI_CONFIGURATION;
    }
    code = ledger_out_close(listing->run, out, path, code);
    if (code == CLI_OK)
        fprintf(stderr, "%s %" PRIu64 " %s %s\n", ledger_say(listing->run, "lines:", "分录："), listing->lines,
                ledger_say(listing->run, "sum:", "合计："), money_format(listing->sum_fen, sum));
    return code;
}

int
ledger_open_cell(struct ledger_run *run, const struct cell *cell)
{
    struct listing listing = {.run = run, .cell = cell};

    return list_entries(&listing, run->options.open);
}

int
ledger_entries(struct ledger_run *run)
{
    struct listing listing = {.run = run, .all_time = !run->options.period};

    if (run->options.period && !ledger_period(run->options.period, &listing.period))
        return suite_usage("ledger", "a period is 2020-03, 2020-Q1 or 2020");
    return list_entries(&listing,
                        run->options.account ? run->options.account : ledger_say(run, "all entries", "全部分录"));
}

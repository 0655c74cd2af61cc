/* Standards that divisions have set (standards.csv), against what the packs allow on the day from which they hold. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"
#include "domain/money.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/review/review.h"

#define CELLS_MAX     16
#define LINE_BYTES    4096
#define STANDARDS_MAX 100000

enum { DIVISION, ITEM, LEVEL, AMOUNT, RATE, FROM, COLUMNS };
static const char *const names[COLUMNS][2] = {[DIVISION] = {"division", "行政区划代码"},
                                              [ITEM] = {"item", "补贴项目"},
                                              [LEVEL] = {"level", "等级"},
                                              [AMOUNT] = {"amount", "金额"},
                                              [RATE] = {"rate", "比例"},
                                              [FROM] = {"from", "执行日期"}};

struct row {
    uint32_t division, level;
    int item;
    int32_t from_day;
    size_t line;
};

struct sheet {
    struct review *review;
    const char *path;
    size_t line;
    int column[COLUMNS]; /* -1 where the sheet has none */
    struct row *rows;
    size_t count;
};

__attribute__((format(printf, 2, 3))) static bool
fault(const struct sheet *sheet, const char *format, ...)
{
    va_list args;

    fprintf(sheet->review->out, "%s:%zu: ", sheet->path, sheet->line);
    va_start(args, format);
    vfprintf(sheet->review->out, format, args);
    va_end(args);
    fprintf(sheet->review->out, "\n");
    sheet->review->findings++;
    return false;
}

__attribute__((format(printf, 2, 3))) static void
note(const struct sheet *sheet, const char *format, ...)
{
    va_list args;

    fprintf(sheet->review->out, "%s:%zu: note: ", sheet->path, sheet->line);
    va_start(args, format);
    vfprintf(sheet->review->out, format, args);
    va_end(args);
    fprintf(sheet->review->out, "\n");
    sheet->review->notes++;
}

/* RFC 4180, of one line: splits in place. */
static size_t
cells_of(char *line, char *cells[CELLS_MAX])
{
    size_t count = 0;
    char *to = line;
    bool quoted = false;

    line[strcspn(line, "\r\n")] = '\0';
    cells[count++] = to;
    for (const char *at = line; *at; at++) {
        if (*at == '"' && quoted && at[1] == '"')
            *to++ = *at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (*at == ',' && !quoted && count < CELLS_MAX) {
            *to++ = '\0';
            cells[count++] = to;
        } else
            *to++ = *at;
    }
    *to = '\0';
    return count;
}

static bool
header(struct sheet *sheet, char *line)
{
    char *cells[CELLS_MAX];
    size_t count = cells_of(!strncmp(line, "\xef\xbb\xbf", 3) ? line + 3 : line, cells);

    for (int column = 0; column < COLUMNS; column++) {
        sheet->column[column] = -1;
        for (size_t i = 0; i < count; i++)
            if (!strcmp(cells[i], names[column][0]) || !strcmp(cells[i], names[column][1]))
                sheet->column[column] = (int)i;
    }
    for (int column = DIVISION; column <= FROM; column++)
        if (sheet->column[column] < 0 && column != AMOUNT && column != RATE)
            return fault(sheet, "the sheet has no column %s %s", names[column][0], names[column][1]);
    return true;
}

/* The pack in force on the day, as the service chooses: the one whose from is the latest. On a day before there is one,
 * the next that begins, if any: what is set before holds on its days. */
static const Policy__Pack *
pack_on(const struct review *review, int32_t day, bool *ahead)
{
    const Policy__Pack *found = NULL, *next = NULL;

    for (size_t i = 0; i < review->count; i++) {
        const Policy__Pack *pack = review->packs[i].pack;

        if (day >= pack->from_day && day <= pack->until_day)
            found = pack;
        if (pack->from_day > day && (!next || pack->from_day < next->from_day))
            next = pack;
    }
    *ahead = !found && next;
    return found ? found : next;
}

static bool
keep(struct sheet *sheet, struct row row)
{
    for (size_t i = 0; i < sheet->count; i++) {
        const struct row *one = &sheet->rows[i];

        if (one->division == row.division && one->item == row.item && one->level == row.level &&
            one->from_day == row.from_day)
            return fault(sheet, "the same division, item, level and day as in line %zu: one of the two holds, not both",
                         one->line);
    }
    if (sheet->count < STANDARDS_MAX)
        sheet->rows[sheet->count++] = row;
    return true;
}

static const char *
cell(const struct sheet *sheet, char *const *cells, size_t count, int column)
{
    int place = sheet->column[column];

    return place >= 0 && (size_t)place < count ? cells[place] : "";
}

static bool
read_row(struct sheet *sheet, char *line)
{
    char *cells[CELLS_MAX], text[400];
    size_t count = cells_of(line, cells);
    struct row row = {.line = sheet->line};
    const char *amount = cell(sheet, cells, count, AMOUNT), *level = cell(sheet, cells, count, LEVEL);
    const Policy__Pack *pack;
    int64_t figure = 0;
    bool ahead;

    if (!division_code(cell(sheet, cells, count, DIVISION), &row.division))
        return fault(sheet, "the division is not six digits");
    if (!date_parse(cell(sheet, cells, count, FROM), &row.from_day))
        return fault(sheet, "from is not a date, YYYY-MM-DD");
    if (*level && (level[1] || *level < '1' || *level > '5'))
        return fault(sheet, "a level is 5, 4, 3, 2 or 1, or empty");
    row.level = *level ? (uint32_t)(*level - '0') : 0;
    pack = pack_on(sheet->review, row.from_day, &ahead);
    if (!pack)
        return fault(sheet, "none of the packs given is in force on %s", cell(sheet, cells, count, FROM));
    row.item = pack_item_find(pack, cell(sheet, cells, count, ITEM));
    if (!row.item)
        return fault(sheet, "\"%s\" is no item of %s", cell(sheet, cells, count, ITEM), pack->id);
    if (!money_parse(*amount ? amount : cell(sheet, cells, count, RATE), &figure))
        return fault(sheet, "neither amount nor rate is a figure with up to two decimals");
    if (pack_standard_fault_on(pack, ahead ? pack->from_day : row.from_day, row.item, row.level, figure, text,
                               sizeof(text)))
        return fault(sheet, "%s", text);
    if (ahead)
        note(sheet, "no pack is in force on %s yet; it holds from %s on, the first day of %s",
             cell(sheet, cells, count, FROM), date_format(pack->from_day, text), pack->id);
    return keep(sheet, row);
}

/* ---- What nobody has set ---- */

static const struct row *
earliest(const struct sheet *sheet, uint32_t division, int item, uint32_t level)
{
    const struct row *found = NULL;

    for (size_t i = 0; i < sheet->count; i++)
        if (sheet->rows[i].division == division && sheet->rows[i].item == item && sheet->rows[i].level == level &&
            (!found || sheet->rows[i].from_day < found->from_day))
            found = &sheet->rows[i];
    return found;
}

static void
standard_missing(struct review *review, const struct sheet *sheet, const Policy__Rule *rule, uint32_t level)
{
    const Policy__Pack *pack = review->at->pack;
    int32_t first = rule->from_day ? rule->from_day : pack->from_day;
    const struct row *row = earliest(sheet, pack->division, (int)rule->item, level);
    char number[16], from[DATE_TEXT], until[DATE_TEXT];

    if (row && row->from_day <= first)
        return;
    snprintf(number, sizeof(number), "%" PRIu32, rule->number);
    review_part(review, true, "rules", "rule", number,
                "rule %" PRIu32
                " (%s), clause %s: the city sets no standard%s from %s %s%s; divisions without one of their "
                "own refuse it with no_local_standard",
                rule->number, pack_item_name(pack, (int)rule->item), rule->clause, level ? " of one of its levels" : "",
                date_format(first, from), row ? "to " : "on", row ? date_format(row->from_day - 1, until) : "");
}

static void
gaps(struct review *review, const struct sheet *sheet)
{
    for (size_t i = 0; i < review->count; i++) {
        review->at = &review->packs[i];
        for (size_t j = 0; j < review->at->pack->n_rules; j++) {
            const Policy__Rule *rule = review->at->pack->rules[j];

            for (size_t k = 0; rule->standard && k < rule->standard->n_levels; k++)
                if (!rule->standard->levels[k]->initial && !rule->standard->levels[k]->initial_reference)
                    standard_missing(review, sheet, rule, rule->standard->levels[k]->level);
        }
    }
}

void
review_standards(struct review *review, const char *path)
{
    struct sheet sheet = {.review = review, .path = path};
    FILE *file = fopen(path, "rb");
    char line[LINE_BYTES];
    bool good = true;

    if (!file) {
        fprintf(review->out, "%s: cannot be opened\n", path);
        review->findings++;
        return;
    }
    sheet.rows = malloc(STANDARDS_MAX * sizeof(*sheet.rows));
    if (!sheet.rows)
        abort();
    while (good && fgets(line, sizeof(line), file)) {
        sheet.line++;
        if (sheet.line == 1)
            good = header(&sheet, line);
        else if (line[strspn(line, "\r\n")])
            read_row(&sheet, line);
    }
    fclose(file);
    if (good)
        gaps(review, &sheet);
    free(sheet.rows);
}
